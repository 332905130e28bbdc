"""What the example provider really sends, read by our validator and by an independent implementation."""

import base64
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.utils import timezone
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from entra.federation.saml.request import AuthnRequest, redirect_url
from entra.federation.saml.response import Declined, Expected, validate
from examples.wingtip import answered, asked, own
from examples.wingtip.people import Person
from examples.wingtip.service import Service
from examples.wingtip.switches import Relay
from tests.entra.federation.conftest import AUDIENCE, CONSUMER, Answer

ISSUER = "http://localhost:8002/saml/metadata"
PERSON = Person("prashob@wingtip.example", "Prashob Menon")


@pytest.fixture
def service(pair):
    return Service(AUDIENCE, CONSUMER, load_pem_x509_certificate(pair.certificate_pem.encode()).public_key())


@pytest.fixture
def question(pair, service):
    """Our own signed AuthnRequest, as the example provider reads it."""
    request = AuthnRequest(
        id="_question",
        issued_at=timezone.now(),
        destination="http://localhost:8002/saml/sso",
        issuer=AUDIENCE,
        consumer_url=CONSUMER,
        subject=PERSON.name,
        fresh=True,
        wants_mfa=True,
    )
    return asked.read(urlsplit(redirect_url(request, relay_state="r&=?", key_pem=pair.key_pem)).query, service)


@pytest.fixture
def expected():
    return Expected(
        question_id="_question",
        issuer=ISSUER,
        certificates=(own.SIGNING.certificate_pem,),
        consumer_url=CONSUMER,
        audience=AUDIENCE,
        asked_at=timezone.now() - timedelta(seconds=5),
    )


def say(question, service, *, mfa=True, relay=Relay.CLASS_REF):
    return answered.signed_in(question, service, PERSON, at=timezone.now(), mfa=mfa, relay=relay)


def test_the_request_is_read_as_it_was_meant(question):
    assert (question.id, question.subject, question.relay_state) == ("_question", "prashob@wingtip.example", "r&=?")
    assert (question.fresh, question.wants_mfa) == (True, True)


@pytest.mark.requirement("V2", "V8")
@pytest.mark.parametrize(
    ("mfa", "relay", "proves"),
    [
        (True, Relay.CLASS_REF, True),
        (True, Relay.ATTRIBUTE, True),
        (True, Relay.SHORT_ATTRIBUTE, True),
        (True, Relay.NOT, False),
        (False, Relay.CLASS_REF, False),
    ],
)
def test_its_answer_is_believed_and_proves_what_it_relays(mfa, relay, proves, question, service, expected):
    identity = validate(say(question, service, mfa=mfa, relay=relay), expected, timezone.now())
    assert identity.name == "prashob@wingtip.example"
    assert identity.proves_mfa is proves


def test_its_refusal_is_understood(question, service, expected):
    xml = answered.declined(question, service, reason="NoAuthnContext")
    assert validate(xml, expected, timezone.now()) == Declined(75011)


def test_python3_saml_believes_it_too(question, service):
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": AUDIENCE, "assertionConsumerService": {"url": CONSUMER}},
            "idp": {
                "entityId": ISSUER,
                "singleSignOnService": {"url": "http://localhost:8002/saml/sso"},
                "x509cert": own.SIGNING.certificate_pem,
            },
            "security": {"wantAssertionsSigned": True, "requestedAuthnContext": False},
        }
    )
    posted = base64.b64encode(say(question, service)).decode()
    request = {"https": "off", "http_host": "localhost:8001", "script_name": "/login.srf"}
    response = OneLogin_Saml2_Response(settings, posted)
    assert response.is_valid(request, request_id="_question"), response.get_error()
    assert etree.fromstring(base64.b64decode(posted)) is not None
    assert response.get_authn_contexts() == ["http://schemas.microsoft.com/claims/multipleauthn"]


def test_python3_saml_verifies_the_signature_of_our_request(pair):
    request = AuthnRequest(
        id="_question",
        issued_at=timezone.now(),
        destination="http://localhost:8002/saml/sso",
        issuer=AUDIENCE,
        consumer_url=CONSUMER,
    )
    query = urlsplit(redirect_url(request, relay_state="r&=?", key_pem=pair.key_pem)).query
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    signed = query.rpartition("&Signature=")[0]
    assert OneLogin_Saml2_Utils.validate_binary_sign(
        signed, base64.b64decode(fields["Signature"]), pair.certificate_pem, fields["SigAlg"]
    )
    assert not OneLogin_Saml2_Utils.validate_binary_sign(
        signed.replace("RelayState=r", "RelayState=s"),
        base64.b64decode(fields["Signature"]),
        pair.certificate_pem,
        fields["SigAlg"],
    )


def test_an_assertion_signed_by_python3_saml_is_believed(pair, expected):
    """Signed by xmlsec instead of by the library that verifies."""
    tree = Answer(now=timezone.now(), issuer=ISSUER, assertion_issuer=ISSUER).tree()
    assertion = tree.find("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")
    signed = OneLogin_Saml2_Utils.add_sign(
        etree.tostring(assertion, with_tail=False), pair.key_pem, pair.certificate_pem
    )
    tree.replace(assertion, etree.fromstring(signed))
    both = replace(expected, certificates=(pair.certificate_pem,))
    assert validate(etree.tostring(tree), both, timezone.now()).name == "prashob@wingtip.example"
