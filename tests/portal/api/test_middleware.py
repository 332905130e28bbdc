"""Calls of the API pass by what is done for pages, and nothing that protects every answer."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.urls.resolvers import RegexPattern, URLResolver
from pytest_django import Settings

from accounts.access import access_rule
from accounts.models import User
from activity.models import ApiRequest
from api.middleware import ApiMiddleware
from tests.portal.api.conftest import Api
from tests.portal.business import make_customer

CUSTOMERS = "/v1/customers"


def test_an_answer_says_to_browsers_that_it_is_no_page(api: Api, alejandra: User) -> None:
    for response in (api.call(alejandra, CUSTOMERS), api.client.get(CUSTOMERS), api.client.get("/v1/nothing")):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response["Cache-Control"] == "no-store"
        assert int(response["Content-Length"]) == len(response.content)


def test_cookies_and_languages_of_pages_are_not_looked_at(
    api: Api, alejandra: User, django_assert_num_queries: Any
) -> None:
    make_customer(alejandra.tenant)
    token = api.token_of(alejandra)
    api.call(token, CUSTOMERS)
    api.client.cookies["partnercenter_session"] = "somebody"
    with django_assert_num_queries(4):
        response = api.call(token, CUSTOMERS, headers={"Accept-Language": "ja"})
    assert not response.cookies
    assert "Content-Language" not in response


def test_another_host_name_is_refused(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, headers={"Host": "elsewhere.example"})
    assert (response.status_code, response.content) == (400, b"")  # no page, which nothing here would guard
    assert not ApiRequest.objects.exists()


@pytest.mark.parametrize("address", ["/v1//customers", "/v1/../commerce", "/v1/./customers", "/v1/customers/"])
def test_a_path_that_could_be_read_otherwise_is_not_found(api: Api, alejandra: User, address: str) -> None:
    assert api.call(alejandra, address).status_code == 404


@access_rule("api")
def _call(request: HttpRequest, **parts: str) -> HttpResponse:
    return HttpResponse("the API")


@access_rule("customers")
def _page(request: HttpRequest, **parts: str) -> HttpResponse:
    return HttpResponse("past the rules of pages")


def _unmarked(request: HttpRequest, **parts: str) -> HttpResponse:
    return HttpResponse("past the rules of pages")


@pytest.mark.parametrize(
    ("view", "address", "answer"),
    [
        (_call, "/v1/thing", "the API"),
        (_call, "/webhooks/v1/thing", "the API"),
        (_call, "/v1x/thing", "pages"),
        (_call, "/commerce/thing", "pages"),
        (_call, "/webhooks/thing", "pages"),
        (_call, "/nowhere/thing", "pages"),
        (_call, "/v1/../v1/thing", "pages"),
        (_page, "/v1/thing", "pages"),
        (_unmarked, "/v1/thing", "pages"),
        (_call, "/v1/another", "pages"),
    ],
)
def test_only_marked_views_under_the_row_of_the_api_pass_by_the_pages(view: Any, address: str, answer: str) -> None:
    ours = ApiMiddleware(lambda request: HttpResponse("pages"))
    ours.resolver = URLResolver(
        RegexPattern(r"^/"),
        [path(f"{before}/thing", view) for before in ("v1", "v1x", "webhooks/v1", "webhooks", "commerce", "nowhere")]
        + [path("v1/../v1/thing", view)],
    )
    assert ours(RequestFactory().get(address)).content.decode() == answer


def test_a_proxy_of_ours_still_says_whose_address_it_is(api: Api, alejandra: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    api.client.handler.load_middleware()
    api.call(alejandra, CUSTOMERS, headers={"X-Forwarded-For": "203.0.113.9"})
    assert ApiRequest.objects.get().ip == "203.0.113.9"
