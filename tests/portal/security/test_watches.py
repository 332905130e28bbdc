"""From what the logs hold to alerts: what is read, what is learned from, and that nothing is told twice."""

from datetime import datetime
from unittest.mock import patch

import pytest
from django.utils import timezone

from accounts.models import PartnerTenant, Purpose, SignInRequest, User
from accounts.models.signin import Result
from security.alerts import duty, sign_ins
from security.alerts.calls import watch_calls
from security.alerts.role_changes import watch_role_changes
from security.alerts.services import resolve
from security.alerts.sign_ins import watch_sign_ins, watch_step_ups
from security.kinds import AlertKind, ResolvedReason
from security.models import KnownPlace, SecurityAlert, Watermark
from tests.portal.conftest import make_user
from tests.portal.security.alerted import DAY, LATER, MINUTE, SECOND, told
from tests.portal.security.logs import APP, AWAY, CHROME, FIREFOX, HOME, called, changed_role, opened


def judged(reason: ResolvedReason, user: User) -> None:
    alert = SecurityAlert.objects.unresolved().get()
    resolve(user=user, alert=alert, version=alert.version, reason=reason)


def test_a_sign_in_from_elsewhere_with_another_browser_is_told_once(alejandra: User, start: datetime) -> None:
    opened(alejandra, HOME, CHROME, at=start + SECOND)
    opened(alejandra, AWAY, FIREFOX, at=start + MINUTE)
    for minutes in (2, 3, 4):
        watch_sign_ins(start + minutes * MINUTE)
    alert = SecurityAlert.objects.get()
    assert (alert.kind, alert.severity, alert.observations) == ("unusual-sign-in", "high", 1)
    assert alert.first_observed_at == start + MINUTE
    assert alert.affected_resources == ["alejandra@contoso.example"]
    assert [(place.network, place.device) for place in alert.places.all()] == [(AWAY, "Firefox, Linux")]


def test_signing_in_there_again_moves_the_alert_there_is(alejandra: User, start: datetime) -> None:
    opened(alejandra, HOME, CHROME, at=start + SECOND)
    for minutes in (1, 5, 9):
        opened(alejandra, AWAY, FIREFOX, at=start + minutes * MINUTE)
        watch_sign_ins(start + minutes * MINUTE + LATER)
    alert = SecurityAlert.objects.get()
    assert (alert.observations, alert.last_observed_at) == (3, start + 9 * MINUTE)


@pytest.mark.parametrize(
    ("reason", "alerts"), [(ResolvedReason.LEGITIMATE, 1), (ResolvedReason.IGNORE, 1), (ResolvedReason.FRAUD, 2)]
)
def test_a_place_is_known_once_somebody_says_that_it_is_in_order(
    alejandra: User, start: datetime, reason: ResolvedReason, alerts: int
) -> None:
    opened(alejandra, HOME, CHROME, at=start + SECOND)
    opened(alejandra, AWAY, FIREFOX, at=start + MINUTE)
    watch_sign_ins(start + 2 * MINUTE)
    judged(reason, alejandra)
    opened(alejandra, AWAY, FIREFOX, at=start + 3 * MINUTE)
    watch_sign_ins(start + 4 * MINUTE)
    assert SecurityAlert.objects.count() == alerts


def test_sign_ins_before_the_first_turn_are_learned_from(alejandra: User) -> None:
    now = timezone.now()
    opened(alejandra, HOME, CHROME, at=now - DAY)
    opened(alejandra, AWAY, FIREFOX, at=now - DAY + MINUTE)
    watch_sign_ins(now)
    assert told() == []
    assert KnownPlace.objects.count() == 2


def test_somebody_elses_places_say_nothing(alejandra: User, olga: User, start: datetime) -> None:
    opened(olga, HOME, CHROME, at=start + SECOND)
    opened(alejandra, AWAY, FIREFOX, at=start + MINUTE)
    watch_sign_ins(start + 2 * MINUTE)
    assert told() == []


