"""V3: a partner that has not implemented MFA; the portal asks for it where its pages need it."""

from scripts.walkthrough import provider
from scripts.walkthrough.example import Example, Step
from scripts.walkthrough.visit import Visit

JOHN = "john@fabrikam.example"


def go_to_overview(visit: Visit) -> None:
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.expect_sign_in(visit)


def sign_in_without_mfa(visit: Visit) -> None:
    provider.give_account(visit, JOHN)
    provider.give_password(visit)
    visit.arrive("/dashboard/overview")
    provider.expect_never_asked_to_verify(visit)


def be_asked_to_register(visit: Visit) -> None:
    visit.open("/commerce/customers")
    provider.expect_registration(visit)


def register_and_verify(visit: Visit) -> None:
    provider.register_authenticator_app(visit)
    visit.arrive("/commerce/customers")
    visit.expect_heading("Customers")


def come_back_another_day(visit: Visit) -> None:
    visit.let_days_pass(1)
    go_to_overview(visit)
    sign_in_without_mfa(visit)


def be_asked_to_verify_only(visit: Visit) -> None:
    visit.open("/commerce/customers")
    provider.expect_verification(visit)
    provider.give_code(visit, visit.authenticator.code())
    visit.arrive("/commerce/customers")
    visit.expect_heading("Customers")
    provider.expect_never_asked_to_register(visit)


NO_MFA = Example(
    number=3,
    requirement="V3",
    title="no MFA implemented",
    tenant="Fabrikam",
    persona="John",
    persona_2020="John",
    steps=(
        Step(
            "John opens Overview in a new browser session and is sent to the identity provider to sign in",
            go_to_overview,
        ),
        Step("He signs in with his password alone and is back at Overview, never asked to verify", sign_in_without_mfa),
        Step(
            "He opens Customers, which needs MFA, and is sent back; the first time he must register",
            be_asked_to_register,
        ),
        Step("He registers a method and verifies with it, and Customers opens", register_and_verify),
        Step(
            "Another day, in a new browser session, he signs in again without being asked for MFA",
            come_back_another_day,
        ),
        Step(
            "He opens Customers: he only verifies, nothing is registered again, and it opens", be_asked_to_verify_only
        ),
    ),
)
