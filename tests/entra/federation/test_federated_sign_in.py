"""A federated sign-in from the authorize request to the token, with the provider played by the test."""

import base64
import zlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from entra.directory.models import Domain, Tenant, User
from entra.federation.administration import Provider, federate_domain
from entra.federation.models import Answer as StoredAnswer
from entra.federation.models import AskedQuestion, FederatedDomain, MfaBehavior, SpentMessage
from entra.signin.models import AuthenticationEvent
from tests.entra.conftest import ESSENTIAL_MFA, REDIRECT_URI, RelyingParty, make_user
from tests.entra.federation.conftest import ISSUER, Answer, sign

ACCEPT, ENFORCE, REJECT = MfaBehavior.ACCEPT, MfaBehavior.ENFORCE, MfaBehavior.REJECT
PROOF = "http://schemas.microsoft.com/claims/multipleauthn"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"


@pytest.fixture
def wingtip(db, pair):
    tenant = Tenant.objects.create(id="c0000000-0000-4000-8000-000000000002", display_name="Wingtip")
    domain = tenant.domains.create(name="wingtip.example", is_default=True)
    federate_domain(
        domain=domain,
        provider=Provider(ISSUER, f"{ISSUER}/saml/sso", pair.certificate_pem),
        mfa_behavior=ACCEPT,
        signed_requests=False,
        actor="test",
    )
    make_user(tenant, "prashob")
    make_user(tenant, "yuki")
    return tenant


@pytest.fixture
def trip(client, application, wingtip, pair):
    return Trip(RelyingParty(client, application, str(wingtip.pk)), pair)


def believe(behavior):
    FederatedDomain.objects.update(federated_idp_mfa_behavior=behavior)


class Trip:
    """One browser between the application, us and the provider."""

    def __init__(self, rp, pair):
        self.rp, self.pair, self.page, self.sent = rp, pair, None, 0

    def start(self, **changes):
        location = self.rp.authorize(**({"login_hint": "prashob@wingtip.example"} | changes))["Location"]
        self.page = self.rp.browser.get(location, follow=True)
        return self

    @property
    def address(self):
        """Where the page sends the browser on to."""
        return self.page.context["url"]

    @property
    def request(self):
        """The AuthnRequest on its way."""
        assert self.address.startswith(f"{ISSUER}/saml/sso"), self.address
        packed = parse_qs(urlsplit(self.address).query)["SAMLRequest"][0]
        return etree.fromstring(zlib.decompress(base64.b64decode(packed), wbits=-15))

    @property
    def asks_for_mfa(self):
        refs = self.request.findall(f"{SAMLP}RequestedAuthnContext/{SAML}AuthnContextClassRef")
        return [ref.text for ref in refs] == [PROOF] and self.request.get("ForceAuthn") == "true"

    def post(self, **changes):
        """The provider's POST: from a foreign site, so without any cookie."""
        answer = Answer(question=self.request.get("ID"), now=timezone.now(), assertion_id=f"_a{self.sent}").but(
            **changes
        )
        self.sent += 1
        xml = etree.tostring(sign(answer.tree(), self.pair))
        return Client().post("/login.srf", {"SAMLResponse": base64.b64encode(xml).decode(), "RelayState": "x"})

    def come_back(self, **changes):
        response = self.post(**changes)
        assert response.status_code == 303, response.content
        self.page = self.rp.browser.get(response["Location"], follow=True)
        return self

    @property
    def at(self):
        return self.page.request["PATH_INFO"].rpartition("/")[2]

    @property
    def fields(self):
        assert self.address.startswith(REDIRECT_URI), self.address
        return {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}

    @property
    def claims(self):
        return self.rp.id_claims(self.rp.token(code=self.fields["code"]).json()["id_token"])


@pytest.mark.requirement("V2")
def test_a_federated_person_signs_in_at_home_and_no_password_is_asked_for_here(trip):
    claims = trip.start().come_back().claims
    assert claims["preferred_username"] == "prashob@wingtip.example"
    assert claims["amr"] == ["fed"]


