"""A form that meets a step-up: CSRF first, held sealed, shown again, never sent by itself."""

import re
import time

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import held_posts
from accounts.models import HeldPost, HeldUpload, PortalSession
from activity.models import OperationRecord
from customers.models import Customer
from tests.portal.accounts.conftest import Browser
from tests.portal.conftest import SignIn

FORM = {"name": "A. Datum", "note": "first line\nsecond line", "password": "hunter2", "client_secret": "s3cret"}
ADD = "/commerce/customers/add"


@pytest.fixture
def held(browser: Browser) -> HeldPost:
    browser.sign_in()
    response = browser.client.post(ADD, {**FORM, "tag": ["one", "two"]})
    assert response.status_code == 403
    assert b"Verify your identity" in response.content
    return HeldPost.objects.get()


def verify(browser: Browser, held: HeldPost) -> str:
    url = browser.client.get("/oidc/step-up", {"held": str(held.pk)})["Location"]
    browser.op.changed["amr"] = ["pwd", "mfa"]
    return browser.come_back(url)["Location"]


def test_the_form_comes_back_filled_in_after_verification(browser: Browser, held: HeldPost) -> None:
    page = browser.client.get(verify(browser, held))
    assert page.status_code == 200
    for words in (b'value="A. Datum"', b"first line\nsecond line", b'action="/commerce/customers/add"', b'value="two"'):
        assert words in page.content


def test_nothing_is_sent_by_itself(browser: Browser, held: HeldPost) -> None:
    before = Customer.objects.count()
    browser.client.get(verify(browser, held))
    assert Customer.objects.count() == before
    assert HeldPost.objects.count() == 1


def test_secret_fields_are_never_kept_and_named(browser: Browser, held: HeldPost) -> None:
    assert held.dropped == ["client_secret", "password"]
    page = browser.client.get(verify(browser, held)).content
    assert b"hunter2" not in page
    assert b"s3cret" not in page


def test_what_is_kept_cannot_be_read_in_the_database(held: HeldPost) -> None:
    assert "Datum" not in held.fields


def test_a_forged_form_is_refused_before_anything_of_it_is_kept(browser: Browser) -> None:
    browser.sign_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    response = strict.post(ADD, FORM)
    assert response.status_code == 403
    assert not HeldPost.objects.exists()


def test_another_session_cannot_see_it(browser: Browser, held: HeldPost, another_browser: Browser) -> None:
    another_browser.sign_in("/dashboard/overview", "pwd", "mfa")
    assert another_browser.client.get(f"/dashboard/me/held/{held.pk}").status_code == 410
    assert another_browser.client.get("/oidc/step-up", {"held": str(held.pk)}).status_code == 404


def test_it_is_gone_after_ten_minutes(browser: Browser, held: HeldPost) -> None:
    with time_machine.travel(time.time() + 601):
        assert browser.client.get(f"/dashboard/me/held/{held.pk}").status_code == 410


def test_it_is_gone_after_signing_out(browser: Browser, held: HeldPost) -> None:
    browser.client.post("/oidc/sign-out")
    assert not HeldPost.objects.exists()


def test_a_file_is_kept_as_a_draft_and_attached_again(browser: Browser) -> None:
    browser.sign_in()
    browser.client.post(ADD, {"name": "A. Datum", "paper": SimpleUploadedFile("paper.txt", b"on paper", "text/plain")})
    held = HeldPost.objects.get()
    assert "on paper" not in HeldUpload.objects.get().content
    page = browser.client.get(verify(browser, held))
    assert b"paper.txt" in page.content
    assert b"multipart/form-data" in page.content
    sent = browser.client.post(ADD, {"name": "A. Datum", "_held": str(held.pk)})
    upload = sent.wsgi_request.FILES["paper"]
    assert (upload.name, upload.content_type, upload.size) == ("paper.txt", "text/plain", len(b"on paper"))
    assert not HeldPost.objects.exists()


@pytest.mark.parametrize("path", ["/dashboard/v2/support/customers/new"])
def test_drafts_are_attached_on_their_own_page_only(browser: Browser, path: str) -> None:
    browser.sign_in()
    browser.client.post(ADD, {"name": "A. Datum", "paper": SimpleUploadedFile("paper.txt", b"on paper")})
    held = HeldPost.objects.get()
    verify(browser, held)
    assert "paper" not in browser.client.post(path, {"_held": str(held.pk)}).wsgi_request.FILES


def test_a_form_too_large_to_keep_says_so(browser: Browser) -> None:
    browser.sign_in()
    response = browser.client.post(ADD, {"name": "x" * 300_000}, headers={"Referer": f"http://testserver{ADD}"})
    assert b"too large" in response.content
    assert b'href="/oidc/step-up?next=%2Fcommerce%2Fcustomers%2Fadd"' in response.content
    assert not HeldPost.objects.exists()


