"""Questions to third parties and their answers, and the settings of federated domains."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import CharField, QuerySet
from django.utils import timezone

from activity.prepared import Prepared
from entra.directory.models import User
from entra.directory.services import domain_name, find_home_account
from entra.federation import control, identity
from entra.federation.errors import AnswerRefused, Refusal
from entra.federation.models import MESSAGE_ID_LENGTH, Answer, AskedQuestion, FederatedDomain, MfaBehavior, SpentMessage
from entra.federation.reading import read_assertion, read_control_answer
from entra.federation.received import keep_received
from entra.federation.saml import request as authn
from entra.federation.saml import response as saml
from entra.policy.models import CustomControl

QUESTION_LIFETIME = timedelta(minutes=15)
ANSWER_LIFETIME = timedelta(minutes=2)
KEPT_AFTERWARDS = timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What a third party said, taken once by the browser it belongs to."""

    interaction_id: str
    account: User | None
    """The person meant, None when the directory has no such person or nobody was named."""
    asked_about: str = ""
    """The sign-in name the question was about, when it named one."""
    wanted_mfa: bool = False
    proves_mfa: bool = False
    at: datetime | None = None
    """When the person proved it there (AuthnInstant)."""
    control_id: str = ""
    declined: int = 0
    """The AADSTS code when it said no."""


def federation_of(sign_in_name: str) -> FederatedDomain | None:
    """Return how the domain of this sign-in name is federated, or None when the password is checked here."""
    found: FederatedDomain | None = _federated.first(domain_name(sign_in_name))
    return found


def mfa_behavior(sign_in_name: str) -> MfaBehavior:
    """Return what is believed of MFA done by the domain's provider; neither set nor federated means accept."""
    found = federation_of(sign_in_name)
    return MfaBehavior(found.federated_idp_mfa_behavior) if found else MfaBehavior.ACCEPT


def ask_to_sign_in(
    *, federated: FederatedDomain, interaction_id: str, sign_in_name: str, fresh: bool, mfa: bool
) -> str:
    """Remember an AuthnRequest and return the address to send the browser to.

    `sign_in_name` may be a bare `@domain`: then the provider asks who it is.
    """
    now = timezone.now()
    _forget_expired(now)
    subject = "" if sign_in_name.startswith("@") else sign_in_name
    question = AskedQuestion.objects.create(
        interaction_id=interaction_id,
        federated_domain=federated,
        subject=subject,
        wants_fresh=fresh or mfa,
        wants_mfa=mfa,
        asked_at=now,
        expires_at=now + QUESTION_LIFETIME,
    )
    asked = authn.AuthnRequest(
        id=question.pk,
        issued_at=now,
        destination=federated.passive_sign_in_uri,
        issuer=identity.entity_id(),
        consumer_url=identity.consumer_url(),
        subject=subject,
        fresh=fresh,
        wants_mfa=mfa,
    )
    signed = federated.is_signed_authentication_request_required
    return authn.redirect_url(asked, relay_state=question.pk, key_pem=identity.signing_pair().key_pem if signed else "")


def ask_control(*, interaction_id: str, account: User, control_id: str) -> str:
    """Remember a request to a custom control and return the address to send the browser to."""
    found = CustomControl.objects.get(pk=control_id)
    now = timezone.now()
    _forget_expired(now)
    question = AskedQuestion.objects.create(
        interaction_id=interaction_id,
        custom_control=found,
        subject=account.user_principal_name,
        asked_at=now,
        expires_at=now + QUESTION_LIFETIME,
    )
    asked = control.ControlRequest(
        id=question.pk,
        url=found.url,
        audience=found.issuer,
        issuer=settings.ENTRA_URL,
        subject=account.user_principal_name,
        tenant_id=str(found.tenant_id),
        return_url=identity.control_return_url(),
        issued_at=now,
    )
    return control.request_url(asked, key_pem=identity.signing_pair().key_pem)


def receive_assertion(xml: bytes) -> Answer:
    """Validate a SAML Response and keep what it says for the browser that asked. Raises AnswerRefused.

    Believed or not, what came in answer to an open question is kept for the administrators too.
    """
    now = timezone.now()
    question = _open_question(saml.in_response_to(xml), now)
    federated = question.federated_domain
    if federated is None:
        raise AnswerRefused(Refusal.UNKNOWN_QUESTION)
    read = partial(
        read_assertion,
        xml,
        question_id=question.pk,
        certificates=federated.certificates,
        accepts_attribute=federated.accepts_attribute_proof,
    )
    try:
        answer = _believe_assertion(xml, question, federated, now)
    except AnswerRefused as refusal:
        keep_received(question, read, refusal)
        raise
    keep_received(question, read, answer)
    return answer


@transaction.atomic
def _believe_assertion(xml: bytes, question: AskedQuestion, federated: FederatedDomain, now: datetime) -> Answer:
    expected = saml.Expected(
        question_id=question.pk,
        issuer=federated.issuer_uri,
        certificates=federated.certificates,
        consumer_url=identity.consumer_url(),
        audience=identity.entity_id(),
        asked_at=question.asked_at,
        wants_fresh=question.wants_fresh,
        accepts_attribute_proof=federated.accepts_attribute_proof,
    )
    said = saml.validate(xml, expected, now)
    if isinstance(said, saml.Declined):
        return _keep(question, {"declined": said.code}, now)
    _check_domain(said, federated)
    _spend(federated.issuer_uri, said.assertion_id, said.expires_at + saml.SKEW)
    # Asked for a fresh sign-in, the provider gave one: only its clock may differ. Otherwise it may be hours old.
    at = now if question.wants_fresh else min(now, said.authenticated_at)
    return _keep(question, {"name": said.name.lower(), "proves_mfa": said.proves_mfa, "at": at.isoformat()}, now)


