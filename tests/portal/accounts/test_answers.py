"""Which answer is taken: once, in the browser and session that asked, in time, and back to the page asked for."""

import time

import pytest
import time_machine

from accounts.models import SignInRequest
from accounts.oidc import requests
from tests.portal.accounts.conftest import Browser, asked


def test_two_tabs_each_come_back_to_their_own_page(browser: Browser) -> None:
    browser.sign_in()
    first, second = browser.leave("/commerce/customers"), browser.leave("/dashboard/billing")
    browser.op.changed["amr"] = ["pwd", "mfa"]
    assert browser.come_back(second)["Location"] == "/dashboard/billing"
    assert browser.come_back(first)["Location"] == "/commerce/customers"


def test_a_step_up_after_another_tab_signed_out_goes_to_sign_in(browser: Browser) -> None:
    browser.sign_in()
    url = browser.leave("/commerce")
    browser.client.post("/oidc/sign-out")
    browser.op.changed["amr"] = ["pwd", "mfa"]
    response = browser.come_back(url)
    assert response.status_code == 400
    assert b"Your session ended" in response.content


def test_an_answer_works_once(browser: Browser) -> None:
    url = browser.leave()
    code, state = browser.op.code_for(url)
    answer = {"code": code, "state": state}
    assert browser.client.get("/oidc/callback", answer).status_code == 302
    assert browser.client.get("/oidc/callback", answer).status_code == 400
    assert len(browser.op.token_requests) == 1


def test_of_two_answers_at_once_one_is_acted_on(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    code, state = browser.op.code_for(browser.leave())
    read_by_both = requests.open_request(state)
    monkeypatch.setattr(requests, "open_request", lambda state: read_by_both)
    answers = [browser.client.get("/oidc/callback", {"code": code, "state": state}).status_code for _ in range(2)]
    assert answers == [302, 400]
    assert len(browser.op.token_requests) == 1


def test_a_replayed_code_is_refused_by_a_page(browser: Browser) -> None:
    code, _state = browser.op.code_for(browser.leave())
    browser.op.codes.clear()
    state = asked(browser.leave())["state"]
    assert browser.client.get("/oidc/callback", {"code": code, "state": state}).status_code == 400


def test_a_state_of_another_browser_is_refused(browser: Browser, another_browser: Browser) -> None:
    code, state = browser.op.code_for(browser.leave())
    another_browser.leave()
    response = another_browser.client.get("/oidc/callback", {"code": code, "state": state})
    assert response.status_code == 400
    assert browser.op.token_requests == []


def test_an_old_request_is_refused(browser: Browser) -> None:
    url = browser.leave()
    with time_machine.travel(time.time() + 31 * 60):
        assert browser.come_back(url).status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "/oidc/sign-out",
        "/dashboard/../../evil",
        "/\tevil.example//x",
        "/\t/evil.example",
        "/dashboard/overview\x00",
        "",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(browser: Browser, target: str) -> None:
    url = browser.client.get("/oidc/authenticate", {"next": target})["Location"]
    assert browser.come_back(url)["Location"] == "/"
    assert SignInRequest.objects.get().next == "/"
