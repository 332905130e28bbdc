"""Reads the one assertion of a SAML 2.0 message that somebody pasted, without giving it any power."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from security.claims.redaction import shown
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
    if len(_nodes(assertions[0], "AuthnStatement")) > 1 or len(_nodes(assertions[0], "Subject/NameID")) > 1:
        raise Unreadable(Problem.AMBIGUOUS)
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
    refs = _texts(assertion, "AuthnStatement/AuthnContext/AuthnContextClassRef")
    attributes: dict[str, list[str]] = {}
    for attribute in _nodes(assertion, "AttributeStatement/Attribute"):
        attributes.setdefault(attribute.get("Name") or "", []).extend(_texts(attribute, "AttributeValue"))
    return Said(
        source=Source.ASSERTION,
        facts=tuple(Claim(name, shown(name, values), True) for name, values in _facts(assertion) if values),
        class_refs=shown("AuthnContextClassRef", refs),
        claims=claims_of(attributes.items()),
    )


def _facts(assertion: Element) -> Iterator[tuple[str, list[str]]]:
    yield "Issuer", _texts(assertion, "Issuer")
    yield "NameID", _texts(assertion, "Subject/NameID")
    yield "NameID Format", _attributes(assertion, "Subject/NameID", "Format")
    yield "Audience", _texts(assertion, "Conditions/AudienceRestriction/Audience")
    for name in ("Recipient", "InResponseTo"):
        yield name, _attributes(assertion, "Subject/SubjectConfirmation/SubjectConfirmationData", name)
    for name in ("NotBefore", "NotOnOrAfter"):
        yield name, _attributes(assertion, "Conditions", name)
    yield "AuthnInstant", _attributes(assertion, "AuthnStatement", "AuthnInstant")


def _attributes(parent: Element, path: str, name: str) -> list[str]:
    return [node.get(name) for node in _nodes(parent, path) if node.get(name)]


def _texts(parent: Element, path: str) -> list[str]:
    return [node.text or "" for node in _nodes(parent, path) if not len(node)]


def _nodes(parent: Element, path: str) -> list[Element]:
    """The elements at this place alone, which is where the identity provider reads them: elsewhere they say nothing."""
    return list(parent.iterfind("/".join(_tag(name) for name in path.split("/"))))


def _tag(name: str) -> str:
    return f"{{{_SAML}}}{name}"
