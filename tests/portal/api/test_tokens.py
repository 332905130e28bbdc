"""Which tokens count. Each rule of RFC 7519, 8725 and of requirement A4 that a token can break, broken."""

import time
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from accounts.models import PartnerTenant, TokenBar, User
from accounts.roles import Role
from tests.portal.accounts.op import jwk
from tests.portal.api.conftest import APPLICATION, Api
from tests.portal.conftest import make_tenant

CUSTOMERS = "/v1/customers"
DENIED, WRONG_AUDIENCE = (401, "400"), (401, "900420")


def answered(api: Api, token: str) -> tuple[int, str]:
    response = api.call(token, CUSTOMERS)
    return response.status_code, response.json().get("code", "")


def test_a_good_token_counts(api: Api, alejandra: User) -> None:
    assert answered(api, api.token_of(alejandra)) == (200, "")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"aud": "https://graph.windows.net"}, WRONG_AUDIENCE),
        ({"aud": ["https://api.partnercenter.microsoft.com", "https://graph.microsoft.com"]}, WRONG_AUDIENCE),
        ({"aud": "10000000-0000-4000-8000-000000000001"}, WRONG_AUDIENCE),  # an ID token sent as bearer
        ({"aud": None}, DENIED),
        ({"exp": 1}, DENIED),
        ({"exp": None}, DENIED),
        ({"nbf": int(time.time()) + 3600}, DENIED),
        ({"iat": int(time.time()) + 3600}, DENIED),
        ({"iat": str(int(time.time()))}, DENIED),
        ({"iat": -1e300}, DENIED),
        ({"exp": 10**400}, DENIED),
        ({"iss": "http://127.0.0.1:9/c0000000-0000-4000-8000-000000000001/"}, DENIED),
        ({"iss": None}, DENIED),
        ({"tid": "c0000000-0000-4000-8000-000000000005"}, DENIED),  # another tenant than its issuer's
        ({"tid": None}, DENIED),
        ({"appid": None}, DENIED),
        ({"appid": 7}, DENIED),
        ({"appid": "x" * 65}, DENIED),
        ({"appid": "a\x00"}, DENIED),
        ({"oid": "a\x00"}, DENIED),
        ({"sub": "a\nb"}, DENIED),
        ({"sub": None}, DENIED),
        ({"scp": "User.Read"}, (403, "900308")),
    ],
)
def test_a_token_that_breaks_a_rule_is_refused(
    api: Api, alejandra: User, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert answered(api, api.token_of(alejandra, **changed)) == expected


@pytest.mark.parametrize("at", [1e300, "yesterday", True, None])
def test_an_odd_time_of_authentication_is_none(api: Api, alejandra: User, at: Any) -> None:
    assert answered(api, api.token_of(alejandra, auth_time=at)) == (200, "")


def test_none_is_no_signature(api: Api, alejandra: User) -> None:
    api.provider.algorithm = "none"
    assert answered(api, api.token_of(alejandra)) == DENIED


def test_a_public_key_is_no_shared_secret(api: Api, alejandra: User) -> None:
    """The classic confusion: HMAC with the published key's text."""
    secret = str(jwk(0, "key-0")["n"])
    forged = jwt.encode(api.claims_of(alejandra), secret, "HS256", headers={"kid": "key-0"})
    assert answered(api, forged) == DENIED


def test_a_changed_token_is_refused(api: Api, alejandra: User) -> None:
    api.provider.tamper = True
    assert answered(api, api.token_of(alejandra)) == DENIED


def test_another_key_of_the_same_name_is_refused(api: Api, alejandra: User) -> None:
    api.provider.key = 1
    assert answered(api, api.token_of(alejandra)) == DENIED


def test_unknown_keys_do_not_make_the_portal_hammer_the_provider(api: Api, alejandra: User) -> None:
    api.call(alejandra, CUSTOMERS)
    api.provider.calls.clear()
    for number in range(5):
        api.provider.kid = f"unknown-{number}"
        assert answered(api, api.token_of(alejandra)) == DENIED
    assert api.provider.calls.count("keys") <= 1


@pytest.mark.parametrize("raw", ["x" * 20_000, "a.b.c", "....", "é", "a" * 15_999])
def test_what_is_no_token_is_refused(api: Api, raw: str) -> None:
    response = api.client.get(CUSTOMERS, headers={"Authorization": f"Bearer {raw}"})
    assert (response.status_code, response.json()["code"]) == DENIED


def test_an_expired_token_does_not_live_on_because_it_was_seen(api: Api, alejandra: User, monkeypatch: Any) -> None:
    token = api.token_of(alejandra, exp=int(time.time()) + 1)
    assert answered(api, token)[0] == 200
    now = time.time()
    monkeypatch.setattr("api.tokens.time.time", lambda: now + 3700)
    api.provider.calls.clear()
    monkeypatch.setattr("jwt.api_jwt.datetime", _Later)
    assert answered(api, token) == DENIED


class _Later(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + 3700, tz)


def test_a_tenant_that_is_no_partner_is_named(api: Api, alejandra: User) -> None:
    stranger = "c0000000-0000-4000-8000-000000000099"
    token = api.token_of(alejandra, tid=stranger, iss=f"{api.provider.base}/{stranger}/")
    assert answered(api, token) == (404, "60003")


@pytest.mark.requirement("M22")
def test_a_disabled_person_is_refused(api: Api, alejandra: User) -> None:
    token = api.token_of(alejandra)
    alejandra.disabled_at = datetime.now(UTC)
    alejandra.save()
    assert answered(api, token) == DENIED


@pytest.mark.requirement("M22")
def test_a_token_from_before_the_sessions_were_revoked_is_refused(api: Api, alejandra: User) -> None:
    old, new = api.token_of(alejandra, iat=int(time.time()) - 60), api.token_of(alejandra)
    alejandra.not_before = datetime.fromtimestamp(time.time() - 30, UTC)
    alejandra.save()
    assert (answered(api, old), answered(api, new)[0]) == (DENIED, 200)


@pytest.mark.requirement("M22")
@pytest.mark.parametrize(
    ("application", "oid", "refused"),
    [
        (APPLICATION, "", True),  # the application, for everybody
        (APPLICATION, "hers", True),  # her grant
        (APPLICATION, "somebody-else", False),
        ("20000000-0000-4000-8000-000000000099", "", False),
    ],
)
def test_a_revoked_application_or_grant_is_refused(
    api: Api, alejandra: User, application: str, oid: str, refused: bool
) -> None:
    token = api.token_of(alejandra, iat=int(time.time()) - 60)
    TokenBar.objects.raise_to(
        tenant_id=alejandra.tenant_id,
        application_id=application,
        oid=alejandra.oid if oid == "hers" else oid,
        moment=datetime.now(UTC),
    )
    assert answered(api, token)[0] == (401 if refused else 200)


@pytest.mark.requirement("A1", "A2")
@pytest.mark.parametrize(
    "changed",
    [
        {"scp": ["user_impersonation"]},
        {"scp": ["user_impersonation"], "roles": ["PartnerCenter.Access.All"]},
        {"scp": "", "roles": ["PartnerCenter.Access.All"]},
        {"scp": None},
        {"scp": None, "idtyp": "user", "roles": ["PartnerCenter.Access.All"]},
    ],
)
def test_a_persons_token_without_mfa_never_counts_as_an_applications(
    api: Api, alejandra: User, changed: dict[str, Any]
) -> None:
    response = api.call(api.token_of(alejandra, amr=["pwd"], **changed), "/v1/auditrecords")
    assert (response.status_code, response.json()["code"]) == (403, "900308")


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("roles", [None, [], [7], "PartnerCenter.Access.All"])
def test_an_application_without_a_permission_is_refused(api: Api, alejandra: User, roles: Any) -> None:
    response = api.call(api.app_only_token(alejandra, roles=roles), "/v1/auditrecords")
    assert (response.status_code, response.json()["code"]) == (403, "900308")


@pytest.mark.requirement("M21")
def test_somebody_never_seen_gets_the_roles_the_provider_tells(api: Api, contoso: PartnerTenant) -> None:
    somebody = User(
        tenant=contoso, oid="0f000000-0000-4000-8000-000000000001", display_name="Sam New", user_principal_name="sam@x"
    )
    api.provider.introspection = {"active": True, "groups": [str(contoso.sales_agents_group)], "wids": []}
    assert answered(api, api.token_of(somebody))[0] == 200
    kept = User.objects.get(oid=somebody.oid)
    assert (kept.roles, kept.display_name) == ({Role.SALES_AGENT, Role.USER}, "Sam New")
    assert kept.issuer == f"{api.provider.base}/{contoso.pk}/v2.0"


def test_somebody_never_seen_whose_token_the_provider_does_not_know_is_refused(
    api: Api, contoso: PartnerTenant
) -> None:
    somebody = User(tenant=contoso, oid="0f000000-0000-4000-8000-000000000001", display_name="Sam New")
    api.provider.introspection = {"active": False}
    assert answered(api, api.token_of(somebody)) == DENIED
    assert not User.objects.filter(oid=somebody.oid).exists()


def test_no_other_tenants_person_is_found_by_an_object_id(api: Api, alejandra: User) -> None:
    """Object ids are unique within a tenant only."""
    other = make_tenant(8, "Other", "csp-direct")
    api.provider.introspection = {"active": True, "groups": [], "wids": []}
    token = api.token_of(alejandra, tid=str(other.pk), iss=f"{api.provider.base}/{other.pk}/")
    assert answered(api, token) == (403, "900150")
