"""The page *Mails*: who opens it, what is entered, and the links that mails lead to."""

import re
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Cloud, PartnerTenant, User
from accounts.roles import Role
from activity.models import AuditRecord
from security.metrics import Measure
from security.models import MailSubscription
from tests.portal.conftest import SignIn
from tests.portal.security.factory import subscription
from tests.posted import posted

PAGE = "/dashboard/account/security-requirements/mails"
ADD = f"{PAGE}/add"
ONE = PAGE + "/{key}"
POSTS = [f"{ONE}/ask-again", f"{ONE}/remove"]
FORM = {
    "address": "ann@contoso.example", "language": "ja", "weekly_on": "2",
    "below_accounts": "95", "below_portal": "", "below_api": "100",
}  # fmt: skip


@pytest.fixture
def row(contoso: PartnerTenant) -> MailSubscription:
    return subscription(contoso)


@pytest.mark.requirement("M9")
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.GLOBAL_ADMIN])
def test_admin_agents_and_global_admins_open_it_without_mfa(
    client: Client, row: MailSubscription, alejandra: User, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, alejandra, mfa=False, roles=[role])
    for page in (PAGE, ONE.format(key=row.pk)):
        response = client.get(page)
        assert response.status_code == HTTPStatus.OK
        assert row.address in response.content.decode()


@pytest.mark.requirement("M9", "S9")
def test_cpv_admins_subscribe_too(client: Client, cpv_admin: User, sign_in: SignIn) -> None:
    sign_in(client, cpv_admin)
    assert client.post(ADD, FORM)["Location"] == PAGE
    assert MailSubscription.objects.get().tenant == cpv_admin.tenant


