"""Where it stands who can be asked to register and was asked before, and the ways there (Q5, M8)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.conftest import SignIn
from tests.portal.security.asking import ASK, asked_before, text
from tests.portal.security.factory import account, finding

pytestmark = [pytest.mark.requirement("Q5"), pytest.mark.requirement("M8")]
STATUS = "/dashboard/account/security-requirements"


def test_the_list_has_enabled_members_without_a_method(asker: Client, contoso: PartnerTenant) -> None:
    account(contoso, "Open", registered=False, enforced_by="")
    account(contoso, "Waiting", registered=False, enforced_by="security-defaults")
    account(contoso, "Gone", registered=False, enforced_by="", enabled=False)
    account(contoso, "Visitor", registered=False, enforced_by="", guest=True)
    account(contoso, "Elsewhere", registered=False, enforced_by="federation")
    account(contoso, "Done", registered=True)
    page = text(asker.get(ASK))
    assert [
        name for name in ("Open", "Waiting", "Gone", "Visitor", "Elsewhere", "Done") if f'aria-label="{name}"' in page
    ] == [
        "Open",
        "Waiting",
    ]


def test_it_is_narrowed_by_cause_and_by_when_they_were_asked(
    asker: Client, contoso: PartnerTenant, people: list[str]
) -> None:
    finding(contoso, people[0].upper(), "not-registered")
    finding(contoso, people[1], "defaults-waiting")
    asked_before(contoso, people[1], timedelta(days=2))
    asked_before(contoso, people[2], timedelta(days=9))

    def names(query: str) -> list[str]:
        page = text(asker.get(f"{ASK}?{query}"))
        return [name for name in ("Ann", "Bob", "Cem") if f'aria-label="{name}"' in page]

    assert names("cause=not-registered") == ["Ann"]
    assert names("cause=defaults-waiting") == ["Bob"]
    assert names("asked=never") == ["Ann"]
    assert names("asked=lately") == ["Bob"]
    assert names("asked=before") == ["Cem"]


def test_a_sovereign_tenant_has_no_such_page(asker: Client, contoso: PartnerTenant, people: list[str]) -> None:
    PartnerTenant.objects.filter(pk=contoso.pk).update(cloud="usgov")
    assert asker.get(ASK).status_code == 404
    assert asker.post(f"{ASK}/send", {"person": people}).status_code == 404


@pytest.mark.parametrize(("role", "offered"), [(Role.ADMIN_AGENT, True), (Role.GLOBAL_ADMIN, True), (None, False)])
def test_the_way_to_it_is_shown_to_those_who_may_go(
    client: Client, sign_in: SignIn, alejandra: User, cpv_admin: User, role: Role | None, offered: bool
) -> None:
    user = alejandra if role else cpv_admin
    sign_in(client, user, **({"roles": [role]} if role else {}))
    for cause in ("not-registered", "defaults-waiting"):
        row = finding(user.tenant, f"{cause}@contoso.example", cause)
        assert (f"{ASK}?q=" in text(client.get(f"{STATUS}/causes/{row.pk}"))) is offered
        assert (f"{ASK}?cause={cause}" in text(client.get(STATUS))) is offered
    for page in ("causes", "accounts"):
        assert (f'href="{ASK}"' in text(client.get(f"{STATUS}/{page}"))) is offered


def test_when_somebody_was_asked_last_stands_in_every_list(
    asker: Client, contoso: PartnerTenant, people: list[str]
) -> None:
    row = finding(contoso, people[0].upper(), "not-registered")
    asked_before(contoso, people[0], timedelta(days=2))
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    for page in (f"causes/{row.pk}", "accounts?registered=no"):
        assert f'datetime="{day}' in text(asker.get(f"{STATUS}/{page}"))
    assert day in asker.get(f"{STATUS}/causes?format=csv").getvalue().decode()
    assert f'datetime="{day}' in text(asker.get(ASK))
