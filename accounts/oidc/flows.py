"""What happens with the answer to an authorize request, step by step; pages are made by `accounts.views`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.access import Verdict
from accounts.audit import AccountsAction
from accounts.evidence import Evidence, Outcome
from accounts.gate import access_of
from accounts.matrix import live_areas
from accounts.models import PortalSession, Purpose, SessionTokens, SignInRequest
from accounts.models.signin import Result
from accounts.oidc import errors, identity, provider, requests, stepup
from accounts.oidc.backend import Answer, PartnerCenterBackend
from activity.services import record_audit
from secretstore import seal

REFRESH_TOKEN = "portal-refresh-token"
ID_TOKEN = "portal-id-token"
_VISIBLE = re.compile(r"[^\x20-\x7e]")


class Refusal(StrEnum):
    """Why an answer was not accepted although nothing is wrong with the provider."""

    UNKNOWN_STATE = "unknown-state"
    OTHER_BROWSER = "other-browser"
    SESSION_ENDED = "session-ended"
    ALREADY_USED = "already-used"
    WRONG_ISSUER = "wrong-issuer"
    OTHER_USER = "other-user"
    NO_CODE = "no-code"


class AnswerRefused(Exception):
    def __init__(self, reason: Refusal, next_path: str = "/") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.next_path = next_path


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished request. `key` is the new session key when the level changed; None leaves the session as it was."""

    record: SignInRequest
    result: Result
    key: str | None = None
    evidence: Evidence | None = None
    failure: errors.Failure | None = None
    error: str = ""


def claim(request: HttpRequest, state: str) -> SignInRequest:
    """Return the request this answer belongs to, used up. Raises AnswerRefused.

    Nothing in the answer is looked at before: an answer nobody asked for can neither sign in nor sign out.
    """
    record = requests.open_request(state) if state else None
    if record is None:
        raise AnswerRefused(Refusal.UNKNOWN_STATE)
    if not requests.is_same_browser(request, record):
        raise AnswerRefused(Refusal.OTHER_BROWSER)
    current = sessions.of(request)
    if record.purpose == Purpose.STEP_UP and (current is None or current.pk != record.session_id):
        raise AnswerRefused(Refusal.SESSION_ENDED, record.next)
    if not requests.use(record):
        raise AnswerRefused(Refusal.ALREADY_USED, record.next)
    return record


def complete(request: HttpRequest, record: SignInRequest, answer: Mapping[str, str]) -> Completed:
    """Act on the provider's answer.

    Raises AnswerRefused, NotAdmitted, TokenRejected, CodeRefused, ProviderUnavailable.
    """
    _check_issuer(record, answer)
    if "error" in answer:
        return _failed(record, answer)
    if not answer.get("code"):
        raise AnswerRefused(Refusal.NO_CODE, record.next)
    validated = PartnerCenterBackend().answer(record, answer["code"])
    # A tenant's description names its issuer alone: the answer of another tenant is not what was asked for.
    elsewhere = not provider.metadata(record.tenant_id).is_issuer(validated.claims["iss"])
    if elsewhere or answer.get("iss", validated.claims["iss"]) != validated.claims["iss"]:
        raise AnswerRefused(Refusal.WRONG_ISSUER, record.next)
    if record.purpose == Purpose.STEP_UP:
        return _stepped_up(record, validated)
    return _signed_in(request, record, validated)


def _check_issuer(record: SignInRequest, answer: Mapping[str, str]) -> None:
    """RFC 9207: an answer of another provider is refused before its code is sent anywhere (mix-up)."""
    description = provider.metadata(record.tenant_id)
    named = answer.get("iss")
    if named is None:
        if description.announces_iss:
            raise AnswerRefused(Refusal.WRONG_ISSUER, record.next)
    elif not description.is_issuer(named):
        raise AnswerRefused(Refusal.WRONG_ISSUER, record.next)


