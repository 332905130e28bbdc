"""Another website that somebody signed in has open posts to every receiver: nothing changes, and nothing breaks."""

import html

import pytest

from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit

EVIL = "http://evil.localhost/"  # a site of its own to the browser, as localhost and 127.0.0.1 are
OVERVIEW = "/dashboard/overview"
PERSON = "nobody@fabrikam.example"
REFUSED = {400, 401, 403, 404, 405}

PORTAL = [
    ("/oidc/callback", {"state": "made-up", "code": "made-up", "iss": "http://evil.localhost"}),
    ("/oidc/callback", {"state": "made-up", "error": "interaction_required", "error_description": "AADSTS50158: no"}),
    ("/oidc/backchannel-logout", {"logout_token": "e30.e30."}),
    ("/oidc/security-events", {"SET": "e30.e30."}),
    ("/oidc/sign-out", {}),
    ("/dashboard/me/sessions/end-others", {}),
    ("/language", {"language": "ru"}),
    ("/theme", {"theme": "dark"}),
    ("/commerce/customers/add", {"company_name": "Evil"}),
]
PROVIDER = [
    ("/login.srf", {"SAMLResponse": "PHg+", "RelayState": "made-up"}),
    ("/common/federation/controlreturn", {"answer": "e30.e30.", "state": "made-up"}),
    ("/organizations/oauth2/v2.0/token", {"grant_type": "authorization_code", "code": "made-up"}),
    ("/organizations/oauth2/v2.0/introspect", {"token": "made-up"}),
    ("/events/10000000-0000-4000-8000-000000000001/poll", {"ack": "made-up"}),
    ("/oidc/userinfo", {"access_token": "e30.e30."}),
    ("/signout", {}),
    ("/mysecurityinfo", {}),
    ("/language", {"language": "ru"}),
]


@pytest.fixture
def signed_in(visit: Visit) -> Visit:
    visit.open(OVERVIEW)
    provider.give_account(visit, PERSON)
    visit.page.wait_for_url("**/password")
    provider.give_password(visit)
    visit.arrive(OVERVIEW)
    return visit


def post_from_elsewhere(visit: Visit, target: str, fields: dict[str, str]) -> int:
    """Let the other website's page, in a tab of its own, post its form; return the answer's status."""
    inputs = "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in fields.items())
    body = f'<form method="post" action="{target}">{inputs}<button>Win a prize</button></form>'
    tab = visit.page.context.new_page()
    tab.route(EVIL, lambda route: route.fulfill(content_type="text/html", body=body))
    tab.goto(EVIL)
    with tab.expect_response(lambda response: response.request.method == "POST") as answered:
        tab.get_by_role("button").click()
    status = answered.value.status
    tab.wait_for_load_state()
    tab.close()
    return status


def expect_nothing_changed(visit: Visit) -> None:
    """Still signed in at both services, in the same language, without a verification or a block."""
    visit.open(OVERVIEW)
    visit.arrive(OVERVIEW)
    assert not visit.was_sent_to(visit.site.entra)
    assert visit.page.locator("html").get_attribute("lang") == "en"
    assert visit.page.get_by_text("Not done in this session").is_visible()


@pytest.mark.requirement("M16", "M10")
def test_no_receiver_of_the_portal_acts_on_another_websites_post(signed_in: Visit) -> None:
    for path, fields in PORTAL:
        status = post_from_elsewhere(signed_in, f"{signed_in.site.portal}{path}", fields)
        assert status in REFUSED, f"{path} answered {status}"
    expect_nothing_changed(signed_in)


@pytest.mark.requirement("V8", "V9")
def test_no_receiver_of_the_provider_acts_on_another_websites_post(signed_in: Visit) -> None:
    for path, fields in PROVIDER:
        status = post_from_elsewhere(signed_in, f"{signed_in.site.entra}{path}", fields)
        assert status in REFUSED, f"{path} answered {status}"
    expect_nothing_changed(signed_in)


def test_another_websites_sign_out_is_only_a_question(signed_in: Visit) -> None:
    target = f"{signed_in.site.entra}/organizations/oauth2/v2.0/logout"
    status = post_from_elsewhere(signed_in, target, {"post_logout_redirect_uri": EVIL})
    assert status in {200, 302, 303, 400}
    expect_nothing_changed(signed_in)
