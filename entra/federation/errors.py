"""Why an answer of a third party is not believed."""

from enum import StrEnum


class Refusal(StrEnum):
    """Machine-readable reason; logged, never shown to the browser in detail."""

    UNREADABLE = "unreadable"
    FORBIDDEN_XML = "forbiddenXml"
    NOT_ONE_ASSERTION = "notOneAssertion"
    AMBIGUOUS_ID = "ambiguousId"
    SIGNATURE_MISSING = "signatureMissing"
    SIGNATURE_FORM = "signatureForm"
    SIGNATURE_INVALID = "signatureInvalid"
    UNKNOWN_QUESTION = "unknownQuestion"
    ALREADY_ANSWERED = "alreadyAnswered"
    WRONG_ISSUER = "wrongIssuer"
    WRONG_DESTINATION = "wrongDestination"
    WRONG_RECIPIENT = "wrongRecipient"
    WRONG_QUESTION = "wrongQuestion"
    WRONG_AUDIENCE = "wrongAudience"
    NOT_YET_VALID = "notYetValid"
    EXPIRED = "expired"
    REPLAYED = "replayed"
    NOT_FRESH = "notFresh"
    NO_SUBJECT = "noSubject"
    FOREIGN_DOMAIN = "foreignDomain"
    WRONG_SUBJECT = "wrongSubject"
    MALFORMED = "malformed"


class AnswerRefused(Exception):
    """The message is not believed. `code` is the AADSTS code of the error page."""

    def __init__(self, refusal: Refusal, detail: str = "", *, code: int = 50008) -> None:
        super().__init__(f"{refusal}: {detail}" if detail else refusal.value)
        self.refusal = refusal
        self.detail = detail
        self.code = code


SENTENCES = {
    Refusal.UNREADABLE: "The message cannot be read.",
    Refusal.FORBIDDEN_XML: "The message holds a document type, an entity, a comment or a processing instruction.",
    Refusal.NOT_ONE_ASSERTION: "The message does not hold exactly one assertion that is not encrypted.",
    Refusal.AMBIGUOUS_ID: "The message uses an ID twice.",
    Refusal.SIGNATURE_MISSING: "The assertion itself is not signed.",
    Refusal.SIGNATURE_FORM: "The signature covers something else than the assertion, or in a way that is not accepted.",
    Refusal.SIGNATURE_INVALID: "The signature was not made with the key of a certificate that is trusted here.",
    Refusal.UNKNOWN_QUESTION: "The message answers no request that is waiting.",
    Refusal.ALREADY_ANSWERED: "The request was answered before.",
    Refusal.WRONG_ISSUER: "The issuer is not the one that is configured.",
    Refusal.WRONG_DESTINATION: "The Destination is not the receiver that our metadata names.",
    Refusal.WRONG_RECIPIENT: "The Recipient is not the receiver that our metadata names.",
    Refusal.WRONG_QUESTION: "InResponseTo does not name the request that was sent.",
    Refusal.WRONG_AUDIENCE: "The audience is not this identity provider.",
    Refusal.NOT_YET_VALID: "The answer is not valid yet; the clocks may differ.",
    Refusal.EXPIRED: "The answer is not valid any more; the clocks may differ.",
    Refusal.REPLAYED: "An answer with this ID was accepted before.",
    Refusal.NOT_FRESH: "A fresh sign-in was asked for, and the one that is told of is older.",
    Refusal.NO_SUBJECT: "The answer does not name exactly one person.",
    Refusal.FOREIGN_DOMAIN: "The person belongs to a domain that this provider does not speak for.",
    Refusal.WRONG_SUBJECT: "The answer is about somebody else than was asked about.",
    Refusal.MALFORMED: "The answer lacks something, or says it in a form that is not accepted.",
}
"""For the administrators of the third party, who read English standards; pages translate by the reason itself."""
