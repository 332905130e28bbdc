"""The rules of the alerts as tables: what is seen, what is known, and whether it is worth an alert."""

from datetime import UTC, datetime, timedelta

import pytest

from security.alerts.devices import device_of
from security.alerts.rules import (
    AppUse,
    History,
    Limit,
    Moment,
    SignIn,
    Who,
    goes_on,
    mass_role_change,
    mfa_refusals,
    new_app_network,
    refused_step_ups,
    unusual_sign_in,
)

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MONTH, DAY = timedelta(days=30), timedelta(days=1)
HOME, AWAY = "198.51.100.0/24", "203.0.113.0/24"
ANN = Who("ann", "ann@contoso.example")


def history(*places: tuple[str, str, timedelta], known_for: timedelta = timedelta(days=9)) -> History:
    """Places as (network, device, how long ago last seen); somebody known for that long."""
    found = History()
    for network, device, ago in places:
        found.add(first=NOW - max(known_for, ago), last=NOW - ago, network=network, device=device)
    return found


@pytest.mark.parametrize(
    ("network", "device", "known", "raised"),
    [
        (AWAY, "Firefox, Linux", [(HOME, "Chrome, Windows", DAY)], True),
        (AWAY, "Firefox, Linux", [], False),  # there is no history
        (HOME, "Firefox, Linux", [(HOME, "Chrome, Windows", DAY)], False),  # a new browser where they always are
        (AWAY, "Chrome, Windows", [(HOME, "Chrome, Windows", DAY)], False),  # the own browser on a journey
        (HOME, "Chrome, Windows", [(HOME, "Chrome, Windows", MONTH)], False),
        (HOME, "Chrome, Windows", [(HOME, "Chrome, Windows", MONTH + timedelta(seconds=1))], True),
        (AWAY, "Firefox, Linux", [(AWAY, "Edge, Windows", DAY), (HOME, "Firefox, Linux", DAY)], False),
    ],
)
def test_a_sign_in_is_unusual_when_network_and_browser_are_new(
    network: str, device: str, known: list[tuple[str, str, timedelta]], raised: bool
) -> None:
    seen = SignIn("ann", "ann@contoso.example", network, device, NOW)
    finding = unusual_sign_in(seen, history(*known), within=MONTH)
    assert (finding is not None) == raised


@pytest.mark.parametrize(("powerful", "severity"), [(True, "high"), (False, "medium")])
def test_whoever_can_change_others_access_makes_it_severe(powerful: bool, severity: str) -> None:
    seen = SignIn("ann", "ann@contoso.example", AWAY, "curl", NOW, powerful)
    finding = unusual_sign_in(seen, history((HOME, "Chrome, Windows", DAY)), within=MONTH)
    assert finding is not None
    assert (finding.severity, finding.resources, finding.observations) == (severity, ("ann@contoso.example",), 1)
    assert finding.details == {"person": "ann", "name": "ann@contoso.example", "network": AWAY, "device": "curl"}


@pytest.mark.parametrize(
    ("network", "known", "known_for", "raised"),
    [
        (AWAY, [(HOME, "", timedelta())], DAY, True),
        (AWAY, [(HOME, "", timedelta())], DAY - timedelta(seconds=1), False),  # known for less than a day
        (AWAY, [], DAY, False),
        (HOME, [(HOME, "", timedelta(days=29))], DAY, False),
        (HOME, [(HOME, "", timedelta(days=31))], DAY, True),
    ],
)
def test_an_application_on_a_new_network_is_told_once_it_is_known_for_a_day(
    network: str, known: list[tuple[str, str, timedelta]], known_for: timedelta, raised: bool
) -> None:
    use = AppUse("app", network, NOW, NOW, 3)
    finding = new_app_network(use, history(*known, known_for=known_for), within=MONTH, least=DAY)
    assert (finding is not None) == raised


def minutes(*numbers: float) -> list[Moment]:
    return [Moment(NOW + timedelta(minutes=number), f"person {number}") for number in numbers]


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        ((0, 1, 2, 3), None),
        ((0, 1, 2, 3, 4), 5),
        ((0, 2, 4, 6, 10), 5),
        ((0, 2, 4, 6, 10.1), None),
        ((0, 20, 21, 22, 23, 24), 5),  # the first one belongs to nothing
        ((0, 0, 0, 0, 0), 5),
        ((0, 1, 2, 3, 4, 30), 6),  # what follows in the same reading is counted too
        ((), None),
    ],
)
def test_five_role_changes_of_one_actor_within_ten_minutes_are_many(at: tuple[float, ...], counted: int | None) -> None:
    finding = mass_role_change(ANN, minutes(*at), Limit(5, timedelta(minutes=10)))
    assert (finding and finding.observations) == counted


def test_the_finding_says_from_when_to_when_and_whom_it_touched() -> None:
    finding = mass_role_change(ANN, minutes(1, 2, 3), Limit(3, timedelta(minutes=10)))
    assert finding is not None
    assert (finding.first, finding.last) == (NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
    assert finding.resources == ("person 1", "person 2", "person 3")
    assert (finding.severity, finding.condition) == ("high", "ann")


def test_a_finding_names_twenty_at_most() -> None:
    finding = mass_role_change(ANN, minutes(*range(21)), Limit(5, timedelta(minutes=10)))
    assert finding is not None
    assert (finding.observations, len(finding.resources)) == (21, 20)


def test_places_are_learned_in_any_order() -> None:
    found = History()
    for days in (5, 9, 2):
        found.add(first=NOW - timedelta(days=days), last=NOW - timedelta(days=days), network=HOME, device="curl")
    assert found.since == NOW - timedelta(days=9)
    assert found.networks == {HOME: NOW - timedelta(days=2)}
    assert found.devices == {"curl": NOW - timedelta(days=2)}


@pytest.mark.parametrize(
    ("times", "over", "raised"), [(20, 60, True), (19, 60, False), (20, 61, False), (38, 120, False)]
)
def test_twenty_refusals_for_mfa_in_an_hour_are_many(times: int, over: int, raised: bool) -> None:
    moments = minutes(*(number * over / (times - 1) for number in range(times)))
    finding = mfa_refusals(ANN, moments, Limit(20, timedelta(hours=1)))
    assert (finding is not None) == raised


def test_failed_verifications_name_the_person_and_refused_calls_the_application() -> None:
    limit = Limit(1, timedelta(hours=1))
    person = refused_step_ups(ANN, [Moment(NOW)], limit)
    application = mfa_refusals(Who("app", "app", is_application=True), [Moment(NOW)], limit)
    assert person is not None
    assert application is not None
    assert person.details == {"person": "ann", "name": "ann@contoso.example"}
    assert application.details == {"application": "app", "name": "app"}


@pytest.mark.parametrize(("at", "same"), [((10,), True), ((10.1,), False), ((1, 50), True), ((), False)])
def test_what_comes_soon_enough_after_the_last_one_goes_on_with_it(at: tuple[float, ...], same: bool) -> None:
    assert goes_on(NOW, minutes(*at), Limit(5, timedelta(minutes=10))) is same


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/132.7 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl"),
        ("2.0 python-requests/2.31 ", "python-requests"),
        ("x" * 300, "x" * 100),
        ("", ""),
    ],
)
def test_a_device_is_its_browser_and_system_without_versions(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
