"""What verdicts, refusals and problems are called, and the line of configuration that makes the proof be sent."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from security.claims.received import Result
from security.claims.said import Problem
from security.claims.verdict import METHODS, MULTIPLE_AUTHN, SHORT_METHODS, SHORT_VALUE, Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """Something to configure: `where`, and the text to put there."""

    where: Promise
    text: str


VERDICTS = {
    Verdict.BY_CONTEXT: _("The AuthnContextClassRef proves MFA."),
    Verdict.BY_ATTRIBUTE: _(
        "The attribute proves MFA, unless this federation is set to read the AuthnContextClassRef alone."
    ),
    Verdict.PROVEN: _("The answer was accepted and proves MFA."),
    Verdict.TOKEN_WITH_MFA: _(
        "“amr” holds “mfa”. In a token of your own directory that is MFA; a token of anybody else proves nothing here."
    ),
    Verdict.NOT_BELIEVED: _("The proof is there, but the answer was not accepted, so it counts for nothing."),
    Verdict.NO_PROOF: _(
        "Missing: neither an AuthnContextClassRef nor the attribute with the authentication methods was sent."
    ),
    Verdict.OTHER_VALUE: _("Missing: what was sent in the place of the proof says something else."),
    Verdict.OTHER_SPELLING: _(
        "Missing: the proof is meant, but name or value are not spelled exactly so. Capitals, spaces and slashes count."
    ),
    Verdict.ATTRIBUTE_NOT_ACCEPTED: _(
        "Missing: the attribute carries the proof, and this federation reads the AuthnContextClassRef alone."
    ),
    Verdict.CONTROL_NEVER_COUNTS: _("A custom control never counts as MFA, whatever it answers."),
    Verdict.TOKEN_WITHOUT_MFA: _("Missing: “amr” does not hold “mfa”."),
    Verdict.TOKEN_UNSIGNED: _("The token says itself that it is not signed, so whatever it says counts for nothing."),
}
RESULTS = {
    Result.ACCEPTED: (_("Accepted"), "success"),
    Result.DECLINED: (_("Says no"), "warning"),
    Result.REFUSED: (_("Refused"), "danger"),
}
PROBLEMS = {
    Problem.EMPTY: _("Paste an assertion or a token."),
    Problem.TOO_LARGE: _("The text is too large: more than 256 KB are not read."),
    Problem.NEITHER: _("This is neither SAML, nor the base64 of a SAMLResponse, nor a JWT."),
    Problem.NOT_XML: _("This is no well-formed XML in UTF-8."),
    Problem.FORBIDDEN_XML: _(
        "The XML holds a document type, a comment or a processing instruction. The identity provider refuses those too."
    ),
    Problem.NOT_ONE_ASSERTION: _("The message does not hold exactly one SAML 2.0 assertion."),
    Problem.AMBIGUOUS: _("The assertion has several AuthnStatements or NameIDs. The identity provider refuses that."),
    Problem.ENCRYPTED: _("It is encrypted. Encrypted assertions and tokens are not read, here or at a sign-in."),
    Problem.NOT_A_TOKEN: _("This looks like a JWT, and its parts cannot be read."),
}
_REFUSALS: dict[str, Promise] = {
    "unreadable": _("The message cannot be read."),
    "forbiddenXml": _("The message holds a document type, an entity, a comment or a processing instruction."),
    "notOneAssertion": _("The message does not hold exactly one assertion that is not encrypted."),
    "ambiguousId": _("The message uses an ID twice."),
    "signatureMissing": _("The assertion itself is not signed."),
    "signatureForm": _("The signature covers something else than the assertion, or in a way that is not accepted."),
    "signatureInvalid": _("The signature was not made with the key of a certificate that is trusted."),
    "unknownQuestion": _("The message answers no request that is waiting."),
    "alreadyAnswered": _("The request was answered before."),
    "wrongIssuer": _("The issuer is not the one that is configured."),
    "wrongDestination": _("The Destination is not the receiver that the metadata names."),
    "wrongRecipient": _("The Recipient is not the receiver that the metadata names."),
    "wrongQuestion": _("InResponseTo does not name the request that was sent."),
    "wrongAudience": _("The audience is not the identity provider."),
    "notYetValid": _("The answer is not valid yet; the clocks may differ."),
    "expired": _("The answer is not valid any more; the clocks may differ."),
    "replayed": _("An answer with this ID was accepted before."),
    "notFresh": _("A fresh sign-in was asked for, and the one that is told of is older."),
    "noSubject": _("The answer does not name exactly one person."),
    "foreignDomain": _("The person belongs to a domain that this provider does not speak for."),
    "wrongSubject": _("The answer is about somebody else than was asked about."),
    "malformed": _("The answer lacks something, or says it in a form that is not accepted."),
}
NOT_COUNTED = "rejectMfaByFederatedIdp"
BEHAVIORS: dict[str, tuple[Promise, str]] = {
    "acceptIfMfaDoneByFederatedIdp": (_("Proof counts; without it, MFA is asked for by the directory"), "success"),
    "enforceMfaByFederatedIdp": (_("Proof counts; without it, the person is sent back for it"), "success"),
    NOT_COUNTED: (_("Proof does not count: the directory asks for MFA itself"), "warning"),
}
_CONTEXT = Line(
    _("SAML provider: the context class of the assertion"),
    f"<saml:AuthnContextClassRef>{MULTIPLE_AUTHN}</saml:AuthnContextClassRef>",
)
_ATTRIBUTE = Line(
    _("SAML provider: or an attribute of the assertion"),
    f'<saml:Attribute Name="{METHODS}"><saml:AttributeValue>{MULTIPLE_AUTHN}</saml:AttributeValue></saml:Attribute>',
)
_SHORT_ATTRIBUTE = Line(
    _("SAML provider: or the attribute in its short spelling"),
    f'<saml:Attribute Name="{SHORT_METHODS}"><saml:AttributeValue>{SHORT_VALUE}</saml:AttributeValue></saml:Attribute>',
)
_AD_FS = Line(
    _("AD FS: a claim rule of the relying party trust, where AD FS or an adapter did MFA"),
    f'c:[Type == "{METHODS}"] => issue(claim = c);',
)
_POLICY = Line(
    _("Conditional access policy of your directory: grant on MFA in place of the custom control"),
    '"grantControls": {"operator": "OR", "builtInControls": ["mfa"]}',
)
_ASK = Line(_("Authorization request: ask for MFA when the token is asked for"), "amr_values=mfa")
COUNT_PROOFS = Line(
    _("Directory: let the provider's proof count (internalDomainFederation of the domain)"),
    '{"federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"}',
)
_SENDS = (_CONTEXT, _ATTRIBUTE, _SHORT_ATTRIBUTE, _AD_FS)
_LINES = {
    Verdict.NO_PROOF: _SENDS,
    Verdict.OTHER_VALUE: _SENDS,
    Verdict.OTHER_SPELLING: _SENDS,
    Verdict.ATTRIBUTE_NOT_ACCEPTED: (_CONTEXT,),
    Verdict.CONTROL_NEVER_COUNTS: (_POLICY,),
    Verdict.TOKEN_WITHOUT_MFA: (_ASK,),
}


def lines_for(verdict: Verdict) -> tuple[Line, ...]:
    """What to configure so that the proof is sent; nothing where it is there."""
    return _LINES.get(verdict, ())


def refusal_text(code: str) -> "str | Promise":
    """Why the directory did not believe an answer; its own word where that is a new one."""
    return _REFUSALS.get(code, code)
