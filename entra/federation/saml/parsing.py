"""Reading XML that a stranger sent, without giving it any power."""

import base64
from typing import Any

from lxml import etree

from entra.federation.errors import AnswerRefused, Refusal

MAX_BYTES = 256 * 1024
Element = Any  # lxml's stubs know no public element type


def decode(field: str) -> bytes:
    """Return the XML of a `SAMLResponse` form field."""
    if not field or len(field) > MAX_BYTES * 4 // 3:
        raise AnswerRefused(Refusal.UNREADABLE, "empty or too large")
    try:
        return base64.b64decode("".join(field.split()), validate=True)
    except ValueError as error:
        raise AnswerRefused(Refusal.UNREADABLE, "not base64") from error


def parse(xml: bytes) -> Element:
    """Return the root element. Refuses document types, entities, processing instructions and comments.

    A comment inside a name splits the text that a parser reports from the text that was signed; no provider needs one.
    """
    # The parser resolves nothing and fetches nothing; the document type is looked at before anything is read.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise AnswerRefused(Refusal.UNREADABLE, "not XML") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise AnswerRefused(Refusal.FORBIDDEN_XML, "document type")
    for node in (*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter()):
        if not isinstance(node.tag, str):
            raise AnswerRefused(Refusal.FORBIDDEN_XML, "comment, entity or processing instruction")
    return root