def test_a_turn_that_is_killed_is_done_again_as_if_it_had_not_begun(alejandra: User, start: datetime) -> None:
    opened(alejandra, HOME, CHROME, at=start + SECOND)
    opened(alejandra, AWAY, FIREFOX, at=start + MINUTE)
    with patch.object(sign_ins.Sightings, "store", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        watch_sign_ins(start + 2 * MINUTE)
    assert told() == []
    watch_sign_ins(start + 2 * MINUTE)
    assert told() == [("unusual-sign-in", 1)]


def test_what_is_younger_than_its_transaction_may_take_waits_for_the_next_turn(
    alejandra: User, start: datetime
) -> None:
    opened(alejandra, HOME, CHROME, at=start + SECOND)
    opened(alejandra, AWAY, FIREFOX, at=start + MINUTE)
    watch_sign_ins(start + MINUTE + 9 * SECOND)
    assert told() == []
    watch_sign_ins(start + MINUTE + LATER)
    assert told() == [("unusual-sign-in", 1)]


def test_an_application_on_a_new_network_is_told_with_its_first_call(contoso: PartnerTenant, start: datetime) -> None:
    called(contoso, at=start - DAY - MINUTE)
    Watermark.objects.all().delete()
    watch_calls(start)
    first = called(contoso, at=start + MINUTE, ip="203.0.113.9", correlation_id="look-here")
    called(contoso, at=start + 2 * MINUTE, ip="203.0.113.77")
    called(contoso, at=start + 3 * MINUTE)
    watch_calls(start + 4 * MINUTE)
    alert = SecurityAlert.objects.get()
    assert (alert.kind, alert.observations, alert.affected_resources) == ("new-app-network", 2, [APP])
    assert (alert.details["call"], alert.details["correlation_id"]) == (str(first.pk), "look-here")
    assert alert.details["network"] == AWAY


def test_further_networks_of_the_application_join_the_alert(contoso: PartnerTenant, start: datetime) -> None:
    called(contoso, at=start - DAY - MINUTE)
    Watermark.objects.all().delete()
    watch_calls(start)
    for number in (1, 2, 3):
        called(contoso, at=start + number * MINUTE, ip=f"203.0.{number}.9")
        watch_calls(start + number * MINUTE + LATER)
    alert = SecurityAlert.objects.get()
    assert alert.observations == 3
    assert alert.places.count() == 3


def test_a_network_was_last_seen_when_its_last_address_called(contoso: PartnerTenant, start: datetime) -> None:
    for ip, minutes in (("198.51.100.1", 1), ("198.51.100.2", 2), ("198.51.100.1", 9)):
        called(contoso, at=start + minutes * MINUTE, ip=ip)
    watch_calls(start + 20 * MINUTE)
    place = KnownPlace.objects.get()
    assert (place.first_seen_at, place.last_seen_at) == (start + MINUTE, start + 9 * MINUTE)


def test_another_tenants_use_of_the_application_says_nothing(
    contoso: PartnerTenant, fabrikam: PartnerTenant, start: datetime
) -> None:
    called(fabrikam, at=start - 2 * DAY, ip="203.0.113.9")
    called(contoso, at=start - 2 * DAY)
    Watermark.objects.all().delete()
    watch_calls(start)
    called(contoso, at=start + MINUTE, ip="203.0.113.9")
    watch_calls(start + 2 * MINUTE)
    assert [alert.tenant_id for alert in SecurityAlert.objects.all()] == [contoso.pk]


def refused(tenant: PartnerTenant, who: str, *, at: datetime) -> None:
    called(tenant, at=at, code="900421", status=401, mfa=False, user_id=who, user_name=who.title())


def counted() -> set[tuple[str, int]]:
    return {(alert.condition, alert.observations) for alert in SecurityAlert.objects.all()}


def test_twenty_refusals_for_mfa_of_one_person_are_told_once(contoso: PartnerTenant, start: datetime) -> None:
    for number in range(20):
        refused(contoso, "ann", at=start + number * MINUTE)
    watch_calls(start + 25 * MINUTE)
    assert counted() == {("ann", 20)}  # and not of the application too
    refused(contoso, "ann", at=start + 26 * MINUTE)
    watch_calls(start + 30 * MINUTE)
    assert counted() == {("ann", 21)}


def test_twenty_refusals_of_several_people_are_told_of_their_application(
    contoso: PartnerTenant, fabrikam: PartnerTenant, start: datetime
) -> None:
    for number in range(20):
        refused(contoso, f"person{number % 4}", at=start + number * MINUTE)
        refused(contoso, "ann", at=start + number * MINUTE)
        refused(fabrikam, "john", at=start + 3 * number * MINUTE)
    watch_calls(start + 25 * MINUTE)
    assert counted() == {("ann", 20), (APP, 20)}


def test_after_an_alert_was_resolved_it_takes_twenty_new_refusals(
    contoso: PartnerTenant, alejandra: User, start: datetime
) -> None:
    def refused(begin: int, times: int) -> None:
        for number in range(times):
            called(contoso, at=start + begin * MINUTE + number * SECOND, code="900421", status=401, mfa=False)
        watch_calls(start + (begin + 2) * MINUTE)

    refused(1, 20)
    judged(ResolvedReason.IGNORE, alejandra)
    refused(5, 19)
    assert told() == [("mfa-refusals", 20)]
    refused(10, 1)
    assert told() == [("mfa-refusals", 20), ("mfa-refusals", 20)]


def test_refusals_injected_on_purpose_are_not_counted(contoso: PartnerTenant, start: datetime) -> None:
    for number in range(20):
        called(contoso, at=start + number * SECOND, code="injected 900421", status=401)
    watch_calls(start + 2 * MINUTE)
    assert told() == []


@pytest.mark.parametrize(
    ("result", "times", "raised"),
    [(Result.UNSATISFIED, 5, 1), (Result.UNSATISFIED, 4, 0), (Result.FAILED, 5, 1), (Result.SATISFIED, 9, 0)],
)
def test_five_failed_verifications_of_one_person_are_told(
    alejandra: User, result: Result, times: int, raised: int
) -> None:
    now = timezone.now()
    session = opened(alejandra, HOME, CHROME, at=now)
    for number in range(times):
        SignInRequest.objects.create(
            state_hash=f"s{number}", browser_hash="b", nonce="n", code_verifier="v", provider="p", session=session,
            purpose=Purpose.STEP_UP, next="/", created_at=now - 30 * MINUTE, used_at=now - number * MINUTE,
            result=result,
        )  # fmt: skip
    watch_step_ups(now)
    watch_step_ups(now + SECOND)
    assert told() == [("refused-step-ups", times)] * raised


def test_a_turn_reads_every_log_and_costs_the_same_for_many_rows(
    contoso: PartnerTenant, django_assert_num_queries: object
) -> None:
    duty.watch_due()
    at = timezone.now() - 30 * SECOND
    Watermark.objects.update(read_until=at, alerts_from=at)
    for number in range(40):
        called(contoso, at=at + SECOND, ip=f"198.51.100.{number}")
        opened(make_user(contoso, f"P{number}", f"p{number}@contoso.example"), HOME, CHROME, at=at + SECOND)
    with django_assert_num_queries(38):  # type: ignore[operator]
        duty.watch_due()
    assert KnownPlace.objects.count() == 41


def test_one_log_that_cannot_be_read_does_not_keep_the_others_waiting(contoso: PartnerTenant, start: datetime) -> None:
    for number in range(5):
        changed_role(contoso, "ann", at=start + number * SECOND)
    broken = (lambda now: 1 / 0, watch_role_changes)
    with patch.object(duty, "_WATCHES", broken), pytest.raises(ExceptionGroup):
        duty.watch_due()
    assert [kind for kind, _times in told()] == [AlertKind.MASS_ROLE_CHANGE]
