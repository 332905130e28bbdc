"""The receiver of pushed events (RFC 8935, RFC 8417): each defect refused, nothing believed unsigned."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.events.feed import events_are_current
from accounts.models import TokenSeen, User
from accounts.roles import Role
from tests.portal.accounts.events.conftest import CAEP, Told, subject
from tests.portal.accounts.op import OID, TENANT, Provider, jwk

pytestmark = pytest.mark.requirement("M22", "M16")
NO_ROLES = {"claims": {"groups": [], "wids": []}}
OTHER_TENANT = "c0000000-0000-4000-8000-000000000005"


def push(token: str | bytes, media_type: str = "application/secevent+jwt") -> Any:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/oidc/security-events", token, content_type=media_type)
    assert response["Cache-Control"] == "no-store"
    return response


def roles(user: User) -> list[str]:
    user.refresh_from_db()
    return user.projected_roles


def test_an_event_is_taken_with_202_and_applied(told: Told, john: User) -> None:
    response = push(told("token-claims-change", NO_ROLES))
    assert (response.status_code, response.content) == (202, b"")
    assert roles(john) == []


@pytest.mark.parametrize(
    ("changed", "err"),
    [
        ({"iss": None}, "invalid_request"),
        ({"iss": "http://evil.example/v2.0"}, "invalid_issuer"),
        ({"iss": "{base}/C0000000-0000-4000-8000-000000000003/v2.0"}, "invalid_issuer"),
        ({"aud": None}, "invalid_request"),
        ({"aud": "another-client"}, "invalid_audience"),
        ({"aud": ["10000000-0000-4000-8000-000000000001", "another-client"]}, "invalid_audience"),
        ({"iat": None}, "invalid_request"),
        ({"iat": int(time.time()) + 3600}, "invalid_request"),
        ({"iat": int(time.time()) - 32 * 86400}, "invalid_request"),
        ({"jti": None}, "invalid_request"),
        ({"jti": ""}, "invalid_request"),
        ({"events": None}, "invalid_request"),
        ({"events": {}}, "invalid_request"),
        ({"events": []}, "invalid_request"),
        ({"events": {f"{CAEP}/session-revoked": "yes"}}, "invalid_request"),
        ({"events": {f"{CAEP}/session-revoked": {}, f"{CAEP}/credential-change": {}}}, "invalid_request"),
        ({"events": {f"{CAEP}/session-revoked": {"event_timestamp": "now"}}}, "invalid_request"),
        ({"events": {f"{CAEP}/session-revoked": {"event_timestamp": 1e300}}}, "invalid_request"),
        ({"nonce": "n"}, "invalid_request"),
        ({"exp": int(time.time()) + 300}, "invalid_request"),
        ({"sub": "subject-of-john"}, "invalid_request"),
        ({"sub_id": None}, "invalid_request"),
        ({"sub_id": "john"}, "invalid_request"),
        ({"sub_id": {"format": "email", "email": "john@fabrikam.example"}}, "invalid_request"),
        ({"sub_id": {"format": "complex"}}, "invalid_request"),
        ({"sub_id": {**subject(), "user": {"format": "opaque", "id": ""}}}, "invalid_request"),
        ({"sub_id": {**subject(), "session": {"format": "opaque"}}}, "invalid_request"),
        ({"sub_id": {**subject(), "tenant": {"format": "opaque", "id": OTHER_TENANT}}}, "invalid_request"),
        ({"sub_id": {"format": "iss_sub", "iss": "http://evil.example", "sub": "subject-of-john"}}, "invalid_request"),
    ],
)
def test_a_defect_is_refused_and_changes_nothing(
    told: Told, john: User, op: Provider, changed: dict[str, Any], err: str
) -> None:
    if str(changed.get("iss")).startswith("{base}"):
        changed = {"iss": changed["iss"].format(base=op.base)}
    response = push(told("token-claims-change", NO_ROLES, **changed))
    assert (response.status_code, response.json()["err"]) == (400, err)
    assert roles(john) == [Role.ADMIN_AGENT]
    assert not TokenSeen.objects.exists()


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "jwt", ""])
def test_a_token_of_another_type_is_no_event(told: Told, john: User, op: Provider, typ: str) -> None:
    op.typ = typ
    assert push(told("token-claims-change", NO_ROLES)).status_code == 400
    assert roles(john) == [Role.ADMIN_AGENT]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_unsigned_event_is_not_believed(told: Told, john: User, op: Provider, algorithm: str) -> None:
    op.algorithm = algorithm
    assert push(told("token-claims-change", NO_ROLES)).status_code == 400
    assert roles(john) == [Role.ADMIN_AGENT]


def test_a_changed_event_is_not_believed(told: Told, john: User, op: Provider) -> None:
    op.tamper = True
    assert push(told("token-claims-change", NO_ROLES)).status_code == 400
    assert roles(john) == [Role.ADMIN_AGENT]


def test_an_event_signed_with_somebody_elses_key_is_not_believed(told: Told, john: User, op: Provider) -> None:
    op.key = 1
    assert push(told("token-claims-change", NO_ROLES)).status_code == 400
    assert roles(john) == [Role.ADMIN_AGENT]


def test_an_unknown_key_is_named_as_the_reason_so_that_the_event_comes_again(
    told: Told, john: User, op: Provider
) -> None:
    push(told("credential-change"))  # the key set is known now
    cache.set("oidc-jwks-refetched", 1)  # and was looked up again a moment ago
    op.key, op.kid, op.jwks = 1, "key-1", [jwk(1, "key-1")]
    token = told("token-claims-change", NO_ROLES)
    assert push(token).json()["err"] == "invalid_key"
    cache.delete("oidc-jwks-refetched")
    assert push(token).status_code == 202
    assert roles(john) == []


@pytest.mark.parametrize("body", [b"", b"e30.e30.", b"\xff\xfe", b"a.b.c", b"." * 5000])
def test_what_is_no_token_is_refused(db: None, op: Provider, body: bytes) -> None:
    assert push(body).status_code == 400


def test_another_media_type_is_refused(told: Told, john: User) -> None:
    assert push(told("token-claims-change", NO_ROLES), "application/json").status_code == 400
    assert roles(john) == [Role.ADMIN_AGENT]


def test_a_repeated_event_is_taken_again_and_changes_nothing(told: Told, john: User) -> None:
    token = told("token-claims-change", NO_ROLES)
    push(token)
    User.objects.update(projected_roles=[Role.BILLING_ADMIN.value])
    assert push(token).status_code == 202
    assert roles(john) == [Role.BILLING_ADMIN]


def test_an_event_is_not_lost_when_it_cannot_be_applied(
    told: Told, john: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.events.services.change_roles", fail)
    token = told("token-claims-change", NO_ROLES)
    with pytest.raises(RuntimeError):
        push(token)
    monkeypatch.undo()
    assert push(token).status_code == 202
    assert roles(john) == []


def test_while_the_keys_cannot_be_fetched_the_sender_keeps_the_event(told: Told, john: User, op: Provider) -> None:
    op.down = {"keys"}
    assert push(told("token-claims-change", NO_ROLES)).status_code == 503
    assert not events_are_current()


@pytest.mark.parametrize("event", ["session-revoked", "account-purged", "device-compliance-change"])
def test_an_event_of_a_stranger_or_of_an_unknown_kind_is_taken_without_effect(
    told: Told, john: User, event: str
) -> None:
    john.delete() if event == "session-revoked" else None
    assert push(told(event)).status_code == 202


def test_the_subject_may_be_named_by_issuer_and_sub(told: Told, john: User, op: Provider) -> None:
    named = {"format": "iss_sub", "iss": op.issuer, "sub": "subject-of-john"}
    assert push(told("token-claims-change", NO_ROLES, sub_id=named)).status_code == 202
    assert roles(john) == []


def test_a_push_shows_that_events_arrive(told: Told, john: User) -> None:
    assert not events_are_current()
    push("no token")
    assert not events_are_current()
    push(told("credential-change"))
    assert events_are_current()


def test_only_post_is_answered(db: None) -> None:
    assert Client().get("/oidc/security-events").status_code == 405


def test_the_subject_typed_above_is_the_one_of_the_provider() -> None:
    assert (OID, TENANT) == ("00000000-0000-4000-8000-000000000001", "c0000000-0000-4000-8000-000000000003")
