"""The security score: how the requirements are weighed, what they rest on, and the page (M6)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Program, Role
from activity.models import AuditRecord
from customers.models import SpendingBudget
from security.models import AccountStatus, SecurityContact, StatusSnapshot
from security.score.figures import figures_of
from security.score.rules import RULES, Duty, Figures, Requirement, Rule, Score, Share, weigh
from security.services import take_snapshot
from tests.portal.business import make_customer
from tests.portal.conftest import SignIn
from tests.portal.security.factory import account, snapshot
from tests.portal.security.logs import make_alert
from tests.portal.security.tenant import FakeTenant

pytestmark = pytest.mark.requirement("M6")
PAGE = "/dashboard/security/requirements"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 30)
DIRECT, RESELLER = frozenset({Program.CSP_DIRECT}), frozenset({Program.CSP_INDIRECT_RESELLER})
ALL = Figures(admins=Share(2, 2), everybody=Share(9, 9), alerts=1, response=HOUR, contact=True, budgets=Share(3, 3))
R = Requirement


def weighed(figures: Figures, programs: frozenset[Program] = DIRECT, today: date = TODAY) -> Score:
    return weigh(figures, today=today, programs=programs)


def state(score: Score, requirement: Requirement) -> tuple[str, str]:
    row = next(row for row in score.rows if row.rule.requirement is requirement)
    return row.state.value, str(row.points)


def test_everything_met_is_100() -> None:
    assert weighed(ALL).percent == 100
    assert weighed(ALL).mandatory_met


def test_nothing_known_gives_points_for_nothing_that_could_be_measured() -> None:
    score = weighed(Figures())
    assert [(row.rule.requirement.value, row.state.value, str(row.points)) for row in score.rows] == [
        ("mfa-for-administrators", "no-data", "0.0"),
        ("mfa-for-everybody", "no-data", "0.0"),
        ("alerts-answered", "met", "20.0"),
        ("security-contact", "not-met", "0.0"),
        ("customer-budgets", "met", "20.0"),
    ]
    assert not score.mandatory_met


@pytest.mark.parametrize(
    ("changed", "requirement", "expected", "percent"),
    [
        ({"admins": Share(1, 3)}, R.ADMINS, ("not-met", "6.6"), "86.6"),
        ({"admins": None}, R.ADMINS, ("no-data", "0.0"), "80.0"),
        ({"everybody": Share(89, 90)}, R.EVERYBODY, ("not-met", "29.6"), "99.6"),
        ({"everybody": Share(0, 90)}, R.EVERYBODY, ("not-met", "0.0"), "70.0"),
        ({"response": 24 * HOUR}, R.ALERTS, ("met", "20.0"), "100.0"),
        ({"response": 24 * HOUR + timedelta(seconds=1)}, R.ALERTS, ("not-met", "0.0"), "80.0"),
        ({"response": None, "alerts": 0}, R.ALERTS, ("met", "20.0"), "100.0"),
        ({"contact": False}, R.CONTACT, ("not-met", "0.0"), "90.0"),
        ({"budgets": Share(1, 2)}, R.BUDGETS, ("not-met", "10.0"), "90.0"),
        ({"budgets": Share(0, 0)}, R.BUDGETS, ("met", "20.0"), "100.0"),
    ],
)
def test_each_requirement_gives_its_part(
    changed: dict[str, Any], requirement: Requirement, expected: tuple[str, str], percent: str
) -> None:
    figures = Figures(**{name: getattr(ALL, name) for name in ALL.__slots__} | changed)
    assert state(weighed(figures), requirement) == expected
    assert weighed(figures).percent == Decimal(percent)


def test_a_recommendation_that_is_not_met_leaves_everything_mandatory_met() -> None:
    figures = Figures(ALL.admins, ALL.everybody, 1, HOUR, True, Share(0, 3))
    assert weighed(figures).mandatory_met


@pytest.mark.parametrize(
    ("programs", "duty"),
    [(DIRECT, Duty.MANDATORY), (RESELLER, Duty.RECOMMENDED), (DIRECT | RESELLER, Duty.MANDATORY)],
)
def test_indirect_resellers_alone_are_spared_the_time_to_answer_alerts(
    programs: frozenset[Program], duty: Duty
) -> None:
    row = next(row for row in weighed(ALL, programs).rows if row.rule.requirement is R.ALERTS)
    assert row.duty is duty


def test_the_table_of_the_rules_is_the_documented_one() -> None:
    assert [(rule.requirement.value, rule.points, rule.mandatory, str(rule.since)) for rule in RULES] == [
        ("mfa-for-administrators", 20, True, "2025-10-01"),
        ("mfa-for-everybody", 30, True, "2025-09-08"),
        ("alerts-answered", 20, True, "2025-10-01"),
        ("security-contact", 10, True, "2025-10-01"),
        ("customer-budgets", 20, False, "2025-10-01"),
    ]


@pytest.mark.parametrize("programs", [DIRECT, RESELLER, frozenset({Program.ADVISOR}), frozenset({Program.CPV})])
def test_nobody_is_spared_mfa(programs: frozenset[Program]) -> None:
    duties = [row.duty for row in weighed(ALL, programs).rows if row.rule.requirement in {R.ADMINS, R.EVERYBODY}]
    assert duties == [Duty.MANDATORY] * 2


def test_a_rule_counts_from_its_day_on() -> None:
    rules = (Rule(R.ADMINS, 50, True, date(2025, 1, 1)), Rule(R.CONTACT, 50, True, date(2026, 12, 1)))
    figures = Figures(admins=Share(2, 2))
    before = weigh(figures, today=date(2026, 11, 30), programs=DIRECT, rules=rules)
    assert (before.rows[1].duty, before.percent, before.mandatory_met) == (Duty.FUTURE, 100, True)
    after = weigh(figures, today=date(2026, 12, 1), programs=DIRECT, rules=rules)
    assert (after.rows[1].duty, after.percent, after.mandatory_met) == (Duty.MANDATORY, 50, False)


def test_the_figures_count_enabled_accounts_administrators_alerts_and_budgets(
    contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    now = timezone.now()
    account(contoso, "Ann", is_admin=True)
    account(contoso, "Ben", is_admin=True, enforced_by="")
    account(contoso, "Cem", enforced_by="")
    account(contoso, "Dan", is_admin=True, enabled=False, enforced_by="")
    account(fabrikam, "Eve", is_admin=True)
    make_alert(contoso, detected_at=now - 10 * HOUR, acted_at=now - 8 * HOUR)
    make_alert(contoso, detected_at=now - 40 * HOUR)  # nobody has acted upon it
    make_alert(contoso, detected_at=now - 40 * DAY)
    first, _second = make_customer(contoso, domain="a.example"), make_customer(contoso, domain="b.example")
    make_customer(contoso, domain="c.example", relationship_to_partner="advisor")
    SpendingBudget.objects.create(customer=first, amount=100, currency_code="EUR")
    found = figures_of(contoso, now=now)
    assert (found.admins, found.everybody, found.budgets) == (Share(1, 2), Share(1, 3), Share(1, 2))
    assert (found.alerts, found.response, found.contact) == (2, 21 * HOUR, False)


def test_the_reading_finds_administrators_and_the_snapshot_keeps_the_score(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    ann, ben = tenant.add(1, "ann"), tenant.add(2, "ben")
    tenant.administrators, tenant.per_user = {ann}, {ann: "enforced"}
    kept = take_snapshot(contoso, timezone.now())
    assert dict(AccountStatus.objects.values_list("user_id", "is_admin")) == {ann: True, ben: False}
    assert kept is not None
    # 20 for the administrator, 15 for one of two users, 20 each for no alerts and no customers.
    assert (kept.score, kept.score_rules) == (Decimal("75.0"), "2025-10")


def test_administrators_kept_back_are_no_data(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.add(1, "ann")
    tenant.refused = {"userRegistrationDetails": (403, "Authorization_RequestDenied")}
    take_snapshot(contoso, timezone.now())
    assert AccountStatus.objects.get().is_admin is None
    assert figures_of(contoso, now=timezone.now()).admins is None


@pytest.fixture
def viewer(client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])
    return alejandra


def text_of(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_the_page_tells_points_duty_date_version_and_insight(client: Client, viewer: User) -> None:
    account(viewer.tenant, "Ann", is_admin=True)
    account(viewer.tenant, "Ben", is_admin=False, enforced_by="")
    text = text_of(client)
    assert "Rules of version 2025-10" in text
    assert "20.0 of 20" in text
    assert "1 of 2 with MFA" in text
    assert "counts since 10/01/2025" in text
    assert "Something mandatory is not met" in text
    assert "/dashboard/security/sign-ins?mfa=without" in text  # a Security admin may not open the accounts


def test_an_admin_agent_is_led_to_the_accounts(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra, roles=[Role.ADMIN_AGENT])
    assert "/dashboard/account/security-requirements/accounts?enforced=no" in text_of(client)


def test_the_history_is_that_of_the_snapshots(client: Client, viewer: User) -> None:
    snapshot(viewer.tenant, score="14.2", days_ago=2)
    text = text_of(client)
    assert ": 14.2" in text
    assert 'class="chart"' in text


def test_a_contact_is_kept_audited_and_counts(client: Client, viewer: User) -> None:
    values = {"name": "Yara", "mail": "security@contoso.example", "phone": "+49 30 1234"}
    assert client.post(PAGE, values).status_code == 302
    assert client.post(PAGE, values).status_code == 302
    contact = SecurityContact.objects.get()
    assert (contact.tenant, contact.name, contact.mail) == (viewer.tenant, "Yara", "security@contoso.example")
    record = AuditRecord.objects.get(action="security.contact-changed")  # the second changed nothing
    assert (record.actor, record.detail) == (viewer.user_principal_name, {"changed": ["mail", "name", "phone"]})
    assert "security@contoso.example" in text_of(client)
    assert figures_of(viewer.tenant, now=timezone.now()).contact


@pytest.mark.parametrize(
    "wrong", [{"mail": "nowhere"}, {"mail": "a@b.example\nBcc: x@y.example"}, {"name": ""}, {"phone": "call me"}]
)
def test_a_contact_that_reaches_nobody_is_refused(client: Client, viewer: User, wrong: dict[str, str]) -> None:
    values = {"name": "Yara", "mail": "security@contoso.example", "phone": ""} | wrong
    assert client.post(PAGE, values).status_code == 422
    assert not SecurityContact.objects.exists()


def test_another_partners_figures_and_contact_are_not_shown(
    client: Client, viewer: User, olga: User, sign_in: SignIn
) -> None:
    account(viewer.tenant, "Ann", is_admin=True)
    snapshot(viewer.tenant, score="14.2")
    SecurityContact.objects.create(tenant=viewer.tenant, name="Yara", mail="security@contoso.example")
    sign_in(client, olga)
    text = text_of(client)
    assert "with MFA</dd>" not in text
    assert "14.2" not in text
    assert "security@contoso.example" not in text


@pytest.mark.parametrize("many", [1, 30])
def test_what_the_page_costs(client: Client, viewer: User, django_assert_num_queries: Any, many: int) -> None:
    for number in range(many):
        account(viewer.tenant, f"P{number}")
        make_customer(viewer.tenant, domain=f"customer{number}.example")
        snapshot(viewer.tenant, days_ago=number)
    with django_assert_num_queries(8):  # the gate, contact twice, accounts, alerts, customers, history, operation log
        text_of(client)
    assert StatusSnapshot.objects.count() == many


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN_AGENT, 200), (Role.GLOBAL_ADMIN, 403)])
def test_who_opens_the_page(client: Client, alejandra: User, sign_in: SignIn, role: Role, status: int) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {}).status_code == (422 if status == 200 else 403)
    sign_in(client, alejandra, mfa=False, roles=[Role.ADMIN_AGENT])
    assert client.get(PAGE)["Location"].startswith("/oidc/step-up")


def test_a_directory_that_was_not_read_is_no_data(client: Client, viewer: User) -> None:
    assert "The directory was not read yet, or did not tell." in text_of(client)
