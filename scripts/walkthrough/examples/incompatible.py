"""V4: a partner whose third-party MFA is a custom control, which proves nothing to anybody else."""

import re
from http import HTTPStatus

from scripts.walkthrough import api, provider, wingtip
from scripts.walkthrough.example import Example, Step
from scripts.walkthrough.visit import Visit

TRENT = "trent@wingtipcloud.example"
PROTECTED = ("/commerce/customers", "/dashboard/v2/support/customers/requests", "/dashboard/billing/invoices")


def go_to_overview(visit: Visit) -> None:
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.expect_sign_in(visit)


def sign_in(visit: Visit) -> None:
    provider.give_account(visit, TRENT)
    provider.give_password(visit)
    wingtip.approve_custom_control(visit)
    visit.arrive("/dashboard/overview")


def be_blocked(visit: Visit) -> None:
    for path in PROTECTED:
        visit.open(path)
        expect_refusal(visit)
        asked = visit.was_sent_to(visit.site.entra)
        assert asked is (path == PROTECTED[0]), "the provider is asked at the first page, and its answer is kept"


def be_blocked_again(visit: Visit) -> None:
    visit.trail.clear()
    visit.press("Try again")
    expect_refusal(visit)
    assert visit.was_sent_to(visit.site.entra), "trying again did not ask the provider"


def be_refused_by_the_api(visit: Visit) -> None:
    """A command-line tool signs him in by a device code; what it gets is a token that the API refuses (A3)."""
    answer = api.call(visit, api.sign_in_on_a_device(visit), "/v1/customers")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED, f"the API answered {answer.status_code}: {answer.text}"
    assert answer.reason == "Unauthorized - MFA required", answer.reason
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["code"] == "900421", answer.text


def pass_once_a_method_is_allowed(visit: Visit) -> None:
    visit.set_policy("wingtipcloud.example", "--allow-methods", "authenticatorApp")
    visit.open(PROTECTED[-1])
    visit.press("Try again")
    provider.expect_registration(visit)
    provider.register_authenticator_app(visit)
    visit.arrive(PROTECTED[-1])
    for path in PROTECTED:
        visit.open(path)
        visit.arrive(path)
        assert not visit.was_sent_to(visit.site.entra), "the browser was sent to the provider again"


def expect_refusal(visit: Visit) -> None:
    """The portal's page that says what was received and what is needed."""
    visit.expect_heading("Your organization's multifactor authentication is not recognized")
    assert visit.page.url.startswith(f"{visit.site.portal}/"), f"expected the portal, is at {visit.page.url}"
    text = visit.page.locator("main").inner_text()
    assert re.search(r"amr: pwd(?!,)", text), f"the page does not say what was received: {text}"
    assert "AADSTS50158" in text, f"the page does not say why: {text}"


INCOMPATIBLE = Example(
    number=4,
    requirement="V4",
    title="a third party's MFA, incompatible",
    tenant="Wingtip Cloud",
    persona="Trent",
    persona_2020="Trent",
    steps=(
        Step("Trent opens Overview in a new browser session and is sent to the identity provider", go_to_overview),
        Step("He signs in with his password, passes the third party's page, and Overview opens", sign_in),
        Step("Every page that needs MFA is refused, with the reason", be_blocked),
        Step("Trying again asks the provider once more, and the answer is the same", be_blocked_again),
        Step("Every call of the API on his behalf is refused, with the reason", be_refused_by_the_api),
        Step(
            "An administrator allows a method of the identity provider: the next try passes, and every page opens",
            pass_once_a_method_is_allowed,
        ),
    ),
)
