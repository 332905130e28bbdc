"""A workplace without phones (V11): Chromium's own virtual security key, through the real pages and scripts."""

import re

import pytest
from playwright.sync_api import CDPSession

from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit

CUSTOMERS = "/commerce/customers"
PERSON = "sales@fabrikam.example"


class VirtualKey:
    """A FIDO2 key with a PIN that its holder carries from one browser to the next."""

    def __init__(self) -> None:
        self.credentials: list[dict[str, object]] = []

    def plug_in(self, visit: Visit) -> None:
        self.session: CDPSession = visit.page.context.new_cdp_session(visit.page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        for credential in self.credentials:
            self.session.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def pull_out(self) -> None:
        self.credentials = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]


def sign_in(visit: Visit) -> None:
    visit.open(CUSTOMERS)
    provider.give_account(visit, PERSON)
    visit.page.wait_for_url(re.compile(r"/password$"))
    provider.give_password(visit)


@pytest.mark.requirement("V11", "V3")
def test_a_security_key_is_registered_and_is_all_that_is_asked_for_the_next_day(visit: Visit) -> None:
    key = VirtualKey()
    sign_in(visit)
    provider.expect_registration(visit)
    visit.press("Next")
    visit.page.get_by_text("Security key or passkey", exact=True).click()
    visit.page.wait_for_url(re.compile(r"/set-up$"))
    key.plug_in(visit)
    visit.press("Use security key")
    visit.page.wait_for_url(re.compile(r"/done$"))
    visit.press("I have saved them. Continue")
    visit.arrive(CUSTOMERS)
    key.pull_out()

    visit.new_session()
    sign_in(visit)
    visit.page.wait_for_url(re.compile(r"/verify$"))
    key.plug_in(visit)
    visit.press("Use security key")
    visit.arrive(CUSTOMERS)
    provider.expect_never_asked_to_register(visit)
