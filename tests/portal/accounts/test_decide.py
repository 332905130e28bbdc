"""The pure decision, over every row of the requirement, roles alone and in pairs, and every kind of proof."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from accounts.access import AREAS, PLANNED, Area, Exempted, Preset, Reason, Verdict, decide, under_preset
from accounts.evidence import Evidence, Outcome
from accounts.roles import Program, Role, effective_roles

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

# Typed from requirement section 1: row, MFA, minutes of freshness, and who. "everybody" needs no sign-in.
TABLE = """
M1  overview              no   -   admin-agent sales-agent helpdesk-agent billing-admin global-admin security-admin user
M2  service-health        no   -   admin-agent sales-agent helpdesk-agent billing-admin global-admin security-admin user
M3  customers             yes  -   admin-agent sales-agent helpdesk-agent
M4  customer-requests     yes  -   admin-agent helpdesk-agent
M5  billing               yes  -   admin-agent billing-admin global-admin
M6  security              yes  -   admin-agent security-admin
M7  partner-requests      no   -   admin-agent global-admin
M8  users                 yes  15  admin-agent global-admin
M9  security-requirements no   -   admin-agent global-admin cpv-admin
M16 public                no   -   everybody
M17 help                  no   -   admin-agent sales-agent helpdesk-agent billing-admin global-admin security-admin user
M18 applications          yes  -   admin-agent global-admin cpv-admin
M19 operator              yes  15  operator
M20 api                   no   -   everybody
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROLE_SETS = [frozenset(), *(frozenset(some) for size in (1, 2) for some in combinations(Role, size))]


def area_of(row_id: str) -> Area:
    return next(area for area in (*AREAS, *PLANNED) if area.id == row_id)


def proof(outcome: Outcome, *, minutes_ago: int | None = 0) -> Evidence:
    auth_time = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    return Evidence(provider="p", outcome=outcome, at=NOW, auth_time=auth_time)


PASSWORD = proof(Outcome.SINGLE_FACTOR)
MFA = proof(Outcome.MFA)
OLD_MFA = proof(Outcome.MFA, minutes_ago=20)
INCOMPATIBLE = proof(Outcome.INCOMPATIBLE)


def test_the_table_has_the_rows_of_the_requirement_and_no_other() -> None:
    assert [row[:2] for row in ROWS] == sorted(
        ([area.id, area.key] for area in (*AREAS, *PLANNED)), key=lambda row: int(row[0][1:])
    )


@pytest.mark.requirement("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M16", "M17", "M18", "M19", "M20")
@pytest.mark.parametrize(("row_id", "mfa", "minutes", "who"), [(r[0], r[2], r[3], r[4:]) for r in ROWS])
def test_each_row_decides_as_the_requirement_says(row_id: str, mfa: str, minutes: str, who: list[str]) -> None:
    area = area_of(row_id)
    public = who == ["everybody"]
    assert decide(area, None, (), None, NOW).outcome == (Verdict.ALLOW if public else Verdict.SIGN_IN)
    for roles in ROLE_SETS:
        allowed = public or any(role.value in who for role in roles)
        for evidence, with_mfa in (
            ((PASSWORD,), Verdict.VERIFY_MFA),
            ((PASSWORD, MFA), Verdict.ALLOW),
            ((OLD_MFA,), Verdict.ALLOW if minutes == "-" else Verdict.VERIFY_MFA),
            ((PASSWORD, INCOMPATIBLE), Verdict.BLOCKED),
            ((), Verdict.VERIFY_MFA),
        ):
            expected = Verdict.FORBID if not allowed else with_mfa if mfa == "yes" else Verdict.ALLOW
            assert decide(area, roles, evidence, None, NOW).outcome == expected, (row_id, roles, evidence)


@pytest.mark.requirement("M12")
def test_a_role_that_is_not_allowed_is_never_asked_for_mfa() -> None:
    decision = decide(area_of("M5"), frozenset({Role.SALES_AGENT, Role.USER}), (PASSWORD,), None, NOW)
    assert (decision.outcome, decision.reason) == (Verdict.FORBID, Reason.ROLE_MISSING)
    assert [step.passed for step in decision.trace] == [True, False]


