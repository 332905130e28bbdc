"""Validation of a SAML Response (saml-profiles-2.0-os 4.1.4.3, saml-core-2.0-os). Pure: values in, identity out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from entra.federation.errors import AnswerRefused, Refusal
from entra.federation.saml.names import (
    BEARER,
    NO_AUTHN_CONTEXT,
    SUCCESS,
    UPN_ATTRIBUTES,
    saml,
    samlp,
)
from entra.federation.saml.parsing import Element, parse
from entra.federation.saml.proof import proves_mfa
from entra.federation.saml.signature import signed_assertion

SKEW = timedelta(seconds=120)
_YEARS = range(1900, 9999)


@dataclass(frozen=True)
class Expected:
    """What the answer to one AuthnRequest must say."""

    question_id: str
    issuer: str
    certificates: tuple[str, ...]
    consumer_url: str
    audience: str
    asked_at: datetime
    wants_fresh: bool = False
    accepts_attribute_proof: bool = True


@dataclass(frozen=True)
class Identity:
    """What a believed assertion says."""

    assertion_id: str
    name: str
    """The sign-in name: the UPN attribute, else the NameID."""
    name_id: str
    proves_mfa: bool
    authenticated_at: datetime
    expires_at: datetime
    class_refs: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Declined:
    """The provider answered that it did not sign the person in. `code` is the AADSTS code."""

    code: int


def in_response_to(xml: bytes) -> str:
    """Return which question the message claims to answer. Unproven: for looking up what to expect."""
    return str(parse(xml).get("InResponseTo") or "")


def validate(xml: bytes, expected: Expected, now: datetime) -> Identity | Declined:
    """Return what the answer says. Raises AnswerRefused."""
    response = parse(xml)
    _check_envelope(response, expected)
    declined = _status(response)
    if declined is not None:
        return declined
    assertion = signed_assertion(response, expected.certificates)
    # From here on the response itself is not looked at again: only what was signed counts.
    if _text(assertion.find(saml("Issuer"))) != expected.issuer:
        raise AnswerRefused(Refusal.WRONG_ISSUER)
    expires_at = _check_conditions(assertion, expected, now)
    expires_at = min(expires_at, _check_confirmation(assertion, expected, now))
    return _identity(assertion, expected, expires_at, now)


def _check_envelope(response: Element, expected: Expected) -> None:
    if response.tag != samlp("Response") or response.get("Version") != "2.0":
        raise AnswerRefused(Refusal.MALFORMED, "not a SAML 2.0 Response")
    if response.get("Destination") != expected.consumer_url:
        raise AnswerRefused(Refusal.WRONG_DESTINATION)
    if response.get("InResponseTo") != expected.question_id:
        raise AnswerRefused(Refusal.WRONG_QUESTION)
    issuer = response.find(saml("Issuer"))
    if issuer is not None and _text(issuer) != expected.issuer:
        raise AnswerRefused(Refusal.WRONG_ISSUER)


def _status(response: Element) -> Declined | None:
    codes = [node.get("Value") for node in response.iterfind(f"{samlp('Status')}//{samlp('StatusCode')}")]
    if not codes:
        raise AnswerRefused(Refusal.MALFORMED, "no status")
    if codes == [SUCCESS]:
        return None
    return Declined(75011 if NO_AUTHN_CONTEXT in codes else 50008)


# Valid only if every condition is understood (saml-core 2.5.1). Each answer is used once here and told nobody else.
_UNDERSTOOD = {saml("AudienceRestriction"), saml("OneTimeUse"), saml("ProxyRestriction")}


def _check_conditions(assertion: Element, expected: Expected, now: datetime) -> datetime:
    conditions = assertion.findall(saml("Conditions"))
    if len(conditions) != 1:
        raise AnswerRefused(Refusal.MALFORMED, "Conditions")
    if any(condition.tag not in _UNDERSTOOD for condition in conditions[0].iterchildren("*")):
        raise AnswerRefused(Refusal.MALFORMED, "a condition that is not understood")
    if conditions[0].get("NotBefore") and _instant(conditions[0].get("NotBefore")) > now + SKEW:
        raise AnswerRefused(Refusal.NOT_YET_VALID)
    expires_at = _instant(conditions[0].get("NotOnOrAfter"))
    if expires_at <= now - SKEW:
        raise AnswerRefused(Refusal.EXPIRED)
    restrictions = conditions[0].findall(saml("AudienceRestriction"))
    named = [{_text(audience) for audience in one.findall(saml("Audience"))} for one in restrictions]
    if not named or any(expected.audience not in audiences for audiences in named):
        raise AnswerRefused(Refusal.WRONG_AUDIENCE)
    return expires_at


def _check_confirmation(assertion: Element, expected: Expected, now: datetime) -> datetime:
    """One bearer confirmation must fit as a whole (saml-profiles 4.1.4.2)."""
    refusal = AnswerRefused(Refusal.MALFORMED, "no bearer confirmation")
    for confirmation in assertion.iterfind(f"{saml('Subject')}/{saml('SubjectConfirmation')}"):
        data = confirmation.find(saml("SubjectConfirmationData"))
        if confirmation.get("Method") != BEARER or data is None:
            continue
        if data.get("Recipient") != expected.consumer_url:
            refusal = AnswerRefused(Refusal.WRONG_RECIPIENT)
        elif data.get("InResponseTo") != expected.question_id:
            refusal = AnswerRefused(Refusal.WRONG_QUESTION)
        elif _instant(data.get("NotOnOrAfter")) <= now - SKEW:
            refusal = AnswerRefused(Refusal.EXPIRED)
        elif data.get("NotBefore") is not None:
            refusal = AnswerRefused(Refusal.MALFORMED, "a bearer confirmation has no NotBefore")
        else:
            return _instant(data.get("NotOnOrAfter"))
    raise refusal


def _identity(assertion: Element, expected: Expected, expires_at: datetime, now: datetime) -> Identity:
    statements = assertion.findall(saml("AuthnStatement"))
    if len(statements) != 1:
        raise AnswerRefused(Refusal.MALFORMED, "AuthnStatement")
    authenticated_at = _instant(statements[0].get("AuthnInstant"))
    if authenticated_at > now + SKEW:
        raise AnswerRefused(Refusal.NOT_YET_VALID, "AuthnInstant")
    if expected.wants_fresh and authenticated_at < expected.asked_at - SKEW:
        raise AnswerRefused(Refusal.NOT_FRESH)
    class_refs = tuple(
        _text(node) for node in statements[0].iterfind(f"{saml('AuthnContext')}/{saml('AuthnContextClassRef')}")
    )
    attributes = _attributes(assertion)
    name_id = _name_id(assertion)
    upns = {value for name in UPN_ATTRIBUTES for value in attributes.get(name, ())}
    if len(upns) > 1:
        raise AnswerRefused(Refusal.NO_SUBJECT, "several sign-in names")
    return Identity(
        assertion_id=assertion.get("ID"),
        name=next(iter(upns), name_id),
        name_id=name_id,
        proves_mfa=proves_mfa(
            class_refs=class_refs, attributes=attributes, accepts_attribute=expected.accepts_attribute_proof
        ),
        authenticated_at=authenticated_at,
        expires_at=expires_at,
        class_refs=class_refs,
        attributes=attributes,
    )


def _attributes(assertion: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for attribute in assertion.iterfind(f"{saml('AttributeStatement')}/{saml('Attribute')}"):
        values = tuple(_text(value) for value in attribute.findall(saml("AttributeValue")))
        name = attribute.get("Name") or ""
        found[name] = found.get(name, ()) + values
    return found


def _name_id(assertion: Element) -> str:
    names = assertion.findall(f"{saml('Subject')}/{saml('NameID')}")
    if len(names) != 1 or not _text(names[0]):
        raise AnswerRefused(Refusal.NO_SUBJECT)
    return _text(names[0])


def _text(node: Element | None) -> str:
    """The whole text of a leaf. An element inside would split it, so it is refused."""
    if node is None:
        return ""
    if len(node):
        raise AnswerRefused(Refusal.MALFORMED, "markup inside a value")
    return node.text or ""


def _instant(value: str | None) -> datetime:
    """A UTC time (saml-core 1.3.3), with room to add and subtract."""
    try:
        moment = datetime.fromisoformat((value or "").replace("Z", "+00:00"))
    except ValueError as error:
        raise AnswerRefused(Refusal.MALFORMED, "time") from error
    if moment.year not in _YEARS:
        raise AnswerRefused(Refusal.MALFORMED, "time")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
