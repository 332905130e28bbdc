"""Temporary access passes: an administrator hands one over, and its holder signs in with it instead of a password.

A pass is a first factor and no more. It lets somebody register a first method; whoever has a method still verifies
with it, so a pass takes nobody past multifactor authentication (V6, V10).
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from entra.directory.administration.refusals import Refusal, Refused
from entra.directory.methods.kinds import FirstFactor
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.models import DomainAuthentication, TemporaryAccessPass, User
from entra.directory.services import find_domain

SHORTEST, USUAL, LONGEST = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read as something else
_LENGTH, _GROUP = 12, 4  # 60 bits, guessed at ten times at most before the wait begins


@transaction.atomic
def issue_pass(
    *, account: User, actor: str, lifetime: timedelta = USUAL, usable_once: bool = True
) -> tuple[TemporaryAccessPass, str]:
    """A new pass in place of any older one, and its text, which is shown now and cannot be read back.

    Raises Refused for accounts that sign in elsewhere, ValueError for a lifetime out of bounds.
    """
    if not SHORTEST <= lifetime <= LONGEST:
        raise ValueError(lifetime)
    refuse_if_elsewhere(account)
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    now = timezone.now()
    TemporaryAccessPass.objects.filter(account=account).delete()
    issued = TemporaryAccessPass.objects.create(
        account=account,
        digest=make_password(text),
        created_at=now,
        expires_at=now + lifetime,
        usable_once=usable_once,
    )
    _announce(account, MethodAction.PASS_ISSUED, actor)
    return issued, "-".join(text[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


@transaction.atomic
def withdraw_pass(*, account: User, pass_id: str, actor: str) -> bool:
    """Take the account's pass away; return whether it was this one."""
    gone, _ = TemporaryAccessPass.objects.filter(account=account, pk=pass_id).delete()
    if gone:
        _announce(account, MethodAction.PASS_WITHDRAWN, actor)
    return bool(gone)


def is_usable(issued: TemporaryAccessPass) -> bool:
    return issued.expires_at > timezone.now() and not (issued.usable_once and issued.used_at)


def looks_like_pass(typed: str) -> bool:
    plain = _plain(typed)
    return len(plain) == _LENGTH and set(plain) <= set(_ALPHABET)


def use_pass(*, account: User | None, typed: str) -> bool:
    """Whether `typed` is the account's usable pass; a pass good once is used up. Takes as long when there is none."""
    issued = TemporaryAccessPass.objects.filter(account=account).first() if account else None
    if issued is None or not is_usable(issued):
        make_password(typed)
        return False
    return check_password(_plain(typed), issued.digest) and _take(issued)


def refuse_if_elsewhere(account: User) -> None:
    """Raise Refused for guests and federated accounts: what proves them is kept at their home organization."""
    domain = find_domain(account.user_principal_name)
    federated = domain is not None and domain.authentication == DomainAuthentication.FEDERATED
    if account.home_account_id or federated:
        raise Refused(Refusal.SIGNS_IN_ELSEWHERE)


@transaction.atomic
def _take(issued: TemporaryAccessPass) -> bool:
    """Mark the use. Of two people with a pass that is good once, one comes too late."""
    waiting = TemporaryAccessPass.objects.filter(pk=issued.pk)
    if issued.usable_once:
        waiting = waiting.filter(used_at=None)
    if not waiting.update(used_at=timezone.now()):
        return False
    _announce(issued.account, MethodAction.PASS_USED, str(issued.account_id))
    return True


def _announce(account: User, action: MethodAction, actor: str) -> None:
    announce(account=account, action=action, kind=FirstFactor.TEMPORARY_PASS, name="", actor=actor)


def _plain(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").upper()
