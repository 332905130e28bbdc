"""A federated provider under the tests' full control: it builds Responses, right or wrong in one named way."""

import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from signxml import XMLSigner

from entra.federation.saml.response import Expected
from secretstore.certificates import create_certificate

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
CONSUMER = "http://localhost:8001/login.srf"
AUDIENCE = "http://localhost:8001/saml/metadata"
ISSUER = "http://127.0.0.1:8002"
PASSWORD_PROTECTED = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"

_TEMPLATE = """<samlp:Response xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="_response" Version="2.0"
 IssueInstant="{now}" Destination="{destination}" InResponseTo="{question}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>
<saml:Assertion ID="{assertion_id}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{assertion_issuer}</saml:Issuer>
<saml:Subject><saml:NameID>{name}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{until}" Recipient="{recipient}" InResponseTo="{confirmed_question}"/></saml:SubjectConfirmation>
</saml:Subject>
<saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{authenticated}"><saml:AuthnContext>
<saml:AuthnContextClassRef>{class_ref}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
{attributes}</saml:Assertion></samlp:Response>"""


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Answer:
    """A Response; every field is right until a test changes it."""

    question: str = "_question"
    confirmed_question: str | None = None
    issuer: str = ISSUER
    assertion_issuer: str = ISSUER
    assertion_id: str = "_assertion"
    destination: str = CONSUMER
    recipient: str = CONSUMER
    audience: str = AUDIENCE
    name: str = "prashob@wingtip.example"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    now: datetime = NOW
    since: timedelta = timedelta(0)
    until: timedelta = timedelta(minutes=5)
    authenticated: timedelta = timedelta(0)
    class_ref: str = PASSWORD_PROTECTED
    attributes: tuple[tuple[str, str], ...] = ()

    def but(self, **changes) -> "Answer":
        return replace(self, **changes)

    def tree(self):
        listed = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes
        )
        text = _TEMPLATE.format(
            samlp=SAMLP,
            saml=SAML,
            now=stamp(self.now),
            destination=self.destination,
            question=self.question,
            issuer=self.issuer,
            assertion_issuer=self.assertion_issuer,
            assertion_id=self.assertion_id,
            status=self.status,
            name=self.name,
            since=stamp(self.now + self.since),
            until=stamp(self.now + self.until),
            recipient=self.recipient,
            confirmed_question=self.question if self.confirmed_question is None else self.confirmed_question,
            audience=self.audience,
            authenticated=stamp(self.now + self.authenticated),
            class_ref=self.class_ref,
            attributes=f"<saml:AttributeStatement>{listed}</saml:AttributeStatement>" if listed else "",
        )
        return etree.fromstring(text)


def sign(tree, pair, **signer):
    """Return the Response with its assertion signed."""
    tree = copy.deepcopy(tree)
    assertion = tree.find(f"{{{SAML}}}Assertion")
    options = {"signature_algorithm": "rsa-sha256", "digest_algorithm": "sha256"} | signer
    options.setdefault("c14n_algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#")
    alone = etree.fromstring(etree.tostring(assertion, with_tail=False))
    signed = XMLSigner(**options).sign(
        alone, key=pair.key_pem, cert=pair.certificate_pem, reference_uri=assertion.get("ID"), id_attribute="ID"
    )
    tree.replace(assertion, signed)
    return tree


@pytest.fixture(scope="session")
def pair():
    return create_certificate(common_name="wingtip")


@pytest.fixture(scope="session")
def stranger():
    return create_certificate(common_name="stranger")


@pytest.fixture
def expected(pair):
    return Expected(
        question_id="_question",
        issuer=ISSUER,
        certificates=(pair.certificate_pem,),
        consumer_url=CONSUMER,
        audience=AUDIENCE,
        asked_at=NOW - timedelta(minutes=1),
    )