def test_a_role_that_is_not_allowed_is_not_asked_to_verify_for_a_form(
    browser: Browser, client: Client, sign_in: SignIn
) -> None:
    browser.op.changed["groups"] = []
    browser.sign_in()
    response = browser.client.post(ADD, FORM)
    assert b"open this page" in response.content
    assert not HeldPost.objects.exists()


def test_a_form_after_the_session_ended_gets_a_page_not_a_redirect(client: Client, db: None) -> None:
    response = client.post(ADD, FORM, headers={"Referer": f"http://testserver{ADD}"})
    assert response.status_code == 401
    assert b'href="/oidc/authenticate?next=%2Fcommerce%2Fcustomers%2Fadd"' in response.content


def test_a_referer_of_another_site_is_not_followed(client: Client, db: None) -> None:
    response = client.post(ADD, FORM, headers={"Referer": "https://evil.example/form"})
    assert b'href="/oidc/authenticate?next=%2F"' in response.content


def test_a_second_try_after_cancelling_still_verifies_for_the_forms_own_page(browser: Browser, held: HeldPost) -> None:
    url = browser.client.get("/oidc/step-up", {"held": str(held.pk)})["Location"]
    cancelled = browser.bring_error(url, "access_denied")
    retry = re.search(r'href="(/oidc/step-up\?next=[^"]+)"', cancelled.content.decode())
    assert retry
    again = browser.client.get(retry[1])["Location"]
    assert again.startswith(browser.op.base)
    browser.op.changed["amr"] = ["pwd", "mfa"]
    assert browser.come_back(again)["Location"] == f"/dashboard/me/held/{held.pk}"
    assert browser.client.get("/commerce/customers").status_code == 200


def test_sending_a_held_form_too_early_holds_it_again_with_its_files(browser: Browser) -> None:
    browser.sign_in()
    browser.client.post(ADD, {"name": "A. Datum", "paper": SimpleUploadedFile("paper.txt", b"on paper")})
    first = HeldPost.objects.get()
    browser.client.post(ADD, {"name": "A. Datum", "_held": str(first.pk)})
    second = HeldPost.objects.get()
    assert second.pk != first.pk
    assert [upload.name for upload in second.uploads.all()] == ["paper.txt"]


def test_opening_a_held_form_before_verifying_goes_to_verify(browser: Browser, held: HeldPost) -> None:
    response = browser.client.get(f"/dashboard/me/held/{held.pk}")
    assert response["Location"] == f"/oidc/step-up?held={held.pk}"


@pytest.mark.requirement("Q10")
def test_being_sent_from_a_held_form_to_verify_is_no_operation(browser: Browser, held: HeldPost) -> None:
    OperationRecord.objects.all().delete()
    assert browser.client.get(f"/dashboard/me/held/{held.pk}").status_code == 302
    assert not OperationRecord.objects.exists()
    assert browser.client.get(verify(browser, held)).status_code == 200
    assert OperationRecord.objects.get().path == f"/dashboard/me/held/{held.pk}"


@pytest.mark.requirement("M14")
def test_a_held_form_that_meets_an_incompatible_tenant_ends_on_the_page_that_says_so(
    browser: Browser, held: HeldPost
) -> None:
    url = browser.client.get("/oidc/step-up", {"held": str(held.pk)})["Location"]
    page = browser.bring_error(url, "access_denied", "AADSTS50158: External security challenge not satisfied.")
    if page.status_code == 302:
        page = browser.client.get(page["Location"])
    assert page.status_code == 403  # no redirect: the provider would answer the same, and the next one, and so on
    assert b"is not recognized" in page.content
    assert f"next=%2Fdashboard%2Fme%2Fheld%2F{held.pk}".encode() in page.content


def test_a_session_keeps_its_ten_latest_forms(browser: Browser, another_browser: Browser) -> None:
    another_browser.sign_in()
    another_browser.client.post(ADD, {"name": "of another session"})
    browser.sign_in()
    for number in range(12):
        browser.client.post(ADD, {"name": str(number)})
    latest = PortalSession.objects.order_by("-pk")[0]
    kept = [dict(held_posts.fields_of(post))["name"] for post in latest.held_posts.order_by("created_at")]
    assert kept == [str(number) for number in range(2, 12)]
    assert HeldPost.objects.count() == 11


def test_names_that_no_database_keeps_break_nothing(browser: Browser) -> None:
    browser.sign_in()
    assert browser.client.post(ADD, {"password\x00": "hunter2"}).status_code == 403
    assert HeldPost.objects.get().dropped == ["password"]
    paper = SimpleUploadedFile("paper.txt", b"on paper", f"text/{'x' * 200}")
    assert browser.client.post(ADD, {"f" * 101: paper}).status_code == 403
    assert browser.client.post(ADD, {"paper": paper}).status_code == 403
    assert len(HeldUpload.objects.get().content_type) == 100
