"""Reads the one assertion of a SAML 2.0 message that somebody pasted, without giving it any power."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from security.claims.redaction import MOST, printable, shown
from security.claims.said import Claim, Problem, Said, Source, Unreadable
from security.claims.verdict import claims_of

_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
Element = Any  # lxml's stubs know no public element type


def read_assertion(xml: bytes) -> Said:
    """Return what it says. Raises Unreadable; also for a document type, a comment or a processing instruction, which
    the identity provider refuses too."""
    root = _parsed(xml)
    if any(True for _one in root.iter(_tag("EncryptedAssertion"))):
        raise Unreadable(Problem.ENCRYPTED)
    assertions = list(root.iter(_tag("Assertion")))
    if len(assertions) != 1:
        raise Unreadable(Problem.NOT_ONE_ASSERTION)
    return _said(assertions[0])


def _parsed(xml: bytes) -> Element:
    """The parser expands, fetches and validates nothing; a document type is looked for before it sees the text.

    The encoding is UTF-8 whatever the text declares: another one could hide a document type from that look.
    """
    if b"<!DOCTYPE" in xml.upper():
        raise Unreadable(Problem.FORBIDDEN_XML)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(Problem.NOT_XML) from error
    docinfo: Any = root.getroottree().docinfo
    around = (*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter())
    if docinfo.doctype or not all(isinstance(node.tag, str) for node in around):
        raise Unreadable(Problem.FORBIDDEN_XML)
    return root


def _said(assertion: Element) -> Said:
    refs = tuple(_texts(assertion, "AuthnContextClassRef"))
    attributes: dict[str, list[str]] = {}
    for attribute in assertion.iter(_tag("Attribute")):
        attributes.setdefault(attribute.get("Name") or "", []).extend(_texts(attribute, "AttributeValue"))
    return Said(
        source=Source.ASSERTION,
        facts=tuple(Claim(name, shown(name, values), True) for name, values in _facts(assertion) if values),
        class_refs=tuple(printable(ref) for ref in refs[:MOST]),
        claims=claims_of(attributes.items()),
    )


def _facts(assertion: Element) -> Iterator[tuple[str, list[str]]]:
    yield "Issuer", _texts(assertion, "Issuer")
    yield "NameID", _texts(assertion, "NameID")
    yield "NameID Format", [node.get("Format") for node in assertion.iter(_tag("NameID")) if node.get("Format")]
    yield "Audience", _texts(assertion, "Audience")
    for name in ("Recipient", "InResponseTo"):
        yield name, _attributes(assertion, "SubjectConfirmationData", name)
    for name in ("NotBefore", "NotOnOrAfter"):
        yield name, _attributes(assertion, "Conditions", name)
    yield "AuthnInstant", _attributes(assertion, "AuthnStatement", "AuthnInstant")


def _attributes(parent: Element, tag: str, name: str) -> list[str]:
    return [node.get(name) for node in parent.iter(_tag(tag)) if node.get(name)]


def _texts(parent: Element, tag: str) -> list[str]:
    return [node.text or "" for node in parent.iter(_tag(tag)) if not len(node)]


def _tag(name: str) -> str:
    return f"{{{_SAML}}}{name}"
