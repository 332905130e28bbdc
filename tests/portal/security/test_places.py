"""How long the places are known and kept that sign-ins and calls came from."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import PartnerTenant
from security.alerts.places import histories
from security.alerts.services import forget_places
from security.kinds import AlertStatus
from security.models import KnownPlace
from tests.portal.security.logs import HOME, make_alert

DAY = timedelta(days=1)


def test_places_are_forgotten_after_thirty_days_unless_an_open_alert_is_about_them(contoso: PartnerTenant) -> None:
    now = timezone.now()
    open_alert, settled = make_alert(contoso), make_alert(contoso, status=AlertStatus.RESOLVED)
    for number, (ago, alert) in enumerate([(29, None), (31, None), (31, open_alert), (31, settled)]):
        KnownPlace.objects.create(
            tenant=contoso, subject=f"person {number}", network=HOME, first_seen_at=now - 60 * DAY,
            last_seen_at=now - ago * DAY, alert=alert,
        )  # fmt: skip
    assert forget_places(now) == 2
    assert sorted(place.subject for place in KnownPlace.objects.all()) == ["person 0", "person 2"]


def test_a_history_has_the_places_seen_lately_and_with_networks_those_alone(contoso: PartnerTenant) -> None:
    now = timezone.now()
    for network, first, last in (("old", 90, 31), ("home", 60, 29), ("work", 40, 1)):
        KnownPlace.objects.create(
            tenant=contoso,
            subject="ann",
            network=network,
            first_seen_at=now - first * DAY,
            last_seen_at=now - last * DAY,
        )
    ann = (contoso.pk, "ann")
    everything = histories([ann], now - 30 * DAY)[ann]
    assert (everything.since, set(everything.networks)) == (now - 60 * DAY, {"home", "work"})
    one = histories([ann], now - 30 * DAY, networks=["work", "old"])[ann]
    assert (one.since, set(one.networks)) == (now - 60 * DAY, {"work"})
