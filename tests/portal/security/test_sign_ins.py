"""The sign-in report: what is asked of the directory, what is shown, and what its refusals become (Q7)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.portal.conftest import SignIn
from tests.portal.security.tenant import FakeTenant

pytestmark = pytest.mark.requirement("Q7")
LIST = "/dashboard/security/sign-ins"
ID = "50000000-0000-4000-8000-{:012d}"
DEFAULTS = {"rule": "securityDefaults", "applies": False, "why": "notRisky"}
POLICY = {"rule": "policy:MFA for everybody", "applies": True, "why": "applies"}


def signed_in(tenant: FakeTenant, number: int = 1, **values: Any) -> dict[str, Any]:
    """John's at Partner Center, with a password alone, unless the values say else."""
    row = {
        "id": ID.format(number),
        "createdDateTime": "2026-11-30T09:00:00Z",
        "userId": "00000000-0000-4000-8000-000000000009",
        "userDisplayName": "John Evans",
        "userPrincipalName": "john@fabrikam.example",
        "appId": "10000000-0000-4000-8000-000000000001",
        "appDisplayName": "Partner Center",
        "ipAddress": "203.0.113.9",
        "clientAppUsed": "Browser",
        "authenticationProtocol": "oAuth2",
        "conditionalAccessStatus": "notApplied",
        "isInteractive": True,
        "authenticationRequirement": "singleFactorAuthentication",
        "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None},
        "authenticationDetails": [{"authenticationMethod": "Password", "succeeded": True}],
        "correlationId": "6e000000-0000-4000-8000-000000000001",
        "mfaSatisfied": False,
        "result": "success",
        "weighedRules": [DEFAULTS],
    } | values
    tenant.sign_ins.append(row)
    return row


def asked(tenant: FakeTenant) -> dict[str, str]:
    """The options of the last call."""
    return {name: values[0] for name, values in parse_qs(urlsplit(tenant.asked[-1]).query).items()}


def text_of(client: Client, path: str = LIST, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def file_of(client: Client, query: str = "format=csv") -> list[str]:
    return b"".join(client.get(f"{LIST}?{query}").streaming_content).decode().splitlines()


@pytest.fixture
def viewer(client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])
    return alejandra


def test_each_sign_in_is_told_with_and_without_mfa(client: Client, viewer: User, tenant: FakeTenant) -> None:
    signed_in(tenant)
    signed_in(tenant, 2, userDisplayName="Prashob Nair", mfaSatisfied=True)
    text = text_of(client)
    assert text.index("John Evans") < text.index("Without MFA</span>") < text.index("Prashob Nair")
    assert "203.0.113.9" in text
    assert "Sign-in page or refresh token" in text
    assert len(tenant.asked) == 1


@pytest.mark.parametrize("given", [None, "", "not-an-id", "../x"])
def test_a_sign_in_without_an_id_is_shown_without_a_link(
    client: Client, viewer: User, tenant: FakeTenant, given: str | None
) -> None:
    signed_in(tenant, id=given)
    text = text_of(client)
    assert "John Evans" in text
    assert f"{LIST}/" not in text


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("", None),
        ("mfa=without", "mfaSatisfied eq false"),
        ("mfa=with", "mfaSatisfied eq true"),
        ("result=success", "status/errorCode eq 0"),
        ("result=failure", "status/errorCode ne 0"),
        ("q=O'Hara", "(startswith(userDisplayName,'O''Hara') or startswith(userPrincipalName,'O''Hara'))"),
        ("application=Partner", "(startswith(appDisplayName,'Partner'))"),
        ("from=2026-11-01", "createdDateTime ge 2026-11-01T00:00:00Z"),
        ("to=2026-11-02", "createdDateTime le 2026-11-02T23:59:59Z"),
        ("mfa=without&result=success", "mfaSatisfied eq false and status/errorCode eq 0"),
    ],
)
def test_filters_are_the_directorys(
    client: Client, viewer: User, tenant: FakeTenant, query: str, condition: str | None
) -> None:
    text_of(client, f"{LIST}?{query}")
    assert asked(tenant).get("$filter") == condition
    assert asked(tenant)["$orderby"] == "createdDateTime desc"


