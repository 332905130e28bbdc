"""The usable methods of many accounts in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from entra.directory.methods.kinds import MethodKind
from entra.directory.models import AuthenticatorApp, HardwareToken, RecoveryCode, SecurityKey


def usable_methods_of(account_ids: Iterable[UUID]) -> Mapping[UUID, frozenset[MethodKind]]:
    """Return what `usable_methods` says of each account; accounts without a method are left out."""
    wanted = {"account__in": list(account_ids)}
    rows = {
        MethodKind.AUTHENTICATOR_APP: AuthenticatorApp.objects.filter(confirmed=True, **wanted),
        MethodKind.HARDWARE_TOKEN: HardwareToken.objects.filter(confirmed=True, **wanted),
        MethodKind.SECURITY_KEY: SecurityKey.objects.filter(**wanted),
    }
    found: dict[UUID, set[MethodKind]] = defaultdict(set)
    for kind, query in rows.items():
        for account_id in query.values_list("account_id", flat=True):
            if account_id is not None:
                found[account_id].add(kind)
    for account_id in RecoveryCode.objects.filter(used_at=None, **wanted).values_list("account_id", flat=True):
        if found[account_id]:
            found[account_id].add(MethodKind.RECOVERY_CODE)
    return {account_id: frozenset(kinds) for account_id, kinds in found.items() if kinds}
