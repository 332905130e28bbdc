"""What a snapshot finds out about those who did something without MFA, and what that costs the directory (Q5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import PartnerTenant
from activity.models import Channel
from security.causes import gathering
from security.models import Finding
from security.services import take_snapshot
from tests.portal.security.factory import APPLICATION, request, use
from tests.portal.security.tenant import FakeTenant, account_id

pytestmark = pytest.mark.requirement("Q5")
API = Channel.APP_AND_USER


def found(tenant: PartnerTenant) -> dict[tuple[int, str], str]:
    """Causes, by the number of the account and the channel."""
    assert take_snapshot(tenant, timezone.now()) is not None
    rows = Finding.objects.filter(tenant=tenant)
    return {(int(row.user_id[-12:]), row.channel): row.cause for row in rows}


def sign_in(key: str, application: str = "", **values: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(days=1)
    return {
        "id": "s",
        "userId": key,
        "createdDateTime": f"{at:%Y-%m-%dT00:00:00Z}",
        "appId": application or settings.OIDC_RP_CLIENT_ID,
        "status": {"errorCode": 0},
        "amr": ["pwd"],
    } | values


def batches(tenant: FakeTenant) -> list[str]:
    return [path for path in tenant.batched if "signIns" in path]


def test_who_cannot_do_it_again_is_asked_about_no_further(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.add_policy("P")
    use(contoso, tenant.add(1, "ann"), 3)
    use(contoso, tenant.add(2, "bob", accountEnabled=False), 2)
    use(contoso, account_id(9), 1)  # no longer there
    assert set(found(contoso).values()) == {"tail"}
    assert batches(tenant) == []
    told = Finding.objects.order_by("-without").values_list("policy", "detail__gone", "detail__disabled")
    assert list(told) == [("P", None, None), ("P", None, True), ("", True, None)]


@pytest.mark.parametrize(("people", "calls"), [(3, 1), (20, 1), (21, 2)])
def test_sign_ins_are_asked_for_twenty_people_at_a_time(
    tenant: FakeTenant, contoso: PartnerTenant, people: int, calls: int
) -> None:
    tenant.security_defaults = True
    for number in range(people):
        use(contoso, tenant.add(number, f"person{number}"), 1)
    take_snapshot(contoso, timezone.now())
    assert tenant.paths().count("/beta/$batch") == calls
    assert len(batches(tenant)) == people
    assert set(Finding.objects.values_list("cause", flat=True)) == {"defaults-waiting"}


def test_of_more_uses_the_costliest_are_looked_at(
    tenant: FakeTenant, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 2)
    for number, operations in ((1, 5), (2, 1), (3, 9)):
        use(contoso, tenant.add(number, f"person{number}"), operations)
    take_snapshot(contoso, timezone.now())
    assert list(Finding.objects.values_list("without", flat=True)) == [9, 5]


def test_the_portal_and_each_application_have_a_cause_of_their_own(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    """The policy is for Partner Center; the tool is another application."""
    key = tenant.add(1, "ann")
    tenant.add_policy("P", applications={"includeApplications": [settings.OIDC_RP_CLIENT_ID]})
    use(contoso, key, 2)
    use(contoso, key, 1, channel=API, application=APPLICATION)
    tenant.sign_ins = [sign_in(key, APPLICATION, appDisplayName="Sync")]
    assert set(found(contoso).items()) == {((1, "portal"), "tail"), ((1, "app+user"), "condition-not-met")}
    row = Finding.objects.get(channel=API)
    assert (row.policy, row.detail["condition"], row.application_name) == ("P", "application", "Sync")


def test_a_group_that_a_policy_of_another_application_excludes_is_read(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    key = tenant.add(1, "ann")
    tenant.groups = {"g": {key}}
    everybody = {"includeUsers": ["All"], "excludeGroups": ["g"]}
    tenant.add_policy("Tool", applications={"includeApplications": [APPLICATION]}, users=everybody)
    use(contoso, key, 1, channel=API, application=APPLICATION)
    assert set(found(contoso).values()) == {"excluded"}


@pytest.mark.requirement("S8")
def test_a_token_of_long_after_the_sign_in_is_of_a_grant_that_lives_on(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    key = tenant.add(1, "ann")
    use(contoso, key, 1, channel=API, application=APPLICATION)
    last = gathering.costliest_uses(contoso, timezone.now())[0].last_without
    claims = {"iat": int(last.timestamp()), "auth_time": int(last.timestamp()) - 86400, "amr": ["pwd"]}
    request(contoso, user_id=key, application_id=APPLICATION, at=last, mfa=False, claims=json.dumps(claims))
    assert set(found(contoso).values()) == {"grant-without-mfa"}
    row = Finding.objects.get()
    assert row.granted_at == datetime.fromtimestamp(claims["auth_time"], UTC)
    assert row.detail["call"]["operation"]


@pytest.mark.requirement("V8")
def test_what_the_third_party_sent_is_kept(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    key = tenant.add(1, "eva", userPrincipalName="eva@wingtip.example")
    tenant.federations = {"wingtip.example": None}
    tenant.answers = [
        {"kind": "domain", "userId": account_id(7), "missingProof": "noProof"},
        {"kind": "domain", "domain": "wingtip.example", "userId": key, "missingProof": "otherValue",
         "authnContextClassRefs": ["urn:password"]},
    ]  # fmt: skip
    use(contoso, key, 1)
    assert set(found(contoso).values()) == {"federated-without-proof"}
    answer = Finding.objects.get().detail["answer"]
    assert (answer["domain"], answer["missing"], answer["class_refs"]) == (
        "wingtip.example", "otherValue", ["urn:password"],
    )  # fmt: skip
    assert tenant.paths().count("/ours/receivedAnswers") == 1


@pytest.mark.parametrize(
    ("kept_back", "cause", "unread"),
    [
        ("conditionalAccess/policies", "unknown", ["policies"]),
        ("/domains$", "unknown", ["domains"]),
        ("authentication/requirements", "unknown", ["per-user"]),
        ("signIns", "not-registered", ["sign-ins"]),  # true whatever the log says
        ("userRegistrationDetails", "not-enforced", ["registrations"]),
        ("receivedAnswers", "not-registered", None),
    ],
)
def test_what_was_not_read_is_told_and_nothing_is_guessed(
    tenant: FakeTenant, contoso: PartnerTenant, kept_back: str, cause: str, unread: list[str] | None
) -> None:
    use(contoso, tenant.add(1, "ann"), 1)
    tenant.refused = {kept_back: (403, "Authorization_RequestDenied")}
    assert set(found(contoso).values()) == {cause}
    assert Finding.objects.get().detail.get("unread") == unread


def test_an_unread_sign_in_log_leaves_a_request_unexplained(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    use(contoso, tenant.add(1, "ann"), 1, channel=API, application=APPLICATION)
    tenant.refused = {"signIns": (403, "Authorization_RequestDenied")}
    assert set(found(contoso).values()) == {"unknown"}


def test_the_next_snapshot_replaces_what_was_found_and_remembers_what_it_was(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    use(contoso, tenant.add(1, "ann"), 1)
    use(fabrikam, tenant.add(2, "bob"), 1)
    take_snapshot(fabrikam, timezone.now())
    assert set(found(contoso).values()) == {"not-registered"}
    tenant.add_policy("P")
    for _again in range(2):
        assert set(found(contoso).values()) == {"tail"}
        assert Finding.objects.get(tenant=contoso).was == "not-registered"
    assert Finding.objects.get(tenant=fabrikam).cause == "not-registered"


def test_an_account_for_emergencies_is_told_apart_from_one_that_a_policy_excludes(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    tenant.security_defaults = True
    use(contoso, tenant.add(1, "breakglass", employeeType="breakGlass"), 1)
    assert set(found(contoso).values()) == {"excluded"}
    assert Finding.objects.get().detail["emergency"] is True


@pytest.mark.parametrize("auth_time", [1_700_000_000_000, -1e20, "yesterday", True, None])
def test_a_time_that_no_calendar_has_spoils_no_snapshot(
    tenant: FakeTenant, contoso: PartnerTenant, auth_time: object
) -> None:
    at = timezone.now() - timedelta(days=1)
    key = tenant.add(1, "ann")
    request(contoso, at, user_id=key, claims=json.dumps({"iat": at.timestamp(), "auth_time": auth_time}))
    tenant.sign_ins = [sign_in(key, APPLICATION, createdDateTime="2026-02-30T00:00:00Z")]
    assert found(contoso) == {(1, API): "grant-without-mfa"}
    assert Finding.objects.get().granted_at is None


def test_a_directory_that_was_not_read_leaves_what_was_found(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    use(contoso, tenant.add(1, "ann"), 1)
    found(contoso)
    tenant.refused = {"/users$": (503, "")}
    assert set(found(contoso).values()) == {"not-registered"}
