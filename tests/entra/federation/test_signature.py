"""Signatures that are missing, foreign or weak, and assertions wrapped around a signed one (XSW)."""

import copy
from dataclasses import replace

import pytest
from lxml import etree

from entra.federation.errors import AnswerRefused
from entra.federation.saml.response import validate
from tests.entra.federation.conftest import NOW, SAML, SAMLP, Answer, sign

DS = "http://www.w3.org/2000/09/xmldsig#"
ASSERTION = f"{{{SAML}}}Assertion"
SIGNATURE = f"{{{DS}}}Signature"
NAME_ID = f"{{{SAML}}}NameID"


def read(tree, expected):
    xml = tree if isinstance(tree, bytes) else etree.tostring(tree)
    return validate(xml, expected, NOW)


def refused(tree, expected):
    with pytest.raises(AnswerRefused) as caught:
        read(tree, expected)
    return caught.value.refusal


def test_an_unsigned_assertion_is_refused(expected):
    assert refused(Answer().tree(), expected) == "signatureMissing"


def test_a_signature_over_the_response_alone_does_not_stand_for_the_assertion(pair, expected):
    tree = sign(Answer().tree(), pair)
    assertion = tree.find(ASSERTION)
    signature = assertion.find(SIGNATURE)
    tree.insert(1, signature)
    assert refused(tree, expected) == "signatureMissing"


def test_a_strangers_signature_is_refused(stranger, expected):
    assert refused(sign(Answer().tree(), stranger), expected) == "signatureInvalid"


def test_a_changed_assertion_is_refused(pair, expected):
    tree = sign(Answer().tree(), pair)
    next(tree.iter(NAME_ID)).text = "yuki@wingtip.example"
    assert refused(tree, expected) == "signatureInvalid"


def test_the_next_certificate_is_trusted_too(pair, stranger, expected):
    both = replace(expected, certificates=(stranger.certificate_pem, pair.certificate_pem))
    assert read(sign(Answer().tree(), pair), both).name == "prashob@wingtip.example"


@pytest.mark.parametrize("weak", [{"signature_algorithm": "rsa-sha1"}, {"digest_algorithm": "sha1"}])
def test_sha1_is_refused(weak, pair, expected, monkeypatch):
    monkeypatch.setattr("signxml.XMLSigner.check_deprecated_methods", lambda self: None)
    assert refused(sign(Answer().tree(), pair, **weak), expected) == "signatureInvalid"


def test_inclusive_canonicalization_is_refused(pair, expected):
    tree = sign(Answer().tree(), pair, c14n_algorithm="http://www.w3.org/2006/12/xml-c14n11")
    assert refused(tree, expected) == "signatureForm"


def test_the_key_inside_the_message_is_not_believed(pair, stranger, expected):
    """A message that brings its own certificate is checked against the pinned one."""
    tree = sign(Answer().tree(), stranger)
    assert stranger.certificate_pem.splitlines()[1] in etree.tostring(tree).decode()
    assert refused(tree, expected) == "signatureInvalid"


# --- wrapping: an evil assertion is shown while the signed one is hidden somewhere --------------------------------


def evil(tree, *, keep_id=False, with_signature=False):
    """A copy of the assertion for another person."""
    forged = copy.deepcopy(tree.find(ASSERTION))
    if not keep_id:
        forged.set("ID", "_evil")
    next(forged.iter(NAME_ID)).text = "yuki@wingtip.example"
    if not with_signature:
        forged.remove(forged.find(SIGNATURE))
    return forged


def xsw1(tree):
    """The original Response hidden in the Signature of a forged Response."""
    original = copy.deepcopy(tree)
    forged = evil(tree)
    tree.replace(tree.find(ASSERTION), forged)
    signature = original.find(ASSERTION).find(SIGNATURE)
    holder = copy.deepcopy(signature)
    holder.append(original)
    forged.insert(1, holder)
    return tree


def xsw2(tree):
    """The signature detached: beside the original assertion, after the forged one."""
    original = tree.find(ASSERTION)
    signature = original.find(SIGNATURE)
    original.remove(signature)
    tree.insert(0, evil_from(original))
    tree.append(signature)
    return tree


def evil_from(original):
    forged = copy.deepcopy(original)
    forged.set("ID", "_evil")
    next(forged.iter(NAME_ID)).text = "yuki@wingtip.example"
    return forged


def xsw3(tree):
    """The forged assertion before the signed one."""
    tree.insert(list(tree).index(tree.find(ASSERTION)), evil(tree))
    return tree


def xsw4(tree):
    """The signed assertion inside the forged one."""
    original = tree.find(ASSERTION)
    forged = evil(tree)
    tree.replace(original, forged)
    forged.append(original)
    return tree


def xsw5(tree):
    """The forged assertion carries the signature; the original follows without it."""
    original = copy.deepcopy(tree.find(ASSERTION))
    forged = evil(tree, with_signature=True)
    tree.replace(tree.find(ASSERTION), forged)
    original.remove(original.find(SIGNATURE))
    tree.append(original)
    return tree