def receive_control_answer(token: str) -> Answer:
    """Validate a custom control's answer and keep it for the browser that asked. Raises AnswerRefused.

    Believed or not, what came in answer to an open question is kept for the administrators too.
    """
    now = timezone.now()
    question = _open_question(control.in_response_to(token), now)
    asked = question.custom_control
    if asked is None:
        raise AnswerRefused(Refusal.UNKNOWN_QUESTION, code=50158)
    read = partial(read_control_answer, token, certificate=asked.certificate)
    try:
        answer = _believe_control(token, question, asked, now)
    except AnswerRefused as refusal:
        keep_received(question, read, refusal)
        raise
    keep_received(question, read, answer)
    return answer


@transaction.atomic
def _believe_control(token: str, question: AskedQuestion, asked: CustomControl, now: datetime) -> Answer:
    expected = control.ControlExpected(
        question_id=question.pk,
        issuer=asked.issuer,
        certificate=asked.certificate,
        audience=settings.ENTRA_URL,
        subject=question.subject,
    )
    said = control.validate(token, expected, now)
    _spend(asked.issuer, said.message_id, said.expires_at + control.SKEW)
    outcome: dict[str, object] = {"name": question.subject} if said.approved else {"declined": 50158}
    return _keep(question, outcome, now)


def waiting_for(answer_id: str) -> str:
    """Return the interaction that an answer still waits for. Raises AnswerRefused when it is gone or taken."""
    found = _waiting(answer_id).values_list("question__interaction_id", flat=True).first()
    if found is None:
        raise AnswerRefused(Refusal.EXPIRED)
    return found


@transaction.atomic
def take_answer(answer_id: str) -> Outcome:
    """Hand the answer over, once. Call it after the interaction was found to be this browser's."""
    answer = _waiting(answer_id).select_related("question").first()
    if answer is None or not _waiting(answer_id).update(taken_at=timezone.now()):
        raise AnswerRefused(Refusal.EXPIRED)
    said = answer.outcome
    return Outcome(
        interaction_id=answer.question.interaction_id,
        account=find_home_account(said["name"]) if "name" in said else None,
        asked_about=answer.question.subject,
        wanted_mfa=answer.question.wants_mfa,
        proves_mfa=bool(said.get("proves_mfa")) and answer.question.custom_control_id is None,
        at=datetime.fromisoformat(said["at"]) if "at" in said else None,
        control_id=str(answer.question.custom_control_id or ""),
        declined=said.get("declined", 0),
    )


def _forget_expired(now: datetime) -> None:
    """Questions go with their answers; a spent message only once it would be refused as expired anyway."""
    AskedQuestion.objects.filter(expires_at__lt=now - KEPT_AFTERWARDS).delete()
    SpentMessage.objects.filter(expires_at__lt=now - KEPT_AFTERWARDS).delete()


def _waiting(answer_id: str) -> "QuerySet[Answer]":
    return Answer.objects.filter(pk=answer_id, taken_at=None, expires_at__gt=timezone.now())


def _open_question(question_id: str, now: datetime) -> AskedQuestion:
    questions = AskedQuestion.objects.select_related("federated_domain__domain", "custom_control")
    question = questions.filter(pk=question_id, expires_at__gt=now).first()
    if question is None:
        raise AnswerRefused(Refusal.UNKNOWN_QUESTION)
    return question


def _keep(question: AskedQuestion, outcome: dict[str, object], now: datetime) -> Answer:
    if not AskedQuestion.objects.filter(pk=question.pk, answered_at=None).update(answered_at=now):
        raise AnswerRefused(Refusal.ALREADY_ANSWERED)
    return Answer.objects.create(question=question, outcome=outcome, expires_at=now + ANSWER_LIFETIME)


def _spend(issuer: str, message_id: str, expires_at: datetime) -> None:
    if len(message_id) > MESSAGE_ID_LENGTH or not message_id.isprintable():  # databases take neither
        raise AnswerRefused(Refusal.MALFORMED, "id")
    try:
        with transaction.atomic():
            SpentMessage.objects.create(issuer=issuer, message_id=message_id, expires_at=expires_at)
    except IntegrityError as error:
        raise AnswerRefused(Refusal.REPLAYED) from error


def _check_domain(said: saml.Identity, federated: FederatedDomain) -> None:
    """A provider speaks only for domains of its tenant that are federated with it (AADSTS5000819)."""
    for name in {said.name, said.name_id}:
        if name != said.name and "@" not in name:
            continue  # an opaque NameID beside a UPN attribute names no domain
        other = federation_of(name)
        if (
            other is None
            or other.domain.tenant_id != federated.domain.tenant_id
            or other.issuer_uri != federated.issuer_uri
        ):
            raise AnswerRefused(Refusal.FOREIGN_DOMAIN, code=5000819)


_federated = Prepared[FederatedDomain](lambda name: FederatedDomain.objects.filter(domain=name), CharField())
