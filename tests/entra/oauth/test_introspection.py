"""RFC 7662: an application asks whether its tokens still count, and what their person may do now."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import DirectoryRole, Group, RoleAssignment, User
from entra.oauth.models import Grant, RefreshToken
from tests.entra.conftest import SECRET, RelyingParty

PATH = "/organizations/oauth2/v2.0/introspect"
BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


def ask(rp: RelyingParty, token: str, **changed: str) -> Any:
    posted = {"client_id": str(rp.application.pk), "client_secret": SECRET, "token": token, **changed}
    response = Client(enforce_csrf_checks=True).post(PATH, posted)
    assert response["Cache-Control"] == "no-store"
    return response


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_a_living_token_tells_what_its_person_may_do_now(signed_in_rp: RelyingParty, john: User, kind: str) -> None:
    token = signed_in_rp.tokens()[kind]
    group = Group.objects.create(tenant=john.tenant, display_name="AdminAgents")
    group.members.add(john)
    RoleAssignment.objects.create(user=john, role=DirectoryRole.BILLING_ADMINISTRATOR)
    said = ask(signed_in_rp, token).json()
    assert said["active"] is True
    assert (said["client_id"], said["tid"], said["oid"]) == (
        str(signed_in_rp.application.pk),
        str(john.tenant_id),
        str(john.pk),
    )
    assert (said["groups"], said["wids"]) == ([str(group.pk)], [BILLING])
    assert said["exp"] > said["iat"]


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
@pytest.mark.parametrize("how", ["disabled", "sessions revoked", "grant revoked"])
def test_a_token_that_no_longer_counts_tells_nothing_else(
    signed_in_rp: RelyingParty, john: User, kind: str, how: str
) -> None:
    token = signed_in_rp.tokens()[kind]
    match how:
        case "disabled":
            User.objects.filter(pk=john.pk).update(account_enabled=False)
        case "sessions revoked":
            User.objects.filter(pk=john.pk).update(sessions_valid_from=timezone.now())
        case _:
            Grant.objects.update(revoked_at=timezone.now())
    assert ask(signed_in_rp, token).json() == {"active": False}


def test_asking_uses_nothing_up(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    ask(signed_in_rp, token)
    ask(signed_in_rp, token)
    row = RefreshToken.objects.get()
    assert (row.replaced_at, row.grant.revoked_at) == (None, None)


@pytest.mark.parametrize("token", ["made-up", "e30.e30.", "x" * 5000])
def test_what_is_no_token_of_ours_is_not_active(signed_in_rp: RelyingParty, token: str) -> None:
    assert ask(signed_in_rp, token).json() == {"active": False}


def test_an_id_token_is_not_active(signed_in_rp: RelyingParty) -> None:
    assert ask(signed_in_rp, signed_in_rp.tokens()["id_token"]).json() == {"active": False}


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_other_applications_token_is_not_active(
    signed_in_rp: RelyingParty, other_application: Application, kind: str
) -> None:
    token = signed_in_rp.tokens()[kind]
    asked = ask(signed_in_rp, token, client_id=str(other_application.pk), client_secret="another-secret")
    assert asked.json() == {"active": False}


def test_a_replaced_token_counts_as_long_as_it_could_be_repeated(
    signed_in_rp: RelyingParty, application: Application
) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    RefreshToken.objects.update(replaced_at=timezone.now())
    assert ask(signed_in_rp, token).json()["active"] is True
    Application.objects.update(strict_refresh=True)
    assert ask(signed_in_rp, token).json() == {"active": False}
    assert Grant.objects.get().revoked_at is None


@pytest.mark.parametrize("changed", [{"client_secret": "wrong"}, {"client_secret": ""}, {"client_id": "nobody"}])
def test_who_does_not_prove_who_they_are_is_told_nothing(signed_in_rp: RelyingParty, changed: dict[str, str]) -> None:
    answer = ask(signed_in_rp, signed_in_rp.tokens()["refresh_token"], **changed)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_client_without_a_secret_is_told_nothing(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens()["access_token"]
    Application.objects.update(public=True)
    answer = Client().post(PATH, {"client_id": str(signed_in_rp.application.pk), "token": token})
    assert answer.json()["error"] == "invalid_client"


def test_a_request_without_a_token_is_refused(signed_in_rp: RelyingParty) -> None:
    answer = ask(signed_in_rp, "")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_discovery_names_the_endpoint(rp: RelyingParty) -> None:
    document = rp.browser.get("/organizations/v2.0/.well-known/openid-configuration").json()
    assert document["introspection_endpoint"] == f"http://localhost:8001{PATH}"
