"""Passwords: throttled, and the same work and answer for names that do not exist (ASVS 6.3.8)."""

from django.contrib.auth.hashers import check_password, make_password

from entra.directory.methods.limits import address_limit, charge, clear, password_limit, refund
from entra.directory.models import User


def verify_password(*, account: User | None, sign_in_name: str, password: str, ip: str) -> bool:
    """Whether the password is the account's. Raises TooManyGuesses. Says nothing of `account_enabled`."""
    limits = password_limit(sign_in_name), address_limit(ip)
    charged_at = charge(*limits)
    if account is None or not account.has_usable_password():
        make_password(password)  # as slow as a check: an unknown name must not answer faster
        return False
    if not check_password(password, account.password):
        return False
    clear(limits[0])
    refund(limits[1], charged_at)
    return True
