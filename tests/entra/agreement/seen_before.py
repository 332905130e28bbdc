"""What an actor brings along: methods registered, and places where the account verified."""

from datetime import timedelta

from entra.directory.methods import MethodKind
from entra.directory.models import AuthenticatorApp, HardwareToken, SecurityKey, User
from entra.signin.method import Method
from entra.signin.models import ProviderSession
from tests.entra.agreement.scenes import NOW, Actor

USUAL = "Firefox/1"


def give_methods(actor: Actor, account: User) -> None:
    if MethodKind.AUTHENTICATOR_APP in actor.methods:
        AuthenticatorApp.objects.create(account=account, name="App", seed_sealed="x", confirmed=True)
    if MethodKind.SECURITY_KEY in actor.methods:
        SecurityKey.objects.create(account=account, name="Key", credential_id=actor.cast, public_key=b"")
    if MethodKind.HARDWARE_TOKEN in actor.methods:
        HardwareToken.objects.create(
            tenant=account.tenant, account=account, serial_number=actor.cast, seed_sealed="x", confirmed=True
        )


def verified_at(account: User, ip: str) -> None:
    session = ProviderSession.objects.create(
        key_hash=f"{account.pk}{ip}",
        account=account,
        created_at=NOW - timedelta(days=2),
        expires_at=NOW - timedelta(days=1),
        user_agent=USUAL,
        ip_address=ip,
    )
    session.events.create(account=account, method=Method.AUTHENTICATOR_APP, at=NOW - timedelta(days=2))