def _failed(record: SignInRequest, answer: Mapping[str, str]) -> Completed:
    """Take note of an error. At a step-up only; it can lower what is believed, never raise it, never sign out."""
    description = answer.get("error_description", "")
    failure = errors.classify(answer["error"], description)
    shown = _VISIBLE.sub("", errors.aadsts_code(description) and f"AADSTS{errors.aadsts_code(description)}")
    shown = shown or _VISIBLE.sub("", answer["error"])[:60]
    results = {errors.Failure.CANCELLED: Result.CANCELLED, errors.Failure.UNMET: Result.UNSATISFIED}
    result = results.get(failure, Result.FAILED)
    if failure is errors.Failure.INCOMPATIBLE and record.session is not None:
        result = Result.BLOCKED
        refused = Evidence(provider=record.provider, outcome=Outcome.INCOMPATIBLE, at=timezone.now(), error=shown)
        sessions.add_evidence(record.session, refused)
    requests.finish(record, result)
    return Completed(record, result, failure=failure, error=shown)


@transaction.atomic
def _signed_in(request: HttpRequest, record: SignInRequest, answer: Answer) -> Completed:
    user = identity.admit(answer.claims, answer.profile)
    replaced = sessions.of(request)
    if replaced is not None:
        sessions.end(replaced)
    evidence = stepup.evidence_from(answer.claims)
    session, key = sessions.open_session(
        user=user,
        evidence=evidence,
        issuer=answer.claims["iss"],
        provider_sid=_sid(answer),
        user_agent=request.headers.get("User-Agent", ""),
        address=str(request.META.get("REMOTE_ADDR", "")),
    )
    keep_tokens(session, answer)
    requests.finish(record, Result.SATISFIED)
    _audit(AccountsAction.SIGNED_IN, session, evidence)
    return Completed(record, Result.SATISFIED, key, evidence)


def _stepped_up(record: SignInRequest, answer: Answer) -> Completed:
    session = record.session
    assert session is not None  # noqa: S101 - `claim` checked it
    if not identity.is_same_person(answer.claims, session.user):
        requests.finish(record, Result.FAILED)
        raise AnswerRefused(Refusal.OTHER_USER, record.next)
    return _raised(record, session, answer)


@transaction.atomic
def _raised(record: SignInRequest, session: PortalSession, answer: Answer) -> Completed:
    """Raise the session's level when the answer proves what the page needs."""
    session.user = identity.admit(answer.claims, answer.profile)
    evidence = stepup.evidence_from(answer.claims)
    area = next(area for area in live_areas() if area.key == record.area)
    before = session.evidence_json
    session.evidence_json = [*before, evidence.to_json()]
    decision = access_of(session, now=timezone.now()).decide(area)
    session.evidence_json = before
    if decision.outcome is Verdict.VERIFY_MFA:
        # The old level stays: an answer without the proof is not kept, so it cannot replace a better one.
        requests.finish(record, Result.UNSATISFIED)
        return Completed(record, Result.UNSATISFIED, evidence=evidence)
    sessions.add_evidence(session, evidence)
    keep_tokens(session, answer)
    key = sessions.rotate(session, provider_sid=_sid(answer))
    requests.finish(record, Result.SATISFIED)
    _audit(AccountsAction.VERIFIED, session, evidence)
    return Completed(record, Result.SATISFIED, key, evidence)


def _sid(answer: Answer) -> str:
    return str(answer.claims.get("sid", ""))[:255]


def keep_tokens(session: PortalSession, answer: Answer) -> None:
    """Store the provider's tokens sealed and bound to this session; a step-up replaces them."""
    values: dict[str, Any] = {"id_token": seal(answer.id_token, purpose=f"{ID_TOKEN}:{session.pk}")}
    if answer.refresh_token:
        values["refresh_token"] = seal(answer.refresh_token, purpose=f"{REFRESH_TOKEN}:{session.pk}")
    SessionTokens.objects.update_or_create(session=session, defaults=values)


def _audit(action: AccountsAction, session: PortalSession, evidence: Evidence) -> None:
    user = session.user
    record_audit(
        action=action,
        actor=user.oid or user.subject,
        tenant_id=user.tenant_id,
        subject=user.user_principal_name or user.display_name,
        detail={"outcome": evidence.outcome.value, "amr": list(evidence.amr), "acr": evidence.acr},
        request_id="",
    )
