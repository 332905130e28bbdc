"""Passwords: throttled, and the same work and answer for names that do not exist (ASVS 6.3.8)."""

from django.contrib.auth.hashers import check_password, make_password

from entra.directory.methods.kinds import FirstFactor
from entra.directory.methods.limits import address_limit, charge, clear, password_limit, refund
from entra.directory.methods.temporary_pass import looks_like_pass, use_pass
from entra.directory.models import User


def verify_password(*, account: User | None, sign_in_name: str, password: str, ip: str) -> FirstFactor | None:
    """Whether `password` is the account's password or its temporary access pass, and which; None when it is neither.

    Raises TooManyGuesses. Says nothing of `account_enabled`.
    """
    limits = password_limit(sign_in_name), address_limit(ip)
    charged_at = charge(*limits)
    factor = _matched(account, password)
    if factor is not None:
        clear(limits[0])
        refund(limits[1], charged_at)
    return factor


def _matched(account: User | None, typed: str) -> FirstFactor | None:
    if looks_like_pass(typed) and use_pass(account=account, typed=typed):
        return FirstFactor.TEMPORARY_PASS
    if account is None or not account.has_usable_password():
        make_password(typed)  # as slow as a check: an unknown name must not answer faster
        return None
    return FirstFactor.PASSWORD if check_password(typed, account.password) else None