@pytest.mark.parametrize("query", ["mfa=maybe", "from=yesterday", f"q={'a' * 200}", "application=%00", "after=abc"])
def test_what_is_not_understood_is_said_and_asks_for_nothing_narrower(
    client: Client, viewer: User, tenant: FakeTenant, query: str
) -> None:
    text_of(client, f"{LIST}?{query}", 400)
    assert "$filter" not in asked(tenant)
    assert client.get(f"{LIST}?{query}&format=csv").status_code == (200 if "after" in query else 400)


def test_the_next_page_is_the_directorys_and_keeps_the_filters(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.largest_page = 2
    for number in range(5):
        signed_in(tenant, number, userDisplayName=f"Person {number}")
    page = client.get(f"{LIST}?mfa=without&q=Per").context["page"]
    assert "mfa=without" in page.next
    assert "q=Per" in page.next
    assert "Person 2" in text_of(client, f"{LIST}{page.next}")
    assert "skiptoken=2" in tenant.asked[-1]


def test_a_page_of_other_filters_or_of_another_tenant_is_not_asked_for(
    client: Client, viewer: User, olga: User, sign_in: SignIn, tenant: FakeTenant
) -> None:
    tenant.largest_page = 1
    signed_in(tenant)
    signed_in(tenant, 2)
    following = client.get(LIST).context["page"].next
    text_of(client, f"{LIST}{following}&mfa=with", 400)
    sign_in(client, olga)
    text_of(client, f"{LIST}{following}", 400)
    assert not any("skiptoken" in path for path in tenant.asked)


def test_the_file_has_every_page_and_no_formula(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.largest_page = 2
    for number in range(5):
        signed_in(tenant, number, userDisplayName="=1+1")
    rows = file_of(client)
    assert len(rows) == 6
    assert rows[1].startswith("2026-11-30T09:00:00+00:00,'=1+1,Without MFA,Partner Center,Succeeded")


def test_a_bounded_file_says_that_there_are_more(
    client: Client, viewer: User, tenant: FakeTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("security.sign_ins.export.MOST", 3)
    tenant.largest_page = 2
    for number in range(5):
        signed_in(tenant, number)
    rows = file_of(client)
    assert len(rows) == 5
    assert rows[-1].startswith("Only the newest 3 are in this file.")


def test_a_file_that_breaks_off_says_so(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.largest_page = 1
    signed_in(tenant)
    signed_in(tenant, 2)
    lines = client.get(f"{LIST}?format=csv").streaming_content
    tenant.refused = {"signIns": (503, "serviceNotAvailable")}
    assert "The directory stopped answering: this file is not complete." in b"".join(lines).decode()


def test_one_sign_in_has_every_rule_and_a_sentence(client: Client, viewer: User, tenant: FakeTenant) -> None:
    signed_in(tenant)
    text = text_of(client, f"{LIST}/{ID.format(1)}")
    assert "MFA was not asked for, as no rule demanded it. Security defaults: asks at risky sign-ins only." in text
    assert "Password" in text
    assert "/dashboard/account/users/" not in text  # a Security admin may not open them


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"mfaSatisfied": True, "authenticationRequirement": "multiFactorAuthentication", "weighedRules": [POLICY]},
            "MFA was asked for by MFA for everybody, and it was proven.",
        ),
        (
            {"authenticationRequirement": "multiFactorAuthentication", "weighedRules": [POLICY, DEFAULTS]},
            "MFA was asked for by MFA for everybody, and it was not proven.",
        ),
        (
            {
                "mfaSatisfied": True,
                "authenticationRequirement": "multiFactorAuthentication",
                "weighedRules": [POLICY, DEFAULTS, POLICY | {"rule": "policy:Admins"}],
            },
            "MFA was asked for by MFA for everybody and Admins, and it was proven.",
        ),
        (
            {"mfaSatisfied": True, "authenticationRequirement": "multiFactorAuthentication"},
            "MFA was asked for, and it was proven.",
        ),
        (
            {"authenticationRequirement": "multiFactorAuthentication", "weighedRules": []},
            "MFA was asked for, and it was not proven.",
        ),
        ({"mfaSatisfied": True}, "No rule asked for MFA. It had been proven all the same"),
        ({"weighedRules": []}, "the sign-in ended before any rule was weighed."),
    ],
)
def test_the_sentence_fits_what_happened(
    client: Client, viewer: User, tenant: FakeTenant, values: dict[str, Any], sentence: str
) -> None:
    signed_in(tenant, **values)
    assert sentence in text_of(client, f"{LIST}/{ID.format(1)}")


