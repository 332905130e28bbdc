"""Finding the one assertion that was really signed, in spite of wrapping (XSW).

The assertion's own signature is required. Its form is checked before any cryptography, and afterwards only the
canonical bytes that the signature covers are read: everything else in the message is thrown away.
"""

from collections.abc import Iterable

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from entra.federation.errors import AnswerRefused, Refusal
from entra.federation.saml.names import ds, saml, samlp
from entra.federation.saml.parsing import Element

_EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_CONFIGURATION = SignatureConfiguration(
    location="./",
    expect_references=1,
    signature_methods=frozenset(
        {
            SignatureMethod.RSA_SHA256,
            SignatureMethod.RSA_SHA384,
            SignatureMethod.RSA_SHA512,
            SignatureMethod.ECDSA_SHA256,
            SignatureMethod.ECDSA_SHA384,
            SignatureMethod.ECDSA_SHA512,
        }
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
)


def signed_assertion(response: Element, certificates: Iterable[str]) -> Element:
    """Return the assertion as one of the pinned PEM `certificates` signed it. Raises AnswerRefused."""
    assertion = _only_assertion(response)
    _check_form(response, assertion)
    alone = etree.tostring(assertion, with_tail=False)
    for certificate in certificates:
        try:
            result = XMLVerifier().verify(alone, x509_cert=certificate, id_attribute="ID", expect_config=_CONFIGURATION)
        except (SignXMLException, ValueError, etree.LxmlError):
            continue
        found = None if isinstance(result, list) else result.signed_xml
        if found is None or found.tag != saml("Assertion") or found.get("ID") != assertion.get("ID"):
            raise AnswerRefused(Refusal.SIGNATURE_FORM, "the signature covers something else")
        return found
    raise AnswerRefused(Refusal.SIGNATURE_INVALID)


def _only_assertion(response: Element) -> Element:
    """The message holds exactly one assertion, as the response's own child, and no id twice."""
    if response.tag != samlp("Response"):
        raise AnswerRefused(Refusal.MALFORMED, "not a Response")
    if next(response.iter(saml("EncryptedAssertion")), None) is not None:
        raise AnswerRefused(Refusal.NOT_ONE_ASSERTION, "encrypted assertions are not supported")
    assertions = list(response.iter(saml("Assertion")))
    if len(assertions) != 1 or assertions[0].getparent() is not response:
        raise AnswerRefused(Refusal.NOT_ONE_ASSERTION)
    if next(response.iterdescendants(samlp("Response")), None) is not None:
        raise AnswerRefused(Refusal.NOT_ONE_ASSERTION, "a Response inside the Response")
    ids = [value for node in response.iter() for name, value in node.attrib.items() if name.lower() == "id"]
    if len(ids) != len(set(ids)):
        raise AnswerRefused(Refusal.AMBIGUOUS_ID)
    return assertions[0]


def _check_form(response: Element, assertion: Element) -> None:
    """One signature, a child of the assertion, with one reference to the assertion's id and known transforms only."""
    signatures = assertion.findall(ds("Signature"))
    if not signatures:
        raise AnswerRefused(Refusal.SIGNATURE_MISSING)
    own = [node for node in response.iter(ds("Signature")) if node.getparent() is not response]
    if len(signatures) != 1 or own != signatures:
        raise AnswerRefused(Refusal.SIGNATURE_FORM, "signatures elsewhere")
    (signature,) = signatures
    if next(signature.iter(ds("Object")), None) is not None:
        raise AnswerRefused(Refusal.SIGNATURE_FORM, "an Object inside the signature")
    references = list(signature.iter(ds("Reference")))
    if len(references) != 1 or not assertion.get("ID") or references[0].get("URI") != f"#{assertion.get('ID')}":
        raise AnswerRefused(Refusal.SIGNATURE_FORM, "the reference does not name the assertion")
    transforms = [node.get("Algorithm") for node in signature.iter(ds("Transform"))]
    if transforms != [_ENVELOPED, _EXCLUSIVE_C14N]:
        raise AnswerRefused(Refusal.SIGNATURE_FORM, "transforms")
    methods = [node.get("Algorithm") for node in signature.iter(ds("CanonicalizationMethod"))]
    if methods != [_EXCLUSIVE_C14N]:
        raise AnswerRefused(Refusal.SIGNATURE_FORM, "canonicalization")
