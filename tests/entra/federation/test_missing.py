"""What an answer lacks as a proof of MFA, and what is kept of its claims."""

import pytest

from entra.federation.claims import WITHHELD, flattened, kept_claims, printable
from entra.federation.missing import Missing, missing_proof

FULL = "http://schemas.microsoft.com/claims/multipleauthn"
NAME = "http://schemas.microsoft.com/claims/authnmethodsreferences"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
SPELLING, OTHER, NONE, REFUSED = (
    Missing.OTHER_SPELLING,
    Missing.OTHER_VALUE,
    Missing.NO_PROOF,
    Missing.ATTRIBUTE_NOT_ACCEPTED,
)


@pytest.mark.requirement("V8")
@pytest.mark.parametrize(
    ("class_refs", "attributes", "accepts", "expected"),
    [
        ((FULL,), {}, True, None),
        ((), {NAME: (FULL,)}, True, None),
        ((), {"authenticationmethodsreferences": ("multipleauthn",)}, True, None),
        ((PASSWORD,), {NAME: ("x", FULL)}, True, None),
        ((), {}, True, NONE),
        ((), {"department": (FULL,)}, True, NONE),
        ((PASSWORD,), {}, True, OTHER),
        ((), {NAME: ("http://schemas.microsoft.com/ws/2012/12/authmethod/otp",)}, True, OTHER),
        ((), {NAME: ()}, True, NONE),
        (("multipleauthn",), {}, True, SPELLING),
        ((FULL.upper(),), {}, True, SPELLING),
        ((f" {FULL}",), {}, True, SPELLING),
        ((f"{FULL}/",), {}, True, SPELLING),
        ((FULL.replace("http:", "https:"),), {}, True, SPELLING),
        ((), {NAME: ("multipleauthn",)}, True, SPELLING),
        ((), {"authenticationmethodsreferences": (FULL,)}, True, SPELLING),
        ((), {"AuthenticationMethodsReferences": ("multipleauthn",)}, True, SPELLING),
        ((PASSWORD,), {NAME: ("MultipleAuthn",)}, True, SPELLING),
        ((PASSWORD,), {NAME: (FULL,)}, False, REFUSED),
        ((), {"authenticationmethodsreferences": ("multipleauthn",)}, False, REFUSED),
        (("multipleauthn",), {NAME: (FULL,)}, False, SPELLING),
        ((PASSWORD,), {}, False, OTHER),
        ((), {}, False, NONE),
    ],
)
def test_what_is_missing(class_refs, attributes, accepts, expected):
    assert missing_proof(class_refs=class_refs, attributes=attributes, accepts_attribute=accepts) is expected


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("department", "Sales", "Sales"),
        ("groups", "CN=Admins,OU=Groups,DC=wingtip,DC=example", "CN=Admins,OU=Groups,DC=wingtip,DC=example"),
        ("place", "Eyjafjallajokull", "Eyjafjallajokull"),
        ("note", "a long sentence " * 20, ("a long sentence " * 20)[:200]),
        ("amr", "pwd", "pwd"),
        ("userPassword", "x", WITHHELD),
        ("access_token", "x", WITHHELD),
        ("clientSecret", "x", WITHHELD),
        ("http://wingtip.example/x509Certificate", "x", WITHHELD),
        ("cnf.x5c", "x", WITHHELD),
        ("note", "-----BEGIN PRIVATE KEY-----", WITHHELD),
        ("note", "my token: eyJhbGciOiJSUzI1NiJ9.e30.x", WITHHELD),
        ("note", "Bearer abc", WITHHELD),
        ("note", "A" * 100, WITHHELD),
        ("note", "\n".join(["MIIB" + "A" * 60] * 20), WITHHELD),
        ("note", "A" * 250_000, WITHHELD),
    ],
)
def test_a_value_is_kept_unless_it_may_open_a_door(name, value, kept):
    assert kept_claims([(name, [value])])[0]["values"] == [kept]


def test_at_most_fifty_values_are_kept():
    rows = kept_claims((str(number), ["a", "b"]) for number in range(40))
    assert [len(row["values"]) for row in rows] == [2] * 25
    assert len(kept_claims((str(number), []) for number in range(60))) == 50


def test_what_no_database_takes_is_seen_and_not_kept():
    assert printable("a\x00b\ud800c\u202ed\u200be") == "a\ufffdb\ufffdc\ufffdd\ufffde"


def test_a_tokens_claims_become_names_and_texts():
    claims = {"a": 1, "b": [True, "x", {"y": 1}], "c": {"d": {"e": None, "f": {"g": "deep"}}}}
    assert dict(flattened(claims)) == {"a": ["1"], "b": ["true", "x", WITHHELD], "c.d.e": ["null"], "c.d.f": [WITHHELD]}
