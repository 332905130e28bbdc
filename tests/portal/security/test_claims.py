"""Whether an assertion or token that somebody pasted proves MFA, and what of it is shown (V8, V9, A2)."""

import base64
from urllib.parse import urlencode

import pytest

from security.claims.pasted import read_pasted
from security.claims.said import Problem, Source
from security.claims.verdict import Finding, Verdict, judge
from tests.portal.security.pasted import METHODS, PASSWORD, PROOF, UPN, assertion, fact, problem, token


@pytest.mark.requirement("V8")
@pytest.mark.parametrize(
    ("context", "attributes", "verdict"),
    [
        (PROOF, {}, "by-context"),
        (PASSWORD, {METHODS: PROOF}, "by-attribute"),
        (PASSWORD, {"authenticationmethodsreferences": "multipleauthn"}, "by-attribute"),
        (PASSWORD, {METHODS: "multipleauthn"}, "other-spelling"),
        (PASSWORD, {"authenticationmethodsreferences": PROOF}, "other-spelling"),
        (PASSWORD, {"AuthenticationMethodsReferences": "multipleauthn"}, "other-spelling"),
        (PASSWORD, {METHODS: f" {PROOF}"}, "other-spelling"),
        (PROOF.upper(), {}, "other-spelling"),
        (f"{PROOF}/", {}, "other-spelling"),
        (f"{PROOF} ", {}, "other-spelling"),
        (PASSWORD, {f"{METHODS} ": PROOF}, "other-spelling"),
        (PASSWORD, {"department": PROOF}, "other-value"),
        (PASSWORD, {METHODS: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"}, "other-value"),
        (PASSWORD, {}, "other-value"),
    ],
)
def test_the_proof_is_an_exact_value_in_one_of_three_places(
    context: str, attributes: dict[str, str], verdict: str
) -> None:
    assert judge(read_pasted(assertion(context, **attributes))).verdict == verdict


@pytest.mark.requirement("V8")
def test_without_context_and_attribute_there_is_no_proof_at_all() -> None:
    text = assertion().replace(f"<a:AuthnContextClassRef>{PASSWORD}</a:AuthnContextClassRef>", "")
    assert judge(read_pasted(text)) == Finding(Verdict.NO_PROOF)


def test_what_was_sent_instead_is_named() -> None:
    found = judge(read_pasted(assertion(**{METHODS: "MultipleAuthn"})))
    assert found.instead == (f"AuthnContextClassRef = {PASSWORD}", f"{METHODS} = MultipleAuthn")


PROVING = {"by-context", "by-attribute", "proven", "token-with-mfa"}


def test_only_these_verdicts_prove_mfa() -> None:
    assert {verdict.value for verdict in Verdict if verdict.proves} == PROVING


def test_the_frame_of_a_token_is_told_and_decisive() -> None:
    said = read_pasted(token(iss="https://idp", sub="s", aud=["a", "b"], exp=1, amr=["pwd"], tid="t", roles=["r"]))
    assert [(one.name, one.values) for one in said.facts] == [
        ("iss", ("https://idp",)),
        ("sub", ("s",)),
        ("aud", ("a", "b")),
        ("exp", ("1",)),
        ("tid", ("t",)),
    ]
    assert all(one.decisive for one in said.facts)
    assert [one.name for one in said.claims] == ["amr", "roles"]


def test_the_claims_of_an_object_inside_have_a_dotted_name_as_deep_as_three() -> None:
    said = read_pasted(token(act={"by": {"who": "ann", "more": {"deep": "x"}}}, rows=[{"x": "y"}]))
    assert [(one.name, one.values) for one in said.claims] == [
        ("act.by.who", ("ann",)),
        ("act.by.more", ("[withheld]",)),
        ("rows", ("[withheld]",)),
    ]


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_up_to_256_kilobytes_are_read_in_either_form(more: int, read: bool) -> None:
    text = assertion(department="x")
    text = text.replace(">x<", f">{'x' * (256 * 1024 - len(text) + 1 + more)}<")
    assert len(text) == 256 * 1024 + more
    for pasted in (text, f"\ufeff{text}", f"SAMLResponse={base64.b64encode(text.encode()).decode()}"):
        if read:
            assert read_pasted(pasted).source is Source.ASSERTION
        else:
            assert problem(pasted) is Problem.TOO_LARGE


def test_the_frame_of_an_assertion_is_told() -> None:
    said = read_pasted(assertion(**{UPN: "prashob@wingtip.example"}))
    assert all(one.decisive for one in said.facts)
    assert fact(said, "NameID") == ("prashob@wingtip.example",)
    assert fact(said, "Audience") == ("urn:federation:partner",)
    assert fact(said, "InResponseTo") == ("_q",)
    assert fact(said, "NotOnOrAfter") == ("2026-11-30T12:05:00Z",)
    assert fact(said, "AuthnInstant") == ("2026-11-30T11:59:00Z",)


def test_decisive_claims_are_marked_and_come_first() -> None:
    said = read_pasted(assertion(**{"department": "Sales", "ImmutableID": "abc", METHODS: PROOF}))
    assert [(claim.name, claim.decisive) for claim in said.claims] == [
        ("ImmutableID", True),
        (METHODS, True),
        ("department", False),
    ]


def test_the_field_of_a_form_post_is_read_too() -> None:
    encoded = base64.encodebytes(assertion(PROOF).encode()).decode()
    assert judge(read_pasted(f"SAMLResponse={encoded}")).verdict == "by-context"


@pytest.mark.parametrize("after", ["", "&RelayState=x%26y", "&SAMLResponse=PGEvPg%3D%3D"])
def test_a_form_post_is_read_as_it_was_sent(after: str) -> None:
    """Of a tool that shows the raw body: in percent-encoding, with other fields behind."""
    body = urlencode({"SAMLResponse": base64.b64encode(assertion(PROOF, department="\u3042~?").encode()).decode()})
    assert "%" in body
    assert judge(read_pasted(body + after)).verdict == "by-context"


REF = f"<a:AuthnContextClassRef>{PROOF}</a:AuthnContextClassRef>"
STATEMENT = (
    f'<a:AuthnStatement AuthnInstant="2026-11-30T11:59:00Z"><a:AuthnContext>{REF}</a:AuthnContext></a:AuthnStatement>'
)
METHOD = f'<a:Attribute Name="{METHODS}"><a:AttributeValue>{PROOF}</a:AttributeValue></a:Attribute>'


@pytest.mark.requirement("V8")
@pytest.mark.parametrize("hidden", [REF, STATEMENT, METHOD, f"<a:AttributeStatement>{METHOD}</a:AttributeStatement>"])
def test_a_proof_elsewhere_than_the_provider_reads_it_is_none(hidden: str) -> None:
    for place in ("<a:Advice>{}</a:Advice>", '<x xmlns="urn:x">{}</x>'):
        assert judge(read_pasted(assertion(extra=place.format(hidden)))).verdict == "other-value"


@pytest.mark.requirement("V8")
def test_markup_inside_a_value_makes_no_proof_of_it() -> None:
    assert judge(read_pasted(assertion(f"{PROOF}<b/>"))).verdict == "no-proof"


@pytest.mark.requirement("V9")
def test_the_answer_of_a_custom_control_never_counts() -> None:
    said = read_pasted(token({"typ": "control-answer+jwt"}, sub="trent@wingtipcloud.example", amr=["mfa"]))
    assert (said.source, judge(said).verdict) == (Source.CONTROL, "control-never-counts")


@pytest.mark.requirement("A2")
@pytest.mark.parametrize(
    ("amr", "verdict"),
    [
        (["pwd", "mfa"], "token-with-mfa"),
        (["pwd"], "token-without-mfa"),
        (["MFA"], "token-without-mfa"),
        ("mfa", "token-without-mfa"),  # the API reads a list
        ([["mfa"]], "token-without-mfa"),
        ({"mfa": ["mfa"]}, "token-without-mfa"),
    ],
)
def test_a_token_carries_mfa_in_amr(amr: object, verdict: str) -> None:
    assert judge(read_pasted(token(amr=amr, upn="john@fabrikam.example"))).verdict == verdict


@pytest.mark.requirement("A2")
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", " none", "", None])
def test_a_token_that_is_not_signed_proves_nothing(algorithm: str | None) -> None:
    assert judge(read_pasted(token({"alg": algorithm}, amr=["mfa"]))) == Finding(Verdict.TOKEN_UNSIGNED)


def test_a_token_may_be_pasted_as_its_header_and_in_lines() -> None:
    text = f"Bearer {token(amr=['mfa'])}"
    assert read_pasted(f"{text[:30]}\n{text[30:]}").source is Source.TOKEN


def test_signs_that_no_page_shows_are_seen() -> None:
    assert read_pasted(assertion(department="Sa\u202eles")).claims[0].values == ("Sa\ufffdles",)


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!doctype a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;">]>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_parsed(attack: str) -> None:
    assert problem(attack + assertion(department="&x;")) is Problem.FORBIDDEN_XML


def test_another_encoding_hides_no_document_type() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADw-+ACE-DOCTYPE a+AD4-' + assertion()
    assert problem(base64.b64encode(hidden.encode()).decode()) is Problem.NOT_XML
    wide = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>{assertion()}'.encode("utf-16")
    assert problem(base64.b64encode(wide).decode()) is Problem.NOT_XML


@pytest.mark.parametrize("node", ["<!-- c -->", "<?x y?>"])
def test_comments_and_processing_instructions_are_refused(node: str) -> None:
    for text in (assertion(extra=node), f"{node}{assertion()}", f"{assertion()}{node}"):
        assert problem(text) is Problem.FORBIDDEN_XML


def test_deep_nesting_is_refused_without_harm() -> None:
    assert problem("<a>" * 20_000 + "</a>" * 20_000) is Problem.NOT_XML
    deep = base64.urlsafe_b64encode(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}").decode().rstrip("=")
    assert problem(f"{token().split('.')[0]}.{deep}.c2ln") is Problem.NOT_A_TOKEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Problem.EMPTY),
        (" \n", Problem.EMPTY),
        ("<" + "a" * 400_000, Problem.TOO_LARGE),
        ("<" + "a" * 300_000, Problem.TOO_LARGE),
        ("hello, world", Problem.NEITHER),
        ("aGVsbG8", Problem.NEITHER),
        ("aGVsbG8=", Problem.NOT_XML),
        ("<a/>", Problem.NOT_ONE_ASSERTION),
        (f"<r>{assertion()}{assertion()}</r>", Problem.NOT_ONE_ASSERTION),
        (assertion(extra=f"<a:Advice>{assertion(PROOF)}</a:Advice>"), Problem.NOT_ONE_ASSERTION),
        (assertion(extra=STATEMENT), Problem.AMBIGUOUS),
        (assertion().replace("</a:Subject>", "<a:NameID>eve</a:NameID></a:Subject>"), Problem.AMBIGUOUS),
        ('<a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/>', Problem.ENCRYPTED),
        ("eyJhbGciOiJSUzI1NiJ9.a.b.c.d", Problem.ENCRYPTED),
        ("a.b.c", Problem.NOT_A_TOKEN),
        ("<a", Problem.NOT_XML),
    ],
)
def test_what_cannot_be_read_says_why(text: str, expected: Problem) -> None:
    assert problem(text) is expected


def test_a_claim_after_hundreds_of_others_is_still_judged() -> None:
    many = {f"a{number}": "x" for number in range(300)}
    assert judge(read_pasted(assertion(**many, **{METHODS: PROOF}))).verdict == "by-attribute"
