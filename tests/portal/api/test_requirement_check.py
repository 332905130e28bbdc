"""The command-line check of the security requirements (Q8), with a provider that signs whatever the test wants."""

import io
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from accounts.enforcement import Obstacle
from accounts.models import User
from activity.models import ApiRequest, AuditRecord
from security.models import AccountStatus
from tests.portal.api.checks import Ran, Terminal, signs_in, waits
from tests.portal.api.conftest import Api

__all__ = ["waits"]
pytestmark = [pytest.mark.requirement("Q8"), pytest.mark.usefixtures("waits")]
COMMAND_LINE = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def status_of(user: User, **values: Any) -> None:
    usual = {"display_name": user.display_name, "guest": False, "enabled": True, "registered": True}
    AccountStatus.objects.create(
        tenant=user.tenant,
        user_id=user.oid,
        user_principal_name=user.user_principal_name,
        assessed_at=timezone.now(),
        **{**usual, **values},
    )


def test_an_account_that_verified_passes(api: Api, alejandra: User) -> None:
    signs_in(api, alejandra)
    ran = Ran()
    assert (ran.code, ran.out) == (0, "pass\n")
    assert "Open http://localhost:8001/devicelogin in a browser and enter the code BCDF-GHJK within 15 minutes." in (
        ran.err
    )


def test_the_request_is_that_of_a_public_client_for_the_apis_audience_and_for_no_refresh_token(
    api: Api, alejandra: User
) -> None:
    signs_in(api, alejandra)
    Ran()
    first, *polls = api.provider.token_requests
    assert first == {
        "client_id": COMMAND_LINE,
        "scope": "https://api.partnercenter.microsoft.com/user_impersonation",
        "address": "/devicecode",
    }
    assert [(poll["client_id"], poll["device_code"]) for poll in polls] == [(COMMAND_LINE, "the-device-code")] * 2


@pytest.mark.parametrize(
    ("amr", "reason", "warning"),
    [
        (["pwd"], "no-mfa", "The sign-in shows no multifactor authentication: amr was pwd."),
        ([], "no-mfa", "The sign-in shows no multifactor authentication: amr was empty."),
        (["pwd", "otp"], "no-mfa", "The sign-in shows no multifactor authentication: amr was pwd otp."),
        (None, "no-amr", "The token has no amr claim, so it shows nothing of how the account signed in."),
    ],
)
def test_an_account_that_did_not_verify_fails_with_a_warning(
    api: Api, alejandra: User, amr: list[str] | None, reason: str, warning: str
) -> None:
    signs_in(api, alejandra, amr=amr)
    ran = Ran()
    assert (ran.code, ran.out) == (1, "fail\n")
    assert f"WARNING: {warning}\n" in ran.err
    assert f"Reason: {reason}.\n" in ran.err


def test_a_custom_control_that_the_portal_knows_of_is_the_reason(api: Api, trent: User) -> None:
    status_of(trent, obstacle=Obstacle.CUSTOM_CONTROL)
    signs_in(api, trent, amr=["pwd"])
    ran = Ran("--json")
    assert (ran.code, ran.json["result"], ran.json["reason"]) == (1, "fail", "custom-control")


def test_a_pending_registration_that_the_portal_knows_of_is_the_reason(api: Api, john: User) -> None:
    status_of(john, registered=False)
    signs_in(api, john, amr=["pwd"])
    assert Ran("--json").json["reason"] == "registration-pending"


def test_what_is_known_of_a_person_does_not_fail_one_who_verified(api: Api, john: User) -> None:
    status_of(john, registered=False, obstacle=Obstacle.CUSTOM_CONTROL)
    signs_in(api, john)
    assert Ran().out == "pass\n"


def test_a_tenant_that_is_no_partner_fails(api: Api, alejandra: User) -> None:
    stranger = User(tenant_id=UUID("c0000000-0000-4000-8000-000000000099"), oid="x", display_name="Sam")
    signs_in(api, stranger)
    ran = Ran("--json")
    assert (ran.code, ran.json["reason"], ran.json["enrolled"]) == (1, "not-enrolled", False)