@pytest.mark.requirement("V2", "V8")
def test_the_relayed_proof_is_mfa_in_the_token(trip):
    assert trip.start().come_back(class_ref=PROOF).claims["amr"] == ["fed", "mfa"]


BEHAVIORS = [
    (ACCEPT, True, "issued"),
    (ACCEPT, False, "register"),
    (ENFORCE, True, "issued"),
    (ENFORCE, False, "AADSTS50079"),
    (REJECT, True, "register"),
    (REJECT, False, "register"),
]


@pytest.mark.requirement("V7", "V8")
@pytest.mark.parametrize(("behavior", "proof", "end"), BEHAVIORS)
def test_essential_mfa_by_what_the_federation_says(behavior, proof, end, trip):
    believe(behavior)
    trip.start(claims=ESSENTIAL_MFA)
    assert trip.asks_for_mfa is (behavior == ENFORCE)
    trip.come_back(**({"class_ref": PROOF} if proof else {}))
    if end == "issued":
        assert trip.claims["amr"] == ["fed", "mfa"]
    elif end == "register":
        assert trip.at == "register"
    else:
        assert trip.fields["error"] == "unmet_authentication_requirements"
        assert trip.fields["error_description"].startswith(end)


@pytest.mark.requirement("V7")
def test_a_step_up_goes_home_for_mfa_exactly_once(trip):
    believe(ENFORCE)
    assert trip.start().come_back().claims["amr"] == ["fed"]
    trip.start(claims=ESSENTIAL_MFA)
    assert trip.asks_for_mfa
    trip.come_back()
    assert trip.fields["error"] == "unmet_authentication_requirements"


@pytest.mark.requirement("V7")
def test_a_step_up_that_is_proven_at_home_succeeds(trip):
    believe(ENFORCE)
    assert trip.start().come_back().claims["amr"] == ["fed"]
    assert trip.start(claims=ESSENTIAL_MFA).come_back(class_ref=PROOF).claims["amr"] == ["fed", "mfa"]


def test_a_provider_that_cannot_do_mfa_ends_the_step_up(trip):
    believe(ENFORCE)
    trip.start(claims=ESSENTIAL_MFA)
    trip.come_back(status="urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext")
    assert trip.fields["error"] == "unmet_authentication_requirements"
    assert trip.fields["error_description"].startswith("AADSTS75011")


def test_a_person_who_gives_up_at_home_is_reported_as_that(trip):
    trip.start().come_back(status="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed")
    assert trip.fields["error"] == "access_denied"


def test_prompt_login_asks_for_a_fresh_sign_in_at_home(trip):
    trip.start(prompt="login")
    assert trip.request.get("ForceAuthn") == "true"
    assert trip.post(authenticated=timedelta(minutes=-10)).status_code == 400


def test_the_request_names_the_person_and_is_signed_where_the_domain_requires_it(trip):
    assert trip.start().request.find(f"{SAML}Subject/{SAML}NameID").text == "prashob@wingtip.example"
    assert "Signature=" not in trip.address
    FederatedDomain.objects.update(is_signed_authentication_request_required=True)
    assert "Signature=" in trip.start().address


@pytest.mark.requirement("V7")
def test_a_password_left_over_from_before_does_not_go_round_the_federation(trip):
    account = User.objects.get(user_principal_name="prashob@wingtip.example")
    account.set_password("Partner!2026demo")
    account.save()
    page = trip.rp.authorize()["Location"].replace("/identify", "/password")
    trip.rp.browser.post(page.replace("/password", "/identify"), {"sign_in_name": "prashob@wingtip.example"})
    for response in (trip.rp.browser.get(page), trip.rp.browser.post(page, {"password": "Partner!2026demo"})):
        assert response.status_code == 303
    assert not AuthenticationEvent.objects.exists()


