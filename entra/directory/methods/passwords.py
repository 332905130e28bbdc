"""Passwords: throttled, and the same work and answer for names that do not exist (ASVS 6.3.8)."""

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.db import transaction

from entra.directory.methods.kinds import FirstFactor
from entra.directory.methods.limits import address_limit, charge, password_limit, settle
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.methods.temporary_pass import looks_like_pass, refuse_if_elsewhere, use_pass
from entra.directory.models import TemporaryAccessPass, User

SHORTEST = 12
_RULES: list[Any] = [
    MinimumLengthValidator(SHORTEST),
    CommonPasswordValidator(),
    UserAttributeSimilarityValidator(("user_principal_name", "display_name", "given_name", "surname", "mail")),
]


def verify_password(*, account: User | None, sign_in_name: str, password: str, ip: str) -> FirstFactor | None:
    """Whether `password` is the account's password or its temporary access pass, and which; None when it is neither.

    Raises TooManyGuesses. Says nothing of `account_enabled`.
    """
    limits = password_limit(sign_in_name), address_limit(ip)
    charged_at = charge(*limits)
    factor = _matched(account, password)
    if factor is not None:
        settle(*limits, charged_at)
    return factor


def check_new_password(*, account: User, password: str) -> None:
    """Raise ValidationError, with what is wrong, for a password that is short, well known, or the person's own name."""
    validate_password(password, account, _RULES)


@transaction.atomic
def set_password(*, account: User, password: str) -> None:
    """The person's new password. What stood in for one, a temporary access pass, is of no use any more.

    Raises ValidationError as above, and Refused for accounts that sign in elsewhere.
    """
    refuse_if_elsewhere(account)
    check_new_password(account=account, password=password)
    account.password = make_password(password)
    account.save(update_fields=["password"])
    TemporaryAccessPass.objects.filter(account=account).delete()
    announce(account=account, action=MethodAction.PASSWORD_SET, kind=FirstFactor.PASSWORD, name="")


def _matched(account: User | None, typed: str) -> FirstFactor | None:
    if looks_like_pass(typed) and use_pass(account=account, typed=typed):
        return FirstFactor.TEMPORARY_PASS
    if account is None or not account.has_usable_password():
        make_password(typed)  # as slow as a check: an unknown name must not answer faster
        return None
    return FirstFactor.PASSWORD if check_password(typed, account.password) else None