@pytest.mark.parametrize(
    ("values", "badge"),
    [
        ({"authenticationRequirement": "multiFactorAuthentication"}, "With MFA"),
        ({"authenticationRequirement": "multiFactorAuthentication", "status": {"errorCode": 50074}}, "Without MFA"),
        (
            {"status": {"errorCode": 0, "additionalDetails": "MFA requirement satisfied by claim"}},
            "With MFA",
        ),
        ({}, "Without MFA"),
    ],
)
def test_at_microsofts_directory_mfa_is_read_from_what_was_asked(
    client: Client, viewer: User, tenant: FakeTenant, values: dict[str, Any], badge: str
) -> None:
    row = signed_in(tenant, **values)
    for name in ("mfaSatisfied", "weighedRules", "result"):
        del row[name]
    row["appliedConditionalAccessPolicies"] = [{"displayName": "Everybody", "result": "success"}]
    text = text_of(client, f"{LIST}/{ID.format(1)}")
    assert f"{badge}</span>" in text
    assert "Everybody" in text


def test_an_unknown_sign_in_is_not_there(client: Client, viewer: User, tenant: FakeTenant) -> None:
    """Of another tenant too: the portal asks as itself in the viewer's own."""
    text_of(client, f"{LIST}/{ID.format(7)}", 404)


def test_a_missing_consent_names_the_permission(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"signIns": (403, "Authorization_RequestDenied")}
    assert "AuditLog.Read.All" in text_of(client, LIST, 403)
    assert "AuditLog.Read.All" in text_of(client, f"{LIST}/{ID.format(1)}", 403)
    assert client.get(f"{LIST}?format=csv").status_code == 403


def test_a_directory_that_cannot_narrow_by_mfa_shows_all_and_says_so(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    signed_in(tenant)
    tenant.unknown_filters = {"mfaSatisfied"}
    text = text_of(client, f"{LIST}?mfa=without&result=success", 400)
    assert "Your directory cannot narrow sign-ins by MFA" in text
    assert "John Evans" in text
    assert asked(tenant)["$filter"] == "status/errorCode eq 0"
    assert client.get(f"{LIST}?mfa=without&format=csv").status_code == 400


def test_a_refusal_that_consent_does_not_cure_names_no_permission(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.refused = {"signIns": (400, "BadRequest")}
    text = text_of(client, LIST, 403)
    assert "AuditLog.Read.All" not in text
    assert "BadRequest" in text


def test_without_any_consent_there_is_no_token_and_the_permission_is_named(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.refused = {"signIns": (400, "invalid_grant")}
    assert "AuditLog.Read.All" in text_of(client, LIST, 403)


def test_a_directory_that_does_not_answer_is_said(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"signIns": (503, "serviceNotAvailable")}
    assert "it does not answer at the moment" in text_of(client, LIST, 503)


def test_without_a_directory_the_page_says_so(client: Client, viewer: User, settings: Any) -> None:
    settings.GRAPH_URL = ""
    assert "connected to no directory" in text_of(client, LIST, 404)


@pytest.mark.parametrize("page", [LIST, f"{LIST}/{ID.format(1)}"])
def test_what_the_pages_cost(
    client: Client, viewer: User, tenant: FakeTenant, django_assert_num_queries: Any, page: str
) -> None:
    for number in range(20):
        signed_in(tenant, number)
    with django_assert_num_queries(2):  # the gate, the operation log
        text_of(client, page)
    assert len(tenant.asked) == 1


def test_the_directorys_text_stays_text(client: Client, viewer: User, tenant: FakeTenant) -> None:
    signed_in(tenant, userDisplayName="<script>", weighedRules=[POLICY | {"rule": "policy:<b>%(x)s"}])
    assert "<script>John" not in text_of(client)
    assert "<b>%" not in text_of(client, f"{LIST}/{ID.format(1)}")