def test_where_no_portal_is_set_up_it_is_said_that_enrolment_is_not_known(
    api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(**_asked: Any) -> Any:
        raise DatabaseError("no such table")

    monkeypatch.setattr("api.requirement_check.PartnerTenant.objects.filter", nothing)
    signs_in(api, alejandra)
    ran = Ran()
    assert (ran.code, ran.out) == (0, "pass\n")
    assert "Whether the tenant is enrolled as a partner is not known on this machine." in ran.err


def test_another_tenant_than_the_one_asked_for_fails(api: Api, alejandra: User, john: User) -> None:
    signs_in(api, alejandra)
    ran = Ran("--json", "--tenant", str(john.tenant_id))
    assert (ran.code, ran.json["reason"]) == (1, "wrong-tenant")
    assert {asked["address"] for asked in api.provider.token_requests} == {
        f"/{john.tenant_id}/devicecode",
        f"/{john.tenant_id}/token",
    }


def test_a_tenant_is_named_by_its_domain_too(api: Api, alejandra: User) -> None:
    signs_in(api, alejandra)
    api.provider.named["contoso.example"] = str(alejandra.tenant_id)
    assert Ran("--tenant", "contoso.example").out == "pass\n"
    assert api.provider.token_requests[0]["address"] == f"/{alejandra.tenant_id}/devicecode"


def test_a_domain_of_no_tenant_could_not_be_asked_about(api: Api, db: None) -> None:
    ran = Ran("--json", "--tenant", "nowhere.example")
    assert (ran.code, ran.json["reason"], api.provider.token_requests) == (2, "unreachable", [])


def test_a_provider_without_tenants_has_none_to_choose_from(api: Api, settings: Settings, db: None) -> None:
    settings.OIDC_ISSUER = f"{api.provider.base}/realms/partners"
    ran = Ran("--tenant", "contoso.example")
    assert (ran.code, "it has no tenants to choose from" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "terminal", "opened"),
    [
        ((), Terminal, ["http://localhost:8001/devicelogin"]),
        (("--no-browser",), Terminal, []),
        ((), io.StringIO, []),
    ],
)
def test_the_browser_is_opened_for_somebody_at_a_terminal(
    api: Api,
    alejandra: User,
    arguments: tuple[str, ...],
    terminal: type[io.StringIO],
    opened: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[str] = []
    monkeypatch.setattr("webbrowser.open", found.append)
    signs_in(api, alejandra)
    assert Ran(*arguments, err=terminal()).code == 0
    assert found == opened


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"aud": "https://graph.microsoft.com"}, "The token is for another audience"),
        ({"iss": "https://elsewhere.example/"}, "The token is not from this API's identity provider"),
        ({"exp": 1_500_000_000}, "The token has expired"),
    ],
)
def test_a_token_that_the_api_would_not_take_fails(
    api: Api, alejandra: User, changed: dict[str, Any], says: str
) -> None:
    signs_in(api, alejandra, **changed)
    ran = Ran("--json")
    assert (ran.code, ran.json["reason"]) == (1, "token-rejected")
    assert says in ran.json["message"]


def test_a_token_with_a_bad_signature_fails(api: Api, alejandra: User) -> None:
    api.provider.tamper = True
    signs_in(api, alejandra)
    assert "The token's signature is wrong" in Ran("--json").json["message"]


@pytest.mark.parametrize("changed", [{"scp": "Catalog.Read"}, {"scp": None, "idtyp": "app", "roles": ["all"]}])
def test_a_token_that_is_not_of_a_person_for_this_api_fails(api: Api, alejandra: User, changed: dict[str, Any]) -> None:
    signs_in(api, alejandra, **changed)
    ran = Ran("--json")
    assert (ran.code, ran.json["reason"]) == (1, "wrong-scope")


def test_multifactor_authentication_is_demanded_only_when_asked_for(api: Api, alejandra: User) -> None:
    api.provider.discovery = {"claims_parameter_supported": True}
    signs_in(api, alejandra)
    Ran("--demand-mfa")
    demanded = json.loads(api.provider.token_requests[0]["claims"])
    assert demanded["id_token"]["amr"] == {"essential": True, "values": ["mfa"]}


def test_the_json_result_holds_everything_and_nothing_else(api: Api, alejandra: User) -> None:
    signs_in(api, alejandra, amr=["pwd"])
    ran = Ran("--json")
    assert ran.json == {
        "result": "fail",
        "reason": "no-mfa",
        "message": "The sign-in shows no multifactor authentication: amr was pwd.",
        "providerCode": None,
        "user": "alejandra@contoso.example",
        "tenant": str(alejandra.tenant_id),
        "application": "20000000-0000-4000-8000-000000000001",
        "amr": ["pwd"],
        "enrolled": True,
    }


@pytest.mark.parametrize("arguments", [(), ("--json",)])
@pytest.mark.parametrize("amr", [["pwd"], ["pwd", "mfa"]])
def test_no_token_is_printed_or_stored(
    api: Api, alejandra: User, arguments: tuple[str, ...], amr: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    token = signs_in(api, alejandra, amr=amr)
    ran = Ran(*arguments)
    for part in (token, *token.split("."), "the-device-code"):
        assert part not in ran.out + ran.err + caplog.text
    assert not ApiRequest.objects.exists()
    assert not AuditRecord.objects.exists()