def test_expired_questions_and_spent_messages_are_forgotten(trip):
    trip.start().come_back()
    long_ago = timezone.now() - timedelta(days=2)
    AskedQuestion.objects.update(expires_at=long_ago)
    SpentMessage.objects.update(expires_at=long_ago)
    trip.start(prompt="login")
    assert (AskedQuestion.objects.count(), SpentMessage.objects.count()) == (1, 0)


# --- answers that are not for this browser, this person, this tenant, or come again -------------------------------


def test_an_answer_is_taken_once(trip):
    trip.start()
    location = trip.post()["Location"]
    assert trip.rp.browser.get(location, follow=True).status_code == 200
    assert trip.rp.browser.get(location).status_code == 404


def test_an_answer_is_worth_nothing_in_another_browser(trip):
    trip.start()
    location = trip.post()["Location"]
    stranger = Client()
    assert stranger.get(location).status_code == 404
    assert settings.SESSION_COOKIE_NAME not in stranger.cookies
    assert trip.rp.browser.get(location, follow=True).context["url"].startswith(REDIRECT_URI)


def test_an_answer_waits_two_minutes_only(trip):
    trip.start()
    location = trip.post()["Location"]
    StoredAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert trip.rp.browser.get(location).status_code == 404


def test_a_request_is_answered_once(trip):
    trip.start()
    assert trip.post().status_code == 303
    assert trip.post().status_code == 400


def test_an_assertion_is_refused_when_it_comes_again(trip):
    trip.start().come_back()
    trip.start(prompt="login")
    trip.sent = 0
    again = trip.post()
    assert (again.status_code, b"AADSTS50008" in again.content) == (400, True)


def test_an_answer_nobody_asked_for_is_refused(trip):
    assert trip.start().post(question="_never").status_code == 400


def test_a_refused_answer_leaves_the_question_open(trip):
    trip.start()
    assert trip.post(audience="http://another.example").status_code == 400
    assert trip.come_back().claims["amr"] == ["fed"]


def test_the_receiver_reads_and_sets_no_cookie(trip):
    trip.start()
    assert not trip.post().cookies


@pytest.mark.parametrize("name", ["alejandra@contoso.example", "someone@unknown.example", "prashob@managed.example"])
def test_a_provider_speaks_for_its_own_domains_only(name, trip, contoso, wingtip):
    make_user(contoso, "alejandra")
    Domain.objects.create(name="managed.example", tenant=wingtip)
    response = trip.start().post(name=name)
    assert (response.status_code, b"AADSTS5000819" in response.content) == (400, True)


def test_a_domain_of_another_tenant_with_the_same_provider_is_refused(trip, contoso, pair):
    domain = contoso.domains.create(name="alsofederated.example")
    provider = Provider(ISSUER, f"{ISSUER}/saml/sso", pair.certificate_pem)
    federate_domain(domain=domain, provider=provider, mfa_behavior=ACCEPT, signed_requests=False, actor="test")
    assert trip.start().post(name="x@alsofederated.example").status_code == 400


def test_somebody_else_than_the_person_asked_about_is_not_signed_in(trip):
    trip.start().come_back(name="yuki@wingtip.example")
    assert trip.fields["error"] == "access_denied"
    assert trip.fields["error_description"].startswith("AADSTS50020")


def test_a_person_the_directory_does_not_know_is_not_signed_in(trip):
    trip.start(login_hint="", domain_hint="wingtip.example").come_back(name="new@wingtip.example")
    assert trip.fields["error_description"].startswith("AADSTS50020")


def test_a_domain_hint_leads_home_without_a_name(trip):
    trip.start(login_hint="", domain_hint="wingtip.example")
    assert trip.request.find(f"{SAML}Subject") is None
    assert trip.come_back(name="yuki@wingtip.example").claims["preferred_username"] == "yuki@wingtip.example"
