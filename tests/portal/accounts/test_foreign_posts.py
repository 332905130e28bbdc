"""A form of another website, sent by a browser that is signed in here: refused at every address."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts.checks import site_map
from accounts.models import User
from activity.models import AuditRecord, OperationRecord
from tests.portal.conftest import SignIn

VALUES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000001", "slug": "some", "str": "some", "path": "some"}
# Trusted for a state or a signature of their own (Back-Channel Logout 1.0; form_post; RFC 8058), not for the browser's
# cookies: what they answer to nonsense.
RECEIVERS = {
    "/oidc/callback": 400,
    "/oidc/backchannel-logout": 400,
    "/oidc/security-events": 400,
    "/security-mails/unsubscribe/some": 410,
}


def address(route: str) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route)


# The REST API (M20) looks at no cookie: what comes without a token is refused as it is from anywhere.
API = ("/v1", "/webhooks/v1")
ADDRESSES = sorted({address(page.route) for page in site_map(get_resolver().url_patterns)})


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_form_of_another_website_is_refused(path: str, alejandra: User, sign_in: SignIn) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, alejandra)
    response = browser.post(path, {"company_name": "Evil"}, headers={"Origin": "https://evil.example"})
    if path.startswith(API):
        assert response.status_code in {401, 404, 405}
    else:
        assert response.status_code == RECEIVERS.get(path, 403)
    assert not OperationRecord.objects.exists()
    assert not AuditRecord.objects.exists()
    assert browser.get("/dashboard/overview").status_code == 200