def test_a_later_proof_ends_the_block_and_a_later_refusal_does_not_take_a_proof_away() -> None:
    area, roles = area_of("M3"), frozenset({Role.ADMIN_AGENT})
    assert decide(area, roles, (INCOMPATIBLE, MFA), None, NOW).outcome is Verdict.ALLOW
    assert decide(area, roles, (MFA, INCOMPATIBLE), None, NOW).outcome is Verdict.ALLOW


@pytest.mark.parametrize(
    ("minutes_ago", "outcome"),
    [(0, Verdict.ALLOW), (16, Verdict.ALLOW), (17, Verdict.VERIFY_MFA), (None, Verdict.VERIFY_MFA)],
)
@pytest.mark.requirement("M23")
def test_freshness_is_15_minutes_and_one_of_leeway_and_needs_a_time(minutes_ago: int | None, outcome: Verdict) -> None:
    evidence = (proof(Outcome.MFA, minutes_ago=minutes_ago),)
    assert decide(area_of("M8"), frozenset({Role.GLOBAL_ADMIN}), evidence, None, NOW).outcome is outcome


def test_not_fresh_is_a_reason_of_its_own() -> None:
    decision = decide(area_of("M8"), frozenset({Role.GLOBAL_ADMIN}), (OLD_MFA,), None, NOW)
    assert decision.reason is Reason.MFA_NOT_FRESH


@pytest.mark.requirement("X4")
@pytest.mark.parametrize(
    ("areas", "minutes", "outcome"),
    [
        ({"customers"}, 1, Verdict.ALLOW),
        ({"billing"}, 1, Verdict.BLOCKED),
        ({"customers"}, 0, Verdict.BLOCKED),
    ],
)
def test_an_exemption_suppresses_mfa_for_exactly_its_areas_and_time(
    areas: set[str], minutes: int, outcome: Verdict
) -> None:
    exemption = Exempted(frozenset(areas), NOW + timedelta(minutes=minutes))
    decision = decide(area_of("M3"), frozenset({Role.ADMIN_AGENT}), (INCOMPATIBLE,), exemption, NOW)
    assert decision.outcome is outcome


def test_an_exemption_gives_nobody_a_role() -> None:
    exemption = Exempted(frozenset({"customers"}), NOW + timedelta(days=1))
    assert decide(area_of("M3"), frozenset({Role.USER}), (), exemption, NOW).outcome is Verdict.FORBID


def test_the_preset_all_pages_asks_everywhere_but_where_people_without_mfa_must_read() -> None:
    rows = {area.id: area for area in under_preset((*AREAS, *PLANNED), Preset.ALL_PAGES, None)}
    without = {row_id for row_id, area in rows.items() if not area.mfa}
    assert without == {"M9", "M16", "M20"}


def test_the_preset_page_list_is_the_table_itself() -> None:
    assert under_preset(AREAS, Preset.PAGE_LIST, None) == AREAS


@pytest.mark.requirement("M23")
def test_a_maximum_age_never_loosens_a_freshness() -> None:
    rows = {area.id: area for area in under_preset((*AREAS, *PLANNED), Preset.PAGE_LIST, timedelta(hours=8))}
    assert rows["M8"].freshness == timedelta(minutes=15)
    assert rows["M3"].freshness == timedelta(hours=8)
    assert rows["M1"].freshness is None


@pytest.mark.requirement("M21", "S9")
@pytest.mark.parametrize(
    ("program", "held", "counting"),
    [
        (Program.CSP_DIRECT, [Role.ADMIN_AGENT, Role.OPERATOR], {Role.ADMIN_AGENT, Role.USER}),
        (Program.ADVISOR, [], {Role.USER}),
        (Program.CPV, [Role.GLOBAL_ADMIN, Role.ADMIN_AGENT], {Role.CPV_ADMIN}),
        (Program.CPV, [Role.ADMIN_AGENT, Role.SALES_AGENT], set()),
        (Program.OPERATOR, [Role.OPERATOR, Role.ADMIN_AGENT], {Role.OPERATOR, Role.USER}),
        (Program.OPERATOR, [Role.GLOBAL_ADMIN], {Role.USER}),
    ],
)
def test_which_roles_count_depends_on_the_program(program: Program, held: list[Role], counting: set[Role]) -> None:
    assert effective_roles(held, [program]) == counting
