"""How verification methods are named and explained on pages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entra.directory.methods import MethodKind
from entra.signin.method import Method


@dataclass(frozen=True)
class MethodLabel:
    kind: MethodKind
    title: Promise
    offer: Promise
    """Why one would register it."""
    ask: Promise
    """What to do when verifying with it."""
    icon: str


LABELS = {
    label.kind: label
    for label in (
        MethodLabel(
            MethodKind.AUTHENTICATOR_APP,
            _("Authenticator app"),
            _("An app on your phone that shows a new six-digit code every 30 seconds."),
            _("Enter the code your authenticator app shows now."),
            "phone-key",
        ),
        MethodLabel(
            MethodKind.SECURITY_KEY,
            _("Security key or passkey"),
            _("A FIDO2 key, or the lock of this device. Needs no phone and no typing."),
            _("Use your security key, or the lock of this device."),
            "passkey",
        ),
        MethodLabel(
            MethodKind.HARDWARE_TOKEN,
            _("Hardware token"),
            _("A small device from your organization that shows codes. Needs no phone."),
            _("Enter the code your hardware token shows now."),
            "number",
        ),
        MethodLabel(
            MethodKind.RECOVERY_CODE,
            _("Recovery code"),
            _("One of the codes you saved when you set up your first method."),
            _("Enter one of the recovery codes you saved. Each works once."),
            "document",
        ),
    )
}


def labels(kinds: frozenset[MethodKind] | tuple[MethodKind, ...]) -> list[MethodLabel]:
    """Labels of `kinds` in the order pages offer them."""
    return [label for kind, label in LABELS.items() if kind in kinds]


USED: dict[str, Promise] = {
    Method.PASSWORD: _("Password"),
    Method.TEMPORARY_PASS: _("Temporary access pass"),
    Method.FEDERATED: _("Your organization's own provider"),
    Method.CUSTOM_CONTROL: _("A third-party control"),
    **{kind: label.title for kind, label in LABELS.items()},
}
"""How a proof in the list of recent sign-ins is named."""
