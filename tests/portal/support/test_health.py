from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from fluent.listing import folded
from support.models import IncidentUpdate, ServiceIncident
from tests.portal.business import START

SignIn = Callable[..., object]
PAGES = ["/dashboard/servicehealth", "/dashboard/servicehealth/TM1"]


@pytest.fixture(autouse=True)
def incident(db: None) -> ServiceIncident:
    incident = ServiceIncident.objects.create(
        number="TM1", workload="Teams", title="Recordings are late", impact="Everybody", status="warning",
        start_time=START, last_updated_time=START, search_text=folded("TM1 Teams Recordings are late"),
    )  # fmt: skip
    IncidentUpdate.objects.create(incident=incident, text="We look into it.", posted_at=START)
    return incident


@pytest.mark.requirement("M2")
@pytest.mark.parametrize("roles", [[], [Role.SALES_AGENT], [Role.SECURITY_ADMIN]])
@pytest.mark.parametrize("page", PAGES)
def test_every_partner_user_reads_service_health_without_mfa(
    client: Client, olga: User, sign_in: SignIn, page: str, roles: list[Role]
) -> None:
    sign_in(client, olga, mfa=False, roles=roles)
    assert "Recordings are late" in client.get(page).content.decode()


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("page", PAGES)
def test_signed_out_people_are_sent_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/oidc/authenticate")


def test_an_incident_shows_its_updates_and_an_unknown_one_is_404(client: Client, olga: User, sign_in: SignIn) -> None:
    sign_in(client, olga)
    assert "We look into it." in client.get("/dashboard/servicehealth/TM1").content.decode()
    assert client.get("/dashboard/servicehealth/TM2").status_code == 404


def test_without_open_incidents_the_page_says_that_all_works(
    client: Client, olga: User, sign_in: SignIn, incident: ServiceIncident
) -> None:
    ServiceIncident.objects.update(status="normal")
    sign_in(client, olga)
    assert "All services are working" in client.get("/dashboard/servicehealth").content.decode()


def test_the_incidents_can_be_exported_as_they_are_filtered(client: Client, olga: User, sign_in: SignIn) -> None:
    sign_in(client, olga, mfa=False)
    page = client.get("/dashboard/servicehealth?status=warning").content.decode()
    assert 'href="?status=warning&amp;format=csv"' in page
    file = client.get("/dashboard/servicehealth?status=warning&format=csv")
    assert b"TM1,Teams,Recordings are late,Warning" in b"".join(file.streaming_content)


@pytest.mark.requirement("M16")
def test_the_public_feed_names_the_incidents_without_signing_in(client: Client) -> None:
    response = client.get("/health-feed")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    assert "Teams: Recordings are late (Warning)" in text
    assert "http://localhost:8000/dashboard/servicehealth/TM1" in text
