import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import PartnerTenant, User
from tests.portal.business import START, make_customer, make_customers

LIST = "/commerce/customers"


@pytest.fixture(autouse=True)
def signed_in(client: Client, alejandra: User, sign_in: Callable[..., object]) -> None:
    sign_in(client, alejandra)


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(LIST + query).context["page"]
    return [row[0].value for row in page.rows]


def walk(client: Client, query: str, direction: str = "next") -> list[list[str]]:
    """The names on each page, following the links."""
    pages = []
    while True:
        page = client.get(LIST + query).context["page"]
        pages.append([row[0].value for row in page.rows])
        query = getattr(page, direction)
        if not query:
            return pages


def test_paging_shows_every_customer_once(client: Client, contoso: PartnerTenant) -> None:
    make_customers(contoso, 60)
    pages = walk(client, "")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [name for page in pages for name in page] == [f"Customer {n:03}" for n in range(60)]


def test_previous_leads_back_through_the_same_pages(client: Client, contoso: PartnerTenant) -> None:
    make_customers(contoso, 60)
    first = client.get(LIST).context["page"]
    second = client.get(LIST + first.next).context["page"]
    third = client.get(LIST + second.next).context["page"]
    assert first.previous == ""
    assert third.next == ""
    back = client.get(LIST + third.previous).context["page"]
    assert [row[0].value for row in back.rows] == [row[0].value for row in second.rows]
    start = client.get(LIST + back.previous).context["page"]
    assert [row[0].value for row in start.rows] == [row[0].value for row in first.rows]
    assert start.previous == ""


def test_the_next_page_repeats_and_skips_nothing_when_rows_are_inserted_before_it(
    client: Client, contoso: PartnerTenant
) -> None:
    make_customers(contoso, 30, first=100)
    first = client.get(LIST).context["page"]
    make_customers(contoso, 5)
    assert names(client, first.next) == [f"Customer {n}" for n in range(125, 130)]


@pytest.mark.parametrize("sort", ["added", "-added"])
def test_rows_with_the_same_value_are_neither_lost_nor_repeated(
    client: Client, contoso: PartnerTenant, sort: str
) -> None:
    for n in range(60):
        make_customer(contoso, f"Twin {n:02}", f"twin{n:02}.example", added=START)
    seen = [name for page in walk(client, f"?sort={sort}") for name in page]
    expected = [f"Twin {n:02}" for n in range(60)]
    assert seen == (expected if sort == "added" else expected[::-1])


def test_sorting_works_in_both_directions(client: Client, contoso: PartnerTenant) -> None:
    make_customer(contoso, "B", "b.example", added=START)
    make_customer(contoso, "A", "a.example", added=START + timedelta(days=1))
    assert names(client) == ["A", "B"]
    assert names(client, "?sort=-name") == ["B", "A"]
    assert names(client, "?sort=added") == ["B", "A"]
    assert names(client, "?sort=-added") == ["A", "B"]


@pytest.mark.parametrize("text", ["ромашка", "РОМАШКА", "romashka", "пекарня ром"])
def test_search_finds_any_word_in_any_case_and_script(client: Client, contoso: PartnerTenant, text: str) -> None:
    make_customer(contoso, "Пекарня «Ромашка»", "romashka.example", "RU")
    make_customer(contoso)
    assert names(client, f"?q={text}") == ["Пекарня «Ромашка»"]


def test_filters_narrow_by_status_relationship_and_country(client: Client, contoso: PartnerTenant) -> None:
    make_customer(contoso, "One", "one.example", "JP", state="suspended")
    make_customer(contoso, "Two", "two.example", "US", relationship_to_partner="advisor")
    assert names(client, "?country=JP") == ["One"]
    assert names(client, "?state=suspended") == ["One"]
    assert names(client, "?relationship=advisor") == ["Two"]
    assert names(client, "?relationship=advisor&country=JP") == []


def test_search_filter_and_order_stay_in_every_link(client: Client, contoso: PartnerTenant) -> None:
    make_customers(contoso, 60)
    page = client.get(LIST + "?q=customer&state=active&sort=-added").context["page"]
    for link in (page.next, page.export_url):
        assert "q=customer" in link
        assert "state=active" in link
        assert "sort=-added" in link


def test_the_total_comes_from_the_counter_and_a_filtered_list_says_how_many_match(
    client: Client, contoso: PartnerTenant
) -> None:
    make_customers(contoso, 30)
    make_customer(contoso, "Elsewhere", "elsewhere.example", "JP")
    assert client.get(LIST).context["page"].total == 31
    assert client.get(LIST + "?country=US").context["page"].total == 30


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?state=purple", "“purple” is not a choice for Status."),
        ("?sort=password", "The list cannot be sorted by “password”."),
        ("?after=tampered", "The link to this page of the list is not valid; the list starts anew."),
        ("?q=%00", "The search contains a character that cannot be searched for."),
        ("?q=" + "x" * 500, "The search is longer than 120 characters."),
        ("?format=xml", "The list can be exported as csv only."),
    ],
)
def test_a_bad_value_is_named_on_the_page(client: Client, contoso: PartnerTenant, query: str, words: str) -> None:
    make_customer(contoso)
    response = client.get(LIST + query)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert "Fourth Coffee" in response.content.decode()


def test_a_page_whose_rows_went_meanwhile_starts_anew_instead_of_saying_there_is_nothing(
    client: Client, contoso: PartnerTenant
) -> None:
    last = make_customers(contoso, 26)[-1]
    second = client.get(LIST).context["page"].next
    last.delete()
    response = client.get(LIST + second)
    assert len(response.context["page"].rows) == 25
    assert "No customers yet" not in response.content.decode()


def test_a_page_link_of_another_order_starts_anew(client: Client, contoso: PartnerTenant) -> None:
    make_customers(contoso, 30)
    token = re.search(r"after=([^&]+)", client.get(LIST).context["page"].next)
    assert token is not None
    response = client.get(f"{LIST}?sort=-added&after={token[1]}")
    assert response.status_code == 400
    assert response.context["page"].rows[0][0].value == "Customer 029"


def test_adding_rows_adds_no_query(
    client: Client, contoso: PartnerTenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_customers(contoso, 3)
    client.get(LIST)
    # Session with user and tenant, counter, countries, rows, and the operation log's insert.
    with django_assert_num_queries(5):
        client.get(LIST)
    make_customers(contoso, 40, first=100)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_csv_file_has_every_filtered_row_and_no_formula(client: Client, contoso: PartnerTenant) -> None:
    make_customers(contoso, 60)
    make_customer(contoso, "=cmd()", "evil.example", "JP")
    response = client.get(LIST + "?format=csv&country=US")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="customers-')
    assert rows[0][:3] == ["Company name", "Domain", "Country"]
    assert len(rows) == 61
    evil = client.get(LIST + "?format=csv&country=JP").getvalue().decode()
    assert "'=cmd()" in evil


def test_a_csv_file_is_refused_rather_than_wrongly_filtered(client: Client, contoso: PartnerTenant) -> None:
    make_customer(contoso)
    response = client.get(LIST + "?format=csv&country=XX")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_an_empty_list_says_what_to_do_next(client: Client) -> None:
    text = client.get(LIST).content.decode()
    assert "No customers yet" in text
    assert "/commerce/customers/add" in text