@pytest.mark.requirement("M9", "M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.HELPDESK_AGENT, Role.BILLING_ADMIN, Role.SECURITY_ADMIN])
def test_other_roles_are_forbidden(
    client: Client, row: MailSubscription, alejandra: User, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    for page in (ADD, ONE.format(key=row.pk), *(post.format(key=row.pk) for post in POSTS)):
        assert client.post(page, FORM).status_code == HTTPStatus.FORBIDDEN
    assert MailSubscription.objects.count() == 1


@pytest.mark.parametrize("page", [ONE, *POSTS])
def test_another_partners_subscription_is_not_there(
    client: Client, row: MailSubscription, olga: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, olga)
    assert client.post(page.format(key=row.pk), FORM).status_code == HTTPStatus.NOT_FOUND
    assert client.post(page.format(key=uuid4()), FORM).status_code == HTTPStatus.NOT_FOUND
    assert row.address not in client.get(PAGE).content.decode()
    row.refresh_from_db()
    assert row.language == "en"


@pytest.mark.requirement("Q6")
def test_a_sovereign_tenant_has_no_such_page(
    client: Client, row: MailSubscription, alejandra: User, sign_in: SignIn
) -> None:
    PartnerTenant.objects.update(cloud=Cloud.GERMANY)
    sign_in(client, alejandra)
    assert client.get(PAGE).status_code == HTTPStatus.NOT_FOUND
    for page in (ADD, ONE.format(key=row.pk), *(post.format(key=row.pk) for post in POSTS)):
        assert client.post(page, FORM).status_code == HTTPStatus.NOT_FOUND


def test_an_address_is_added_with_its_choices(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    text = client.post(ADD, FORM, follow=True).content.decode()
    assert "A link to confirm was mailed to ann@contoso.example." in text
    assert "Not confirmed yet" in text
    row = MailSubscription.objects.get()
    assert (row.language, row.weekly_on) == ("ja", 2)
    assert row.watched == {Measure.ACCOUNTS: 95, Measure.API: 100}
    assert [message.to for message in posted()] == [["ann@contoso.example"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "no address"},
        {"address": ""},
        {"address": "ann@contoso.example\nBcc: bob@contoso.example"},
        {"address": "ann@contoso.example, bob@contoso.example"},
        {"address": "Ann <ann@contoso.example>"},
        {"address": f"ann@{'a' * 250}.example"},
        {"language": "xx"},
        {"weekly_on": "7"},
        {"below_api": "0"},
        {"below_api": "101"},
        {"below_api": "many"},
        {"weekly_on": "", "below_accounts": "", "below_api": ""},
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_sent(
    client: Client, alejandra: User, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    sign_in(client, alejandra)
    response = client.post(ADD, FORM | wrong)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors
    assert not MailSubscription.objects.exists()
    assert posted() == []


def test_a_refusal_stands_at_the_address(
    client: Client, row: MailSubscription, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    response = client.post(ADD, FORM)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This address is on the list already." in response.content.decode()


def test_choices_are_changed_and_an_address_is_removed(
    client: Client, row: MailSubscription, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    page = ONE.format(key=row.pk)
    assert client.get(page).context["form"].initial["below_portal"] == 100
    assert client.post(page, FORM)["Location"] == PAGE
    row.refresh_from_db()
    assert (row.weekly_on, row.watched) == (2, {Measure.ACCOUNTS: 95, Measure.API: 100})
    assert client.post(page, {"language": "en"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(f"{page}/remove")
    assert not MailSubscription.objects.exists()
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["security.mail-changed", "security.mail-removed"]


def test_the_question_is_mailed_again(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    client.post(ADD, FORM)
    key = MailSubscription.objects.get().pk
    said = [client.post(f"{PAGE}/{key}/ask-again", follow=True).content.decode() for _time in range(3)]
    assert ["Too many confirmation mails" in text for text in said] == [False, False, True]
    assert len(posted()) == 3


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_costs_the_same_for_any_number_of_addresses(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn, django_assert_num_queries: Any, rows: int
) -> None:
    sign_in(client, alejandra)
    for number in range(rows):
        subscription(contoso, f"person{number}@contoso.example")
    with django_assert_num_queries(3):  # the gate, the rows, the operation log
        client.get(PAGE)


def links(client: Client, user: User, sign_in: SignIn) -> tuple[str, str]:
    """To confirm and to unsubscribe, as the mail has them."""
    sign_in(client, user)
    client.post(ADD, FORM)
    paths = re.findall(r"http://localhost:8000(/security-mails/\S+)", posted()[-1].body)
    return paths[0], paths[1]


@pytest.mark.requirement("M16")
def test_the_link_confirms_when_a_person_presses_not_when_a_program_looks(
    client: Client, alejandra: User, sign_in: SignIn
) -> None:
    confirm, _unsubscribe = links(client, alejandra, sign_in)
    anybody = Client()
    response = anybody.get(confirm)
    assert response.status_code == HTTPStatus.OK
    assert "no-store" in response["Cache-Control"]
    assert not MailSubscription.objects.confirmed().exists()
    assert "Your address is confirmed" in anybody.post(confirm).content.decode()
    assert MailSubscription.objects.confirmed().exists()
    assert anybody.post(confirm).status_code == HTTPStatus.GONE
    assert anybody.get(confirm).status_code == HTTPStatus.GONE


@pytest.mark.requirement("M16")
def test_the_link_unsubscribes_without_sign_in_when_pressed(client: Client, alejandra: User, sign_in: SignIn) -> None:
    confirm, unsubscribe = links(client, alejandra, sign_in)
    anybody = Client(enforce_csrf_checks=True)
    assert anybody.post(confirm).status_code == HTTPStatus.FORBIDDEN
    assert anybody.get(unsubscribe).status_code == HTTPStatus.OK
    assert MailSubscription.objects.exists()
    one_click = anybody.post(unsubscribe, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
    assert one_click.status_code == HTTPStatus.OK  # RFC 8058 section 3.1: no redirect
    assert not MailSubscription.objects.exists()
    assert anybody.post(unsubscribe).status_code == HTTPStatus.OK


@pytest.mark.requirement("M16")
@pytest.mark.parametrize("kind", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_nobody_is_gone(client: Client, row: MailSubscription, kind: str, method: str) -> None:
    for token in ("nonsense", f"{row.pk.hex}:forged", row.pk.hex, str(row.pk)):
        response = getattr(client, method)(f"/security-mails/{kind}/{token}")
        assert response.status_code == HTTPStatus.GONE
    assert MailSubscription.objects.exists()
