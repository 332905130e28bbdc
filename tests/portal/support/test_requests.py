from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from customers.services.customers import edit_customer
from support.models import CustomerRequest, Note, Presence, RequestCount, SupportTopic
from tests.portal.business import make_customer, make_request
from tests.portal.conftest import make_user

AREA = "/dashboard/v2/support/customers"
NEW = {
    "customer": "fourthcoffee.example",
    "title": "Mail returns",
    "description": "Since noon.",
    "severity": "critical",
    "topic": "1002",
}


@pytest.fixture(autouse=True)
def signed_in(client: Client, alejandra: User, sign_in: Callable[..., object]) -> None:
    sign_in(client, alejandra)


def counts(partner: PartnerTenant) -> tuple[int, int]:
    found = RequestCount.objects.get(partner=partner)
    return found.total, found.open


def test_a_request_lives_from_opening_over_replies_to_closing_and_reopening(
    client: Client, contoso: PartnerTenant
) -> None:
    make_customer(contoso)
    response = client.post(f"{AREA}/new", NEW)
    case = CustomerRequest.objects.get()
    assert case.topic == SupportTopic.LICENSES
    assert "Licenses and subscriptions" in client.get(f"{AREA}/{case.pk}").content.decode()
    assert response["Location"] == f"{AREA}/{case.pk}"
    assert counts(contoso) == (1, 1)
    client.post(f"{AREA}/{case.pk}/reply", {"text": "We look into it."})
    assert "We look into it." in client.get(f"{AREA}/{case.pk}").content.decode()
    client.post(f"{AREA}/{case.pk}/close")
    assert counts(contoso) == (1, 0)
    case.refresh_from_db()
    assert case.last_closed_date is not None
    client.post(f"{AREA}/{case.pk}/reopen")
    assert counts(contoso) == (1, 1)
    case.refresh_from_db()
    assert (case.status, case.last_closed_date) == ("open", None)
    actions = AuditRecord.objects.filter(action__startswith="request.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["request.opened", "request.replied", "request.closed", "request.reopened"]


@pytest.mark.parametrize("topic", ["", "5", "billing"])
def test_a_request_is_about_one_of_the_topics(client: Client, contoso: PartnerTenant, topic: str) -> None:
    make_customer(contoso)
    assert client.post(f"{AREA}/new", NEW | {"topic": topic}).status_code == 422
    assert not CustomerRequest.objects.exists()


def test_the_list_filters_by_topic(client: Client, contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    make_request(customer, "one", topic=SupportTopic.BILLING)
    make_request(customer, "two", topic=SupportTopic.DATA)
    assert [row[1].value for row in client.get(f"{AREA}?topic=1003").context["page"].rows] == ["one"]


def test_the_customer_may_be_named_by_its_id(client: Client, contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    client.post(f"{AREA}/new", NEW | {"customer": str(customer.tenant_id)})
    assert CustomerRequest.objects.get().customer == customer


def test_a_second_close_changes_no_count(client: Client, contoso: PartnerTenant) -> None:
    case = make_request(make_customer(contoso))
    client.post(f"{AREA}/{case.pk}/close")
    response = client.post(f"{AREA}/{case.pk}/close", follow=True)
    assert "The request was closed already." in response.content.decode()
    assert counts(contoso) == (1, 0)


def test_a_reply_to_a_request_closed_meanwhile_is_kept_in_the_form(client: Client, contoso: PartnerTenant) -> None:
    case = make_request(make_customer(contoso), status="closed")
    response = client.post(f"{AREA}/{case.pk}/reply", {"text": "One more thing"})
    assert response.status_code == 409
    assert "One more thing" in response.content.decode()
    assert not Note.objects.exists()


def test_what_people_write_is_shown_as_text(client: Client, contoso: PartnerTenant) -> None:
    case = make_request(make_customer(contoso), "<b>bold</b>")
    client.post(f"{AREA}/{case.pk}/reply", {"text": "<script>alert(1)</script>"})
    text = client.get(f"{AREA}/{case.pk}").content.decode()
    assert "<script>alert" not in text
    assert "<b>bold" not in text


def test_others_who_have_the_request_open_are_named_for_a_few_minutes(
    client: Client, contoso: PartnerTenant, sign_in: Callable[..., object], alejandra: User
) -> None:
    case = make_request(make_customer(contoso))
    other = make_user(contoso, "Hiro Tanaka", "hiro@contoso.example", alejandra.roles)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        second = Client()
        sign_in(second, other)
        assert "open too" not in second.get(f"{AREA}/{case.pk}").content.decode()
        assert "Hiro Tanaka has this request open too." in client.get(f"{AREA}/{case.pk}").content.decode()
        clock.shift(timedelta(minutes=4))
        assert "open too" not in client.get(f"{AREA}/{case.pk}").content.decode()
    assert Presence.objects.count() == 1


def test_the_list_filters_what_is_not_closed_and_sorts_by_customer(client: Client, contoso: PartnerTenant) -> None:
    one = make_customer(contoso, "B", "b.example")
    two = make_customer(contoso, "A", "a.example")
    make_request(one, "first")
    make_request(two, "second", status="attention_needed")
    make_request(two, "third", status="closed")
    page = client.get(f"{AREA}?status=not_closed&sort=customer").context["page"]
    assert [row[1].value for row in page.rows] == ["second", "first"]


def test_paging_follows_a_column_of_another_table(client: Client, contoso: PartnerTenant) -> None:
    for n in range(30):
        make_request(make_customer(contoso, f"C{n:02}", f"c{n:02}.example"), f"T{n:02}")
    first = client.get(f"{AREA}?sort=-customer").context["page"]
    second = client.get(AREA + first.next).context["page"]
    assert [row[1].value for row in [*first.rows, *second.rows]] == [f"T{n:02}" for n in range(29, -1, -1)]


def test_more_requests_and_notes_add_no_query(
    client: Client, contoso: PartnerTenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    customer = make_customer(contoso)
    case = make_request(customer)

    def pages() -> None:
        # Session, counter, rows with customers, log.
        with django_assert_num_queries(4):
            client.get(AREA)
        # Session, request, attachments, notes, presence (begin, delete, write, commit, read others), log.
        with django_assert_num_queries(10):
            client.get(f"{AREA}/{case.pk}")

    client.get(f"{AREA}/{case.pk}")
    pages()
    for number in range(5):
        make_request(customer)
        Note.objects.create(request=case, text=str(number), created_by_name="x", created_date=case.created_date)
    pages()


def test_the_requests_of_a_renamed_customer_are_found_under_its_new_name(
    client: Client, contoso: PartnerTenant, alejandra: User
) -> None:
    case = make_request(make_customer(contoso))
    values = {"company_name": "Fifth Coffee", "domain": "fifthcoffee.example", "email": "", "country": "US"}
    edit_customer(user=alejandra, customer=case.customer, expected_version=1, values=values)
    for url in (f"{AREA}?q=fifth+calls", "/dashboard/search?q=fifth+calls"):
        assert str(case.pk) in client.get(url).content.decode()
