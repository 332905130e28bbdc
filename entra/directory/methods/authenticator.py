"""Authenticator apps: a seed is shown, the first code confirms that the app holds it."""

from urllib.parse import quote, urlencode

from django.db import transaction

from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.methods.one_time_codes import accept, new_seed, seed_base32
from entra.directory.models import AuthenticatorApp, User


def start_authenticator(*, account: User, name: str) -> AuthenticatorApp:
    """A new unconfirmed app. It counts for nothing until `confirm_authenticator`; earlier drafts are dropped."""
    with transaction.atomic():
        account.authenticator_apps.filter(confirmed=False).delete()
        return AuthenticatorApp.objects.create(account=account, name=name, seed_sealed=new_seed())


def confirm_authenticator(*, app: AuthenticatorApp, code: str) -> bool:
    """Whether the code is right; if so the app counts from now on."""
    with transaction.atomic():
        if not accept(app, code):
            return False
        if not AuthenticatorApp.objects.filter(pk=app.pk, confirmed=False).update(confirmed=True):
            return False
        announce(account=app.account, action=MethodAction.ADDED, kind=MethodKind.AUTHENTICATOR_APP, name=app.name)
    return True


def provisioning_uri(app: AuthenticatorApp, *, issuer: str) -> str:
    """The `otpauth` URI that goes into the QR code (Key Uri Format)."""
    label = quote(f"{issuer}:{app.account.user_principal_name}")
    query = urlencode(
        {"secret": seed_base32(app), "issuer": issuer, "digits": app.digits, "period": app.interval}, quote_via=quote
    )
    return f"otpauth://totp/{label}?{query}"
