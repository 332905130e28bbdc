"""Keeping the last answers of third parties. It stops no sign-in, and strangers cannot fill it.

Only an answer to a question of ours that is still open leaves a row, and one row a question. Anybody can have such a
question by starting to sign in, so that what is not authentic has few places of its own and never takes one of the
others.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from entra.directory.models import User
from entra.federation.claims import kept_claims, printable
from entra.federation.errors import AnswerRefused
from entra.federation.models import Answer, AskedQuestion, ReceivedAnswer, Reception, ThirdParty
from entra.federation.reading import Said

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)
_PLACES = {True: 35, False: 15}
"""How many rows of a domain or control are kept, authentic and not: fifty in all."""
_CLASS_REFS = 10


def keep_received(question: AskedQuestion, read: Callable[[], Said], outcome: Answer | AnswerRefused) -> None:
    """Keep what came in answer to `question`, and what became of it. Raises nothing."""
    try:
        said = read()
        with transaction.atomic():  # a savepoint where a transaction is under way
            _keep(question, said, outcome)
    except Exception:
        logger.exception("The answer of a third party could not be kept")


def forgotten() -> "QuerySet[ReceivedAnswer]":
    return ReceivedAnswer.objects.filter(at__lt=timezone.now() - KEPT_FOR)


def _keep(question: AskedQuestion, said: Said, outcome: Answer | AnswerRefused) -> None:
    refused = isinstance(outcome, AnswerRefused)
    if refused and not _is_open(question):
        return  # it has its answer, which stays the last one
    if refused and not said.authentic and ReceivedAnswer.objects.filter(question_id=question.pk).exists():
        return
    party = _third_party(question)
    name = printable(said.name)
    row, _created = ReceivedAnswer.objects.update_or_create(
        question_id=question.pk,
        defaults={
            **party,
            **_outcome(outcome),
            "at": timezone.now(),
            "name": name,
            "account_id": _account_id(name.strip().lower(), party["tenant_id"]),
            "authentic": said.authentic,
            "name_id": printable(said.name_id),
            "class_refs": [printable(ref) for ref in said.class_refs[:_CLASS_REFS]],
            "claims": kept_claims(said.claims.items()),
            "missing": said.missing or "",
        },
    )
    _forget_older(row)


def _is_open(question: AskedQuestion) -> bool:
    """Whether it still waits; until the row is written nobody else answers it."""
    waiting = AskedQuestion.objects.select_for_update().filter(pk=question.pk, answered_at=None)
    return waiting.first() is not None


def _third_party(question: AskedQuestion) -> dict[str, Any]:
    control, federated = question.custom_control, question.federated_domain
    if control is not None:
        named = {"control_id": control.pk, "control_name": control.name}
        return {"kind": ThirdParty.CONTROL, "tenant_id": control.tenant_id, "domain": "", **named}
    if federated is None:
        raise ValueError(question.pk)  # the database holds no such question
    named = {"domain": federated.domain_id, "control_id": None, "control_name": ""}
    return {"kind": ThirdParty.DOMAIN, "tenant_id": federated.domain.tenant_id, **named}


def _outcome(outcome: Answer | AnswerRefused) -> dict[str, Any]:
    if isinstance(outcome, AnswerRefused):
        return {
            "reception": Reception.REFUSED,
            "refusal": outcome.refusal,
            "detail": printable(outcome.detail),
            "error_code": outcome.code,
            "proves_mfa": False,
        }
    declined = outcome.outcome.get("declined", 0)
    return {
        "reception": Reception.DECLINED if declined else Reception.ACCEPTED,
        "refusal": "",
        "detail": "",
        "error_code": declined,
        "proves_mfa": bool(outcome.outcome.get("proves_mfa")),
    }


def _account_id(name: str, tenant_id: UUID) -> UUID | None:
    """The account that stands for the person in the tenant. An answer reveals nobody of another one."""
    own = Q(user_principal_name=name, home_account=None) | Q(home_account__user_principal_name=name)
    return User.objects.filter(own, tenant=tenant_id).values_list("pk", flat=True).first() if name else None


def _forget_older(row: ReceivedAnswer) -> None:
    alike = ReceivedAnswer.objects.filter(
        tenant=row.tenant_id, kind=row.kind, domain=row.domain, control_id=row.control_id, authentic=row.authentic
    )
    older = alike.order_by("-at", "-pk").values_list("pk", flat=True)[_PLACES[row.authentic] :]
    if surplus := list(older):
        ReceivedAnswer.objects.filter(pk__in=surplus).delete()
