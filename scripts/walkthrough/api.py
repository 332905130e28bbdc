"""A command-line tool that calls the REST API for the person at the browser."""

import time
from http import HTTPStatus

import requests
from playwright.sync_api import expect

from scripts.walkthrough.visit import WAIT, Visit

TOOL = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"  # the demo's "Command line", under the id that real tools sign in with
SCOPE = "https://api.partnercenter.microsoft.com/user_impersonation openid offline_access"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def sign_in_on_a_device(visit: Visit) -> str:
    """Ask for a code, have the person approve it in the browser where they are signed in, return the access token."""
    oauth = f"{visit.site.entra}/organizations/oauth2/v2.0"
    asked = requests.post(f"{oauth}/devicecode", data={"client_id": TOOL, "scope": SCOPE}, timeout=10)
    assert asked.status_code == HTTPStatus.OK, asked.text
    started = asked.json()
    visit.page.goto(started["verification_uri"])
    visit.page.locator("input[name='user_code']").fill(started["user_code"])
    visit.page.keyboard.press("Enter")
    visit.press("Continue")
    expect(visit.page.get_by_role("heading", name="You have signed in")).to_be_visible(timeout=WAIT)
    redeemed = {"client_id": TOOL, "grant_type": _DEVICE_GRANT, "device_code": started["device_code"]}
    for _attempt in range(5):
        answer = requests.post(f"{oauth}/token", data=redeemed, timeout=10)
        if answer.status_code == HTTPStatus.OK:
            return str(answer.json()["access_token"])
        assert answer.json()["error"] in {"authorization_pending", "slow_down"}, answer.text
        time.sleep(started["interval"])
    raise AssertionError("the code was approved, and no token came")


def call(visit: Visit, token: str, path: str) -> requests.Response:
    return requests.get(f"{visit.site.portal}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=10)
