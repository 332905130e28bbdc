"""What applications are called in the reports: as the directory says, else their ids (Q4)."""

import pytest
from django.utils import timezone

from accounts.models import PartnerTenant
from activity.models import Channel
from security.applications import application_names
from security.models import Finding
from security.services import take_snapshot
from tests.portal.security.factory import JANE, use
from tests.portal.security.tenant import FakeTenant

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("Q4")]
OURS = "20000000-0000-4000-8000-000000000001"


def called_by(contoso: PartnerTenant, application: str, channel: Channel = Channel.APP_AND_USER) -> None:
    use(contoso, JANE if channel is Channel.APP_AND_USER else "", 1, channel=channel, application=application)


def test_a_snapshot_learns_what_the_directory_calls_the_applications(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    called_by(contoso, OURS)
    tenant.applications = {OURS: "Invoices"}
    take_snapshot(contoso, timezone.now())
    assert application_names(contoso.pk, [OURS, "other"]) == {OURS: "Invoices"}
    assert Finding.objects.get().application_name == "Invoices"
    assert application_names(fabrikam.pk, [OURS]) == {}


def test_a_new_name_replaces_the_old_one(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    called_by(contoso, OURS)
    for name in ("Invoices", "Billing robot"):
        tenant.applications = {OURS: name}
        take_snapshot(contoso, timezone.now())
    assert application_names(contoso.pk, [OURS]) == {OURS: "Billing robot"}


def test_a_directory_that_keeps_names_back_spoils_nothing(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    called_by(contoso, OURS)
    tenant.refused = {"servicePrincipals": (403, "Authorization_RequestDenied")}
    snapshot = take_snapshot(contoso, timezone.now())
    assert (snapshot.problem, application_names(contoso.pk, [OURS])) == ("", {})


@pytest.mark.parametrize(("applications", "calls"), [(0, 0), (1, 1), (15, 1), (16, 2)])
def test_fifteen_names_are_asked_for_in_one_call(
    tenant: FakeTenant, contoso: PartnerTenant, applications: int, calls: int
) -> None:
    for number in range(applications):
        called_by(contoso, f"20000000-0000-4000-8000-{number:012d}")
    take_snapshot(contoso, timezone.now())
    assert len([path for path in tenant.asked if "servicePrincipals" in path]) == calls


def test_only_ids_are_put_into_the_question(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    called_by(contoso, "x') or (true eq true")
    take_snapshot(contoso, timezone.now())
    assert not [path for path in tenant.asked if "servicePrincipals" in path]
