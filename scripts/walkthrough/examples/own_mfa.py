"""V1: a partner whose users all verify with the identity provider's own MFA when they sign in."""

from scripts.walkthrough import provider
from scripts.walkthrough.example import Example, Step
from scripts.walkthrough.visit import Visit

ALEJANDRA = "alejandra@contoso.example"


def go_to_overview(visit: Visit) -> None:
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.expect_sign_in(visit)


def sign_in_and_be_asked_to_verify(visit: Visit) -> None:
    provider.give_account(visit, ALEJANDRA)
    provider.give_password(visit)
    provider.expect_verification(visit)


def verify(visit: Visit) -> None:
    provider.give_code(visit, provider.code_of_persona(visit, ALEJANDRA))
    visit.arrive("/dashboard/overview")


def open_protected_page(visit: Visit) -> None:
    visit.open("/commerce/customers")
    visit.arrive("/commerce/customers")
    visit.expect_heading("Customers")
    assert not visit.was_sent_to(visit.site.entra), "the browser was sent to the provider again"


OWN_MFA = Example(
    number=1,
    requirement="V1",
    title="the identity provider's own MFA",
    tenant="Contoso",
    persona="Alejandra",
    persona_2020="Jane",
    steps=(
        Step("Alejandra opens Overview in a new browser session and is sent to the identity provider", go_to_overview),
        Step(
            "She gives her password, and because Contoso enforces MFA she must verify", sign_in_and_be_asked_to_verify
        ),
        Step("She verifies and is sent back to Overview", verify),
        Step("She opens Customers, which needs MFA, and is not asked again", open_protected_page),
    ),
)
