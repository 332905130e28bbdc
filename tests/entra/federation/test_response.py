"""A SAML Response is believed only when everything about it fits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from entra.federation.errors import AnswerRefused
from entra.federation.saml.response import Declined, validate
from tests.entra.federation.conftest import NOW, SAML, Answer, sign

FULL = (
    "http://schemas.microsoft.com/claims/authnmethodsreferences",
    "http://schemas.microsoft.com/claims/multipleauthn",
)
SHORT = ("authenticationmethodsreferences", "multipleauthn")
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"


def minutes(number):
    return timedelta(minutes=number)


def read(answer, pair, expected, now=NOW):
    return validate(etree.tostring(sign(answer.tree(), pair)), expected, now)


def refused(answer, pair, expected, now=NOW):
    with pytest.raises(AnswerRefused) as caught:
        read(answer, pair, expected, now)
    return caught.value.refusal


@pytest.mark.requirement("V2")
def test_a_right_answer_names_the_person(pair, expected):
    identity = read(Answer(), pair, expected)
    assert identity.name == "prashob@wingtip.example"
    assert identity.proves_mfa is False
    assert identity.authenticated_at == NOW


def test_the_upn_attribute_goes_before_an_opaque_name_id(pair, expected):
    identity = read(Answer(name="0a1b2c", attributes=((UPN, "prashob@wingtip.example"),)), pair, expected)
    assert (identity.name, identity.name_id) == ("prashob@wingtip.example", "0a1b2c")


def test_two_different_upns_are_refused(pair, expected):
    attributes = ((UPN, "prashob@wingtip.example"), (UPN, "yuki@wingtip.example"))
    assert refused(Answer(attributes=attributes), pair, expected) == "noSubject"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"audience": "http://another.example"}, "wrongAudience"),
        ({"audience": ""}, "wrongAudience"),
        ({"destination": "http://another.example/login.srf"}, "wrongDestination"),
        ({"destination": ""}, "wrongDestination"),
        ({"recipient": "http://another.example/login.srf"}, "wrongRecipient"),
        ({"question": "_another"}, "wrongQuestion"),
        ({"question": ""}, "wrongQuestion"),
        ({"confirmed_question": "_another"}, "wrongQuestion"),
        ({"confirmed_question": ""}, "wrongQuestion"),
        ({"issuer": "http://another.example"}, "wrongIssuer"),
        ({"assertion_issuer": "http://another.example"}, "wrongIssuer"),
        ({"until": minutes(-3)}, "expired"),
        ({"since": minutes(3)}, "notYetValid"),
        ({"authenticated": minutes(3)}, "notYetValid"),
        ({"name": ""}, "noSubject"),
    ],
)
def test_an_answer_with_one_wrong_fact_is_refused(changes, reason, pair, expected):
    assert refused(Answer(**changes), pair, expected) == reason


@pytest.mark.parametrize(("condition", "understood"), [("OneTimeUse", True), ("Condition", False), ("Unheard", False)])
def test_a_condition_that_is_not_understood_is_not_met(condition, understood, pair, expected):
    tree = Answer().tree()
    etree.SubElement(tree.find(f".//{{{SAML}}}Conditions"), f"{{{SAML}}}{condition}")
    answer = etree.tostring(sign(tree, pair))
    if understood:
        assert validate(answer, expected, NOW)
    else:
        with pytest.raises(AnswerRefused, match="malformed"):
            validate(answer, expected, NOW)


def test_clocks_may_differ_by_two_minutes(pair, expected):
    assert read(Answer(since=minutes(1), authenticated=minutes(1)), pair, expected)
    assert read(Answer(until=minutes(-1)), pair, expected)


def test_an_old_session_at_the_provider_is_not_a_fresh_sign_in(pair, expected):
    old = Answer(authenticated=minutes(-60))
    assert read(old, pair, expected)
    assert refused(old, pair, replace(expected, wants_fresh=True)) == "notFresh"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext", 75011),
        ("urn:oasis:names:tc:SAML:2.0:status:AuthnFailed", 50008),
    ],
)
def test_a_provider_that_declines_is_understood(status, code, pair, expected):
    assert read(Answer(status=status), pair, expected) == Declined(code)


@pytest.mark.requirement("V8")
@pytest.mark.parametrize(
    ("class_ref", "attributes", "proves"),
    [
        (FULL[1], (), True),
        ("multipleauthn", (), False),
        (FULL[1] + " ", (), False),
        (FULL[1].upper(), (), False),
        (FULL[1] + "/x", (), False),
        (None, (FULL,), True),
        (None, (SHORT,), True),
        (None, ((FULL[0], SHORT[1]),), False),
        (None, ((SHORT[0], FULL[1]),), False),
        (None, ((FULL[0], FULL[1].upper()),), False),
        (None, ((FULL[0].upper(), FULL[1]),), False),
        (None, ((SHORT[0], " multipleauthn"),), False),
        (None, ((FULL[0], "http://schemas.microsoft.com/claims/wiaormultiauthn"),), False),
        (None, ((FULL[0], "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"), FULL), True),
        (None, (("anything", FULL[1]),), False),
    ],
)
def test_mfa_is_proven_by_the_exact_claim_only(class_ref, attributes, proves, pair, expected):
    answer = Answer(attributes=attributes)
    if class_ref:
        answer = answer.but(class_ref=class_ref)
    assert read(answer, pair, expected).proves_mfa is proves


@pytest.mark.requirement("V8")
def test_a_domain_may_leave_the_attribute_out_of_account(pair, expected):
    strict = replace(expected, accepts_attribute_proof=False)
    assert read(Answer(attributes=(FULL,)), pair, strict).proves_mfa is False
    assert read(Answer(class_ref=FULL[1]), pair, strict).proves_mfa is True