def xsw6(tree):
    """The original inside the signature of the forged one."""
    original = copy.deepcopy(tree.find(ASSERTION))
    forged = evil(tree, with_signature=True)
    tree.replace(tree.find(ASSERTION), forged)
    original.remove(original.find(SIGNATURE))
    forged.find(SIGNATURE).append(original)
    return tree


def xsw7(tree):
    """The forged assertion in Extensions, with the id of the signed one."""
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(evil(tree, keep_id=True))
    tree.insert(1, extensions)
    return tree


def xsw8(tree):
    """The original in an Object of the forged assertion's signature."""
    original = copy.deepcopy(tree.find(ASSERTION))
    forged = evil(tree, with_signature=True)
    tree.replace(tree.find(ASSERTION), forged)
    original.remove(original.find(SIGNATURE))
    holder = etree.SubElement(forged.find(SIGNATURE), f"{{{DS}}}Object")
    holder.append(original)
    return tree


def outside(tree):
    """The signed assertion hidden in an element that is not SAML at all, the forged one in its place."""
    original = tree.find(ASSERTION)
    forged = evil(tree)
    tree.replace(original, forged)
    etree.SubElement(tree, "hidden").append(original)
    return tree


def empty_reference(tree):
    """A reference to the whole document instead of to the assertion."""
    next(tree.iter(f"{{{DS}}}Reference")).set("URI", "")
    return tree


def two_references(tree):
    info = next(tree.iter(f"{{{DS}}}SignedInfo"))
    info.append(copy.deepcopy(next(tree.iter(f"{{{DS}}}Reference"))))
    return tree


def two_signatures(tree):
    assertion = tree.find(ASSERTION)
    assertion.append(copy.deepcopy(assertion.find(SIGNATURE)))
    return tree


def stylesheet_transform(tree):
    transforms = next(tree.iter(f"{{{DS}}}Transforms"))
    etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116")
    return tree


def same_id_in_another_case(tree):
    etree.SubElement(tree, "x").set("id", "_assertion")
    return tree


def encrypted_beside(tree):
    etree.SubElement(tree, f"{{{SAML}}}EncryptedAssertion")
    return tree


def unsigned_after(tree):
    """The signed assertion as it was, and a second one without a signature behind it."""
    tree.append(evil(tree))
    return tree


def another_canonicalization(tree):
    """Of SignedInfo alone: the transforms stay as they were."""
    method = next(tree.iter(f"{{{DS}}}CanonicalizationMethod"))
    method.set("Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    return tree


ATTACKS = [
    unsigned_after,
    another_canonicalization,
    xsw1,
    xsw2,
    xsw3,
    xsw4,
    xsw5,
    xsw6,
    xsw7,
    xsw8,
    outside,
    empty_reference,
    two_references,
    two_signatures,
    stylesheet_transform,
    same_id_in_another_case,
    encrypted_beside,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_wrapped_assertion_is_refused(attack, pair, expected):
    tree = sign(Answer().tree(), pair)
    assert read(copy.deepcopy(tree), expected).name == "prashob@wingtip.example"
    assert refused(attack(tree), expected) in {
        "notOneAssertion",
        "ambiguousId",
        "signatureForm",
        "signatureMissing",
    }


# --- XML that tries to be more than data ---------------------------------------------------------------------------


def test_a_comment_in_the_name_is_refused(pair, expected):
    """Signed as one name, read by a careless parser as another: canonicalization drops the comment."""
    xml = etree.tostring(sign(Answer(name="prashob@wingtip.example.evil.example").tree(), pair))
    split = xml.replace(b"prashob@wingtip.example.evil", b"prashob@wingtip.example<!---->.evil")
    assert refused(split, expected) == "forbiddenXml"


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd">',
        b"<!DOCTYPE r>",
        b"<?xml-stylesheet href='x'?>",
        b"<!-- a comment before the root -->",
    ],
)
def test_document_types_entities_and_instructions_are_refused(prologue, pair, expected):
    assert refused(prologue + etree.tostring(sign(Answer().tree(), pair)), expected) == "forbiddenXml"


def test_an_entity_in_the_name_is_refused(pair, expected):
    xml = etree.tostring(sign(Answer().tree(), pair)).replace(b"prashob@", b"&x;@")
    prologue = b'<!DOCTYPE r [<!ENTITY x "prashob">]>'
    assert refused(prologue + xml, expected) == "forbiddenXml"


@pytest.mark.parametrize("xml", [b"", b"<", b"no xml", b"\x00\x01", b"<r/>", b'<r xmlns="x">&undefined;</r>'])
def test_what_is_not_a_response_is_refused(xml, expected):
    assert refused(xml, expected) in {"unreadable", "malformed", "wrongDestination"}
