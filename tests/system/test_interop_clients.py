"""Applications on other people's client libraries sign in and step up at the provider, over https."""

import json
import time
from collections.abc import Iterator
from typing import Any

import certifi
import pytest
import requests

from scripts.running import Running
from tests.interop.authlib_client import AuthlibClient
from tests.interop.openid_client import openid_client
from tests.interop.person import Person, walk_through
from tests.interop.relying_parties import Refused, Registration, RelyingParty, SignedIn

FABRIKAM = "c0000000-0000-4000-8000-000000000003"
CLIENT_ID = "10000000-0000-4000-8000-000000000002"
REDIRECT_URI = "https://localhost:8009/callback"  # registered by the demo; nobody has to listen there
MFA = "urn:microsoft:policies:mfa"
REGISTRATION = ["register", "register/method", "register/set-up", "register/done"]
# One persona each: what one client's test registers, the other's must not find.
PERSONAS = {"openid-client": "john@fabrikam.example", "authlib": "globaladmin@fabrikam.example"}


@pytest.fixture(scope="module", params=sorted(PERSONAS))
def application(request: pytest.FixtureRequest, tls_site: Running) -> Iterator[RelyingParty]:
    secret = (tls_site.site.var_dir / "secrets" / "interop-client-secret").read_text().strip()
    registration = Registration(f"{tls_site.site.entra}/{FABRIKAM}/v2.0", CLIENT_ID, secret, REDIRECT_URI)
    if request.param == "authlib":
        yield AuthlibClient(registration, tls_site.env["SSL_CERT_FILE"])
    else:
        with openid_client(registration, tls_site.env) as client:
            yield client


@pytest.fixture
def account(application: RelyingParty, request: pytest.FixtureRequest) -> str:
    return PERSONAS[request.node.callspec.params["application"]]


@pytest.fixture
def new_browser(tls_site: Running) -> Any:
    return lambda: Person(tls_site.env["SSL_CERT_FILE"], away=REDIRECT_URI)


def essential(**claims: list[str]) -> str:
    asked = {name: {"essential": True, "values": values} for name, values in claims.items()}
    return json.dumps({"id_token": {**asked, "auth_time": None}})


def visit(person: Person, application: RelyingParty, account: str, **parameters: str) -> tuple[list[str], SignedIn]:
    """Send the person from the application to the provider and back. Return the pages on the way, and the result."""
    person.open(application.begin(scope="openid profile email offline_access", **parameters))
    met = walk_through(person, account)
    return met, application.finish(person.address)


@pytest.mark.requirement("V3")
@pytest.mark.requirement("V6")
def test_a_person_signs_in_with_a_password_and_is_stepped_up_when_the_application_asks(
    application: RelyingParty, account: str, new_browser: Any
) -> None:
    person, started = new_browser(), int(time.time())
    met, first = visit(person, application, account)
    assert met == ["identify", "password", "consent"]
    assert (first.claims["amr"], first.claims["acr"]) == (["pwd"], "1")
    assert started <= first.claims["auth_time"] <= time.time()
    assert first.claims["tid"] == FABRIKAM
    assert first.claims["preferred_username"] == account
    assert first.userinfo["sub"] == first.claims["sub"]

    # `amr` as an essential claim: registration first, because there is nothing to verify with yet.
    met, second = visit(person, application, account, claims=essential(amr=["mfa"]), login_hint=account)
    assert met == REGISTRATION
    assert sorted(second.claims["amr"]) == ["mfa", "otp", "pwd"]
    assert second.claims["sub"] == first.claims["sub"]

    # The proof is there now: every other way to ask for it is answered without a page (M13).
    for parameters in ({"acr_values": MFA}, {"claims": essential(acr=[MFA])}, {"prompt": "none", "acr_values": MFA}):
        met, third = visit(person, application, account, **parameters)
        assert met == []
        assert third.claims["acr"] == MFA
        assert "mfa" in third.claims["amr"]
        assert third.claims["auth_time"] == second.claims["auth_time"]

    # Refreshing renews tokens, never the evidence.
    refreshed = application.refresh(third.refresh_token)
    assert (refreshed["amr"], refreshed["acr"]) == (third.claims["amr"], MFA)
    assert refreshed["auth_time"] == third.claims["auth_time"]

    # Another day: a password is enough again (V5); asked for, the registered app is verified.
    app, person = person.authenticator, new_browser()
    person.authenticator = app
    met, fourth = visit(person, application, account)
    assert met == ["identify", "password"]
    assert fourth.claims["amr"] == ["pwd"]
    met, fifth = visit(person, application, account, claims=essential(acr=[MFA, "2"]))
    assert met == ["verify"]
    assert fifth.claims["acr"] == MFA


