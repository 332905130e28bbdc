"""V2: a partner whose own identity provider verifies, and relays the proof."""

from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.example import Example, Step
from scripts.walkthrough.visit import Visit

PRASHOB = "prashob@wingtip.example"


def go_to_overview(visit: Visit) -> None:
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.expect_sign_in(visit)


def be_sent_home(visit: Visit) -> None:
    provider.give_account(visit, PRASHOB)
    wingtip.expect_sign_in(visit)


def sign_in_and_verify_at_home(visit: Visit) -> None:
    wingtip.sign_in(visit, PRASHOB)
    visit.arrive("/dashboard/overview")
    receiver = f"{visit.site.entra}/login.srf"
    assert receiver in visit.trail, "the proof did not pass through the provider"
    provider.expect_never_asked_to_verify(visit)


def open_protected_page(visit: Visit) -> None:
    visit.open("/commerce/customers")
    visit.arrive("/commerce/customers")
    visit.expect_heading("Customers")
    assert not visit.was_sent_to(visit.site.entra), "the browser was sent to the provider again"


FEDERATED = Example(
    number=2,
    requirement="V2",
    title="a third party's MFA, federated",
    tenant="Wingtip",
    persona="Prashob",
    persona_2020="Trent",
    steps=(
        Step("Prashob opens Overview in a new browser session and is sent to the identity provider", go_to_overview),
        Step("He gives his account, and is sent on to Wingtip's own identity provider", be_sent_home),
        Step(
            "He signs in and verifies there, and comes back through the provider to Overview",
            sign_in_and_verify_at_home,
        ),
        Step("He opens Customers, which needs MFA, and is not asked again", open_protected_page),
        Step("From a customer's service management he adds a user to Contoso's directory", None),
    ),
)
