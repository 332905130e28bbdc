"""The sign-in report: what is asked of the directory, what is shown, and what its refusals become (Q7)."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.portal.conftest import SignIn
from tests.portal.security.report_of_sign_ins import DEFAULTS, ID, LIST, POLICY, asked, file_of, signed_in, text_of
from tests.portal.security.tenant import FakeTenant

pytestmark = pytest.mark.requirement("Q7")


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
