"""The pages of the security workspace: who opens them, what they show, and what they cost."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from security.kinds import AlertKind, AlertStatus, Level
from security.models import KnownPlace, SecurityAlert
from tests.portal.conftest import SignIn
from tests.portal.security.logs import APP, AWAY, called, changed_role, make_alert

AREA = "/dashboard/security"
LIST = f"{AREA}/alerts"
ONE = LIST + "/{alert}"
PAGES = [AREA, LIST, ONE]
POSTS = [f"{ONE}/{act}" for act in ("take-up", "resolve", "reopen", "note")]


@pytest.fixture
def alert(contoso: PartnerTenant) -> SecurityAlert:
    return make_alert(contoso)


@pytest.mark.requirement("M6")
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("page", PAGES)
def test_admin_agents_and_security_admins_with_mfa_open_every_page(
    client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(page.format(alert=alert.pk)).status_code == 200


@pytest.mark.requirement("M6", "M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.HELPDESK_AGENT, Role.BILLING_ADMIN, Role.GLOBAL_ADMIN])
@pytest.mark.parametrize("page", PAGES + POSTS)
def test_other_roles_are_forbidden(
    client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    method = client.post if page in POSTS else client.get
    assert method(page.format(alert=alert.pk)).status_code == 403


@pytest.mark.requirement("M6", "M11")
@pytest.mark.parametrize("page", PAGES)
def test_without_mfa_the_page_asks_for_it(
    client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, alejandra, mfa=False)
    assert client.get(page.format(alert=alert.pk))["Location"].startswith("/oidc/step-up")


@pytest.mark.parametrize("page", [ONE, *POSTS])
def test_another_partners_alert_is_not_there(
    client: Client, alert: SecurityAlert, olga: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, olga)
    method = client.post if page in POSTS else client.get
    assert method(page.format(alert=alert.pk)).status_code == 404
    assert str(alert.pk) not in client.get(LIST).content.decode()


def shown(client: Client, query: str) -> int:
    return len(client.get(f"{LIST}?{query}").context["page"].rows)


def test_the_list_is_narrowed_by_status_severity_kind_period_and_text(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    old = timezone.now() - timezone.timedelta(days=40)
    make_alert(contoso)
    make_alert(contoso, status=AlertStatus.INVESTIGATING, severity=Level.LOW)
    make_alert(contoso, status=AlertStatus.RESOLVED, kind=AlertKind.NEW_APP_NETWORK, detected_at=old, search_text=APP)
    expected = {
        "": 3, "status=unresolved": 2, "status=active": 1, "status=resolved": 1, "severity=high": 2, "severity=low": 1,
        "kind=new-app-network": 1, "q=ANN": 2, f"q={APP}": 1, "q=nobody": 0,
        f"to={quote((old + timezone.timedelta(days=1)).date().isoformat())}": 1, "status=active&severity=low": 0,
    }  # fmt: skip
    assert {query: shown(client, query) for query in expected} == expected


def test_the_file_has_the_rows_of_the_list(
    client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    text = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode()
    assert str(alert.pk) in text
    assert "ann@contoso.example" in text


@pytest.mark.parametrize("alerts", [1, 20])
def test_the_list_costs_the_same_for_any_number_of_alerts(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: SignIn,
    django_assert_num_queries: Any,
    alerts: int,
) -> None:
    sign_in(client, alejandra)
    for _number in range(alerts):
        make_alert(contoso)
    with django_assert_num_queries(4):  # the gate, the tiles, the rows, the operation log
        client.get(LIST)


def text_of(client: Client, alert: SecurityAlert) -> str:
    return client.get(f"{LIST}/{alert.pk}").content.decode()


def test_an_unusual_sign_in_is_told_in_a_sentence_with_the_way_to_the_person(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    now = timezone.now()
    details = {"person": alejandra.oid, "name": "alejandra@contoso.example", "network": AWAY, "device": "curl"}
    alert = make_alert(contoso, details=details)
    KnownPlace.objects.create(
        tenant=contoso,
        subject="person x",
        network=AWAY,
        device="curl",
        first_seen_at=now,
        last_seen_at=now,
        alert=alert,
    )
    sign_in(client, alejandra)
    text = text_of(client, alert)
    assert f"alejandra@contoso.example signed in from the network {AWAY} with curl." in text
    assert f"/dashboard/account/users/{alejandra.oid}" in text
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])  # may not open user management
    assert f"/dashboard/account/users/{alejandra.oid}" not in text_of(client, alert)


def test_an_applications_alert_leads_to_its_calls_for_those_who_see_them(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    call = called(contoso, at=timezone.now())
    details = {"application": APP, "network": AWAY, "call": str(call.pk), "correlation_id": "look-here"}
    alert = make_alert(contoso, kind=AlertKind.NEW_APP_NETWORK, condition=APP, observations=3, details=details)
    sign_in(client, alejandra)
    text = text_of(client, alert)
    assert f"The application {APP} made 3 calls from networks" in text
    assert f"/dashboard/help/api/calls/{call.pk}" in text
    assert f"/dashboard/help/api/calls?q={APP}" in text
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])  # the log shows them their own calls alone
    assert "/dashboard/help/api/calls/" not in text_of(client, alert)
    assert "look-here" in text_of(client, alert)


def test_role_changes_and_refused_calls_are_listed(
    client: Client, contoso: PartnerTenant, fabrikam: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    now = timezone.now()
    changed_role(contoso, "ann", at=now, subject="one@contoso.example")
    changed_role(contoso, "ben", at=now, subject="other-actor")
    changed_role(fabrikam, "ann", at=now, subject="other-tenant")
    seen = {"first_observed_at": now, "last_observed_at": now, "observations": 5}
    roles = make_alert(
        contoso, kind=AlertKind.MASS_ROLE_CHANGE, condition="ann", details={"person": "ann", "name": "Ann"}, **seen
    )
    called(contoso, at=now, code="900421", user_id="ann", correlation_id="refused-here")
    refusals = make_alert(
        contoso, kind=AlertKind.MFA_REFUSALS, condition="ann", details={"person": "ann", "name": "Ann"}, **seen
    )
    sign_in(client, alejandra)
    text = text_of(client, roles)
    assert "Ann granted or took away 5 roles." in text
    assert "one@contoso.example" in text
    assert "other-actor" not in text
    assert "other-tenant" not in text
    assert "refused-here" in text_of(client, refusals)


def test_text_from_the_logs_stays_text(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    details = {"person": "x", "name": "<b>%(x)s</b>", "network": AWAY, "device": "<script>"}
    sign_in(client, alejandra)
    text = text_of(client, make_alert(contoso, details=details, affected_resources=["<i>"]))
    assert "<script>" not in text
    assert "&lt;b&gt;%(x)s&lt;/b&gt; signed in" in text


def test_the_workspace_leads_to_each_of_its_pages(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    text = client.get(AREA).content.decode()
    assert f'href="{LIST}"' in text
    assert f'href="{LIST}?status=unresolved"' in text
