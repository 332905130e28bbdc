"""Registering a method, from choosing its kind to the proof that it works. Shared by sign-in and "My security info".

What is half done is kept server-side in the `state` of the bench: the interaction, or the provider session. Nothing
is registered before the method has proven itself (V10).
"""

from dataclasses import dataclass
from typing import Any, Protocol

import segno
from django.utils.translation import gettext as _

from entra.directory.methods import MethodKind
from entra.directory.methods.authenticator import confirm_authenticator, provisioning_uri, start_authenticator
from entra.directory.methods.hardware import activate_token
from entra.directory.methods.limits import charge, clear, method_limit
from entra.directory.methods.one_time_codes import seed_base32
from entra.directory.methods.security_keys import ProvenKey, finish_registration, start_registration
from entra.directory.models import AuthenticatorApp, User

_STATE = "enrolment"


class Bench(Protocol):
    """Where the half-done registration lies: a model instance with a JSON `state`."""

    state: dict[str, Any]

    def save(self, *, update_fields: list[str]) -> None: ...


@dataclass(frozen=True)
class SetUp:
    """What the set-up page shows."""

    kind: MethodKind
    qr_svg: str = ""
    manual_key: str = ""
    ceremony: str = ""


def begin(bench: Bench, *, account: User, kind: MethodKind) -> None:
    """The person chose a kind; earlier unfinished work is dropped."""
    work = {"kind": kind.value, "account": str(account.pk)}
    if kind is MethodKind.AUTHENTICATOR_APP:
        work["app"] = str(start_authenticator(account=account, name=_("Authenticator app")).pk)
    _keep(bench, work)


def chosen_kind(bench: Bench, *, account: User) -> MethodKind | None:
    """The kind being registered; None when nothing is, or its draft is gone."""
    work = _work(bench, account)
    kind = MethodKind(work["kind"]) if "kind" in work else None
    return None if kind is MethodKind.AUTHENTICATOR_APP and _draft(work, account) is None else kind


def set_up(bench: Bench, *, account: User) -> SetUp | None:
    """What to show for the registration in hand; None when there is none. Each call makes a new challenge."""
    work = _work(bench, account)
    match work.get("kind"):
        case MethodKind.AUTHENTICATOR_APP:
            app = _draft(work, account)
            return None if app is None else SetUp(MethodKind.AUTHENTICATOR_APP, _qr(app), _grouped(seed_base32(app)))
        case MethodKind.HARDWARE_TOKEN:
            return SetUp(MethodKind.HARDWARE_TOKEN)
        case MethodKind.SECURITY_KEY:
            ceremony = start_registration(account=account, rp_name=account.tenant.display_name)
            _keep(bench, {**work, "challenge": ceremony.challenge})
            return SetUp(MethodKind.SECURITY_KEY, ceremony=ceremony.options)
    return None


def finish_app(bench: Bench, *, account: User, code: str) -> AuthenticatorApp | None:
    """The app, now confirmed, when `code` is right. Raises TooManyGuesses."""
    app = _draft(_work(bench, account), account)
    if app is None:
        return None
    limit = method_limit(account, MethodKind.AUTHENTICATOR_APP)
    charge(limit)
    if not confirm_authenticator(app=app, code=code):
        return None
    clear(limit)
    _keep(bench, None)
    return app


def finish_token(bench: Bench, *, account: User, serial_number: str, code: str) -> bool:
    """Whether the token is now the account's. Raises TooManyGuesses."""
    limit = method_limit(account, MethodKind.HARDWARE_TOKEN)
    charge(limit)
    if not activate_token(account=account, serial_number=serial_number, code=code):
        return False
    clear(limit)
    _keep(bench, None)
    return True


def finish_key(bench: Bench, *, account: User, name: str, answer: str) -> ProvenKey:
    """The key, now registered. Its challenge is used up, right or wrong. Raises CeremonyRefused."""
    work = _work(bench, account)
    challenge = work.pop("challenge", "")
    _keep(bench, work)
    proven = finish_registration(account=account, name=name, challenge=challenge, answer=answer)
    _keep(bench, None)
    return proven


def _work(bench: Bench, account: User) -> dict[str, str]:
    work = bench.state.get(_STATE) or {}
    # Work begun for one account must never end up on another that signed in meanwhile.
    return dict(work) if work.get("account") == str(account.pk) else {}


def _keep(bench: Bench, work: dict[str, str] | None) -> None:
    bench.state = {**bench.state, _STATE: work}
    bench.save(update_fields=["state"])


def _draft(work: dict[str, str], account: User) -> AuthenticatorApp | None:
    if "app" not in work:
        return None
    return account.authenticator_apps.filter(pk=work["app"], confirmed=False).first()


def _qr(app: AuthenticatorApp) -> str:
    code = segno.make(provisioning_uri(app, issuer=app.account.tenant.display_name), error="m", micro=False)
    # Without width and height there is a viewBox: the style sheet scales the code instead of cutting it off.
    return code.svg_inline(
        scale=5, border=3, light="#fff", title=_("QR code for your authenticator app"), omitsize=True
    )


def _grouped(seed: str) -> str:
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)).lower()
