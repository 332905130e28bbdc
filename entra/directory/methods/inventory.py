"""Which methods an account has, and how one is taken away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, UUIDField

from activity.prepared import Prepared
from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.models import AuthenticatorApp, HardwareToken, RecoveryCode, SecurityKey, User


@dataclass(frozen=True)
class RegisteredMethod:
    id: str
    kind: MethodKind
    name: str
    added_at: datetime
    last_used_at: datetime | None


def registered_methods(account: User) -> list[RegisteredMethod]:
    """The account's confirmed methods, oldest first, recovery codes apart."""
    found = [_described(row) for rows in _rows(account) for row in rows]
    return sorted(found, key=lambda method: method.added_at)


def usable_methods(account: User) -> tuple[MethodKind, ...]:
    """The kinds the account can verify with now: confirmed ones only, and recovery codes while any is unused."""
    return read_usable(_usable.first(account.pk) or ())


def columns_of_usable() -> list[Exists]:
    """What to select for `read_usable`, in a query of accounts."""
    return list(_USABLE.values())


def read_usable(columns: Iterable[bool]) -> tuple[MethodKind, ...]:
    """The columns as what they stand for: recovery codes never stand alone."""
    usable = dict(zip(_USABLE, columns, strict=False))
    alone = any(there for kind, there in usable.items() if kind is not MethodKind.RECOVERY_CODE)
    return tuple(kind for kind in MethodKind if alone and usable.get(kind))


def has_method(account: User) -> bool:
    """Whether registration is complete: at least one confirmed method."""
    return bool(registered_methods(account))


@transaction.atomic
def remove_method(*, account: User, method_id: str, actor: str = "") -> RegisteredMethod | None:
    """Take a method away and say which; None when it is not one of the account's. `actor`: as in `announce`.

    A hardware token goes back unassigned. With the last method the recovery codes go too: they never stand alone.
    """
    method = next((method for method in registered_methods(account) if method.id == method_id), None)
    if method is None:
        return None
    match method.kind:
        case MethodKind.AUTHENTICATOR_APP:
            AuthenticatorApp.objects.filter(pk=method.id).delete()
        case MethodKind.SECURITY_KEY:
            SecurityKey.objects.filter(pk=method.id).delete()
        case MethodKind.HARDWARE_TOKEN:
            HardwareToken.objects.filter(pk=method.id).update(account=None, confirmed=False)
    if not has_method(account):
        account.recovery_codes.all().delete()
    announce(account=account, action=MethodAction.REMOVED, kind=method.kind, name=method.name, actor=actor)
    return method


def reset_methods(*, account: User, actor: str) -> int:
    """Take every method away, as an administrator does for someone who has lost them; return how many there were.

    The person registers anew at the next sign-in that asks for verification (ASVS 6.4.4: the administrator vouches).
    """
    methods = registered_methods(account)
    for method in methods:
        remove_method(account=account, method_id=method.id, actor=actor)
    return len(methods)


Row = AuthenticatorApp | HardwareToken | SecurityKey


def _rows(account: User) -> list[list[Row]]:
    return [
        list(account.authenticator_apps.filter(confirmed=True)),
        list(account.security_keys.all()),
        list(account.hardware_tokens.filter(confirmed=True)),
    ]


_OF_ACCOUNT = OuterRef("pk")
_USABLE = {
    MethodKind.AUTHENTICATOR_APP: Exists(AuthenticatorApp.objects.filter(account=_OF_ACCOUNT, confirmed=True)),
    MethodKind.SECURITY_KEY: Exists(SecurityKey.objects.filter(account=_OF_ACCOUNT)),
    MethodKind.HARDWARE_TOKEN: Exists(HardwareToken.objects.filter(account=_OF_ACCOUNT, confirmed=True)),
    MethodKind.RECOVERY_CODE: Exists(RecoveryCode.objects.filter(account=_OF_ACCOUNT, used_at=None)),
}
_usable = Prepared[User](lambda account: User.objects.filter(pk=account).values_list(*columns_of_usable()), UUIDField())


def _described(row: Row) -> RegisteredMethod:
    kind = {
        AuthenticatorApp: MethodKind.AUTHENTICATOR_APP,
        SecurityKey: MethodKind.SECURITY_KEY,
        HardwareToken: MethodKind.HARDWARE_TOKEN,
    }[type(row)]
    return RegisteredMethod(str(row.pk), kind, str(row), row.created_at, row.last_used_at)