@pytest.mark.requirement("V3")
def test_a_voluntary_acr_is_met_at_the_first_sign_in(
    application: RelyingParty, new_browser: Any, request: pytest.FixtureRequest
) -> None:
    account = {"openid-client": "sales", "authlib": "helpdesk"}[request.node.callspec.params["application"]]
    account += "@fabrikam.example"
    met, signed_in = visit(new_browser(), application, account, acr_values="2")
    assert met == ["identify", "password", *REGISTRATION, "consent"]
    assert signed_in.claims["acr"] == "2"
    assert "mfa" in signed_in.claims["amr"]


@pytest.mark.requirement("M23")
def test_max_age_makes_the_person_sign_in_again_and_moves_auth_time(
    application: RelyingParty, new_browser: Any
) -> None:
    account, person = "nobody@fabrikam.example", new_browser()
    _met, first = visit(person, application, account)
    met, second = visit(person, application, account, max_age="10000")
    assert met == []
    assert second.claims["auth_time"] == first.claims["auth_time"]
    time.sleep(2.1)
    met, third = visit(person, application, account, max_age="1")
    assert met == ["password"]
    assert third.claims["auth_time"] > first.claims["auth_time"]


@pytest.mark.requirement("V6")
def test_an_essential_requirement_that_cannot_be_met_is_an_error_and_never_a_token(
    application: RelyingParty, new_browser: Any
) -> None:
    account, person = "nobody@fabrikam.example", new_browser()
    visit(person, application, account)
    with pytest.raises(Refused) as unmet:
        visit(person, application, account, claims=essential(acr=["urn:example:unheard-of"]))
    assert unmet.value.error == "unmet_authentication_requirements"
    with pytest.raises(Refused) as silent:
        visit(person, application, account, claims=essential(amr=["mfa"]), prompt="none")
    assert silent.value.error == "interaction_required"
    assert silent.value.description.startswith("AADSTS50079")


@pytest.mark.requirement("V3")
def test_the_portal_itself_signs_in_and_steps_up_over_https(tls_site: Running) -> None:
    person, account, portal = Person(tls_site.env["SSL_CERT_FILE"]), "billing@fabrikam.example", tls_site.site.portal
    person.open(f"{portal}/")
    assert walk_through(person, account) == ["identify", "password"]
    assert (person.status, person.address) == (200, f"{portal}/dashboard/overview")
    person.open(f"{portal}/dashboard/billing")
    assert walk_through(person, account) == REGISTRATION
    assert (person.status, person.address) == (200, f"{portal}/dashboard/billing")


def test_both_libraries_check_the_certificate(tls_site: Running) -> None:
    """The other tests prove something only if these clients would not talk to just anybody."""
    registration = Registration(f"{tls_site.site.entra}/{FABRIKAM}/v2.0", CLIENT_ID, "secret", REDIRECT_URI)
    with pytest.raises(requests.exceptions.SSLError):
        AuthlibClient(registration, certifi.where())
    strangers = {name: value for name, value in tls_site.env.items() if name != "NODE_EXTRA_CA_CERTS"}
    with openid_client(registration, strangers) as client, pytest.raises(Refused) as refused:
        client.begin()
    assert refused.value.error == "UNABLE_TO_VERIFY_LEAF_SIGNATURE"


def test_declining_the_step_up_is_told_to_the_application(application: RelyingParty, new_browser: Any) -> None:
    account, person = "nobody@fabrikam.example", new_browser()
    visit(person, application, account)
    person.open(application.begin(scope="openid", claims=essential(amr=["mfa"])))
    assert person.heading == "More information required"
    person.press("Cancel")
    with pytest.raises(Refused) as declined:
        application.finish(person.address)
    assert declined.value.error == "access_denied"
    met, again = visit(person, application, account)
    assert met == []
    assert again.claims["amr"] == ["pwd"]
