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
        self.code = code
