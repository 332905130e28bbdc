"""What the token endpoint asks of the database: each round trip here is paid for at every call of every program."""

from typing import Any

import jwt
import pytest
from django.test import Client

from entra.apps.administration import grant_app_roles, revoke_app_roles
from entra.apps.models import Application, ClientSecret
from entra.apps.permissions import GraphPermission
from entra.directory.models import Tenant
from entra.keys.models import KeyState, SigningKey
from entra.keys.services import rotate, sign
from tests.entra.conftest import SECRET, RelyingParty


@pytest.fixture
def itself(application: Application, fabrikam: Tenant) -> dict[str, str]:
    roles = [GraphPermission.USER_READ_ALL]
    grant_app_roles(application=application, tenant=fabrikam, permissions=roles, actor="an administrator")
    sign({})  # the signing key is there
    return {
        "grant_type": "client_credentials",
        "client_id": str(application.pk),
        "client_secret": SECRET,
        "scope": "https://graph.microsoft.com/.default",
    }


def test_a_token_for_an_application_costs_one_query(
    itself: dict[str, str], fabrikam: Tenant, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert Client().post(f"/{fabrikam.pk}/oauth2/v2.0/token", itself).status_code == 200


def test_what_was_taken_away_counts_at_the_next_request(
    itself: dict[str, str], application: Application, fabrikam: Tenant
) -> None:
    def code() -> int:
        answer = Client().post(f"/{fabrikam.pk}/oauth2/v2.0/token", itself)
        return 0 if answer.status_code == 200 else int(answer.json()["error_codes"][0])

    assert code() == 0
    Application.objects.filter(pk=application.pk).update(enabled=False)
    assert code() == 7000112
    Application.objects.filter(pk=application.pk).update(enabled=True)
    revoke_app_roles(
        application=application,
        tenant=Tenant.objects.get(pk=fabrikam.pk),
        permissions=[GraphPermission.USER_READ_ALL],
        actor="an administrator",
    )
    assert code() == 501051
    ClientSecret.objects.filter(application=application).delete()
    assert code() == 7000215


def test_permissions_of_one_tenant_or_api_are_not_those_of_another(
    itself: dict[str, str], application: Application, contoso: Tenant
) -> None:
    Application.objects.filter(pk=application.pk).update(multi_tenant=True)
    elsewhere = Client().post(f"/{contoso.pk}/oauth2/v2.0/token", itself)
    assert elsewhere.json()["error_codes"] == [501051]
    other_api = itself | {"scope": "https://api.partnercenter.microsoft.com/.default"}
    assert Client().post(f"/{application.tenant_id}/oauth2/v2.0/token", other_api).json()["error_codes"] == [501051]


def test_the_next_refresh_token_costs_one_transaction(
    signed_in_rp: RelyingParty, django_assert_num_queries: Any
) -> None:
    given = signed_in_rp.tokens(scope="openid offline_access User.Read")
    # Caller, token; what policies say; savepoint, mark, insert, release; groups and roles.
    with django_assert_num_queries(8) as captured:
        answer = signed_in_rp.token(
            grant_type="refresh_token", refresh_token=given["refresh_token"], code_verifier=None, redirect_uri=None
        )
    assert answer.status_code == 200
    written = [one["sql"].split()[0] for one in captured.captured_queries]
    assert written[3:7] == ["SAVEPOINT", "UPDATE", "INSERT", "RELEASE"]


def test_the_key_that_signs_changes_with_the_rotation(db: None) -> None:
    first = jwt.get_unverified_header(sign({}))["kid"]
    rotate(hurry=True)
    assert jwt.get_unverified_header(sign({}))["kid"] == SigningKey.objects.get(state=KeyState.ACTIVE).kid != first


def test_answers_of_the_token_endpoint_cannot_be_framed_sniffed_or_kept(
    itself: dict[str, str], fabrikam: Tenant
) -> None:
    answer = Client().post(f"/{fabrikam.pk}/oauth2/v2.0/token", itself)
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize("charset", ["utf-7", "punycode"])
def test_the_short_way_refuses_other_character_sets_too(itself: dict[str, str], fabrikam: Tenant, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().post(f"/{fabrikam.pk}/oauth2/v2.0/token", "a=b", content_type=kind).status_code == 400


def test_the_short_way_refuses_another_host(itself: dict[str, str], fabrikam: Tenant) -> None:
    address = f"/{fabrikam.pk}/oauth2/v2.0/token"
    assert Client(headers={"host": "evil.example"}).post(address, itself).status_code == 400
