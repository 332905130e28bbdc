"""Hardware OATH tokens: seeds come from the maker's file, the holder proves the token is at hand (V11)."""

import base64
import binascii
import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.methods.one_time_codes import accept, seal_seed
from entra.directory.models import HardwareToken, Tenant, User

_INTERVALS = {30, 60}
_SHORTEST_SEED = 16  # bytes: 128 bits, RFC 4226 section 4, R6


class UnusableSeedFile(Exception):
    """A line of the file cannot be used; nothing of the file was imported."""


@dataclass(frozen=True)
class SeedLine:
    """One token, in the columns of the file that Entra administrators upload."""

    upn: str
    serial_number: str
    seed: bytes
    interval: int
    manufacturer: str
    model: str


def read_seed_file(lines: Iterable[str]) -> list[SeedLine]:
    """Parse `upn,serial number,secret key,time interval,manufacturer,model`. Raises UnusableSeedFile."""
    reader = csv.DictReader(lines)
    return [_seed_line(number, row) for number, row in enumerate(reader, start=2)]


def _seed_line(number: int, row: Mapping[str | None, Any]) -> SeedLine:
    if None in row:  # where the csv module puts what has no column
        raise UnusableSeedFile(f"line {number}: more cells than the first line has columns")
    cells = {(name or "").strip().lower(): (value or "").strip() for name, value in row.items()}
    try:
        key = cells["secret key"].upper().replace(" ", "")
        seed = base64.b32decode(key + "=" * (-len(key) % 8))
        line = SeedLine(
            upn=cells["upn"].lower(),
            serial_number=cells["serial number"],
            seed=seed,
            interval=int(cells["time interval"]),
            manufacturer=cells.get("manufacturer", ""),
            model=cells.get("model", ""),
        )
    except (KeyError, ValueError, binascii.Error) as error:
        raise UnusableSeedFile(f"line {number}: {error}") from error
    if line.interval not in _INTERVALS or len(line.seed) < _SHORTEST_SEED or not line.serial_number:
        raise UnusableSeedFile(f"line {number}: needs a serial number, an interval of 30 or 60, a seed of 128 bits")
    return line


class TokenAction(AuditAction):
    IMPORTED = "hardwareToken.imported"
    ASSIGNED = "hardwareToken.assigned"
    REMOVED = "hardwareToken.removed"


@transaction.atomic
def import_tokens(*, tenant: Tenant, lines: Iterable[SeedLine], actor: str) -> int:
    """Store the tokens, each assigned to the account its line names, or to nobody yet. Known serials are left alone."""
    made = 0
    for line in lines:
        account = None
        if line.upn:
            account = tenant.users.filter(user_principal_name=line.upn).first()
            if account is None:
                raise UnusableSeedFile(f"{line.serial_number}: {line.upn} is not an account of {tenant}")
        _token, created = HardwareToken.objects.get_or_create(
            tenant=tenant,
            serial_number=line.serial_number,
            defaults={
                "account": account,
                "seed_sealed": seal_seed(line.seed),
                "interval": line.interval,
                "manufacturer": line.manufacturer,
                "model": line.model,
            },
        )
        made += created
    record_audit(
        action=TokenAction.IMPORTED,
        actor=actor,
        tenant_id=tenant.pk,
        subject=tenant.display_name,
        detail={"tokens": made},
    )
    return made


@transaction.atomic
def assign_token(*, token: HardwareToken, account: User | None, actor: str) -> bool:
    """Give a token that nobody has activated to an account, or to nobody; False if it was activated meanwhile."""
    waiting = HardwareToken.objects.filter(pk=token.pk, confirmed=False)
    if not waiting.update(account=account):
        return False
    record_audit(
        action=TokenAction.ASSIGNED,
        actor=actor,
        tenant_id=token.tenant_id,
        subject=token.serial_number,
        detail={"account": account.user_principal_name if account else ""},
    )
    return True


@transaction.atomic
def remove_token(*, token: HardwareToken, actor: str) -> bool:
    """Forget a token with its seed; False if somebody activated it meanwhile, whose method it then is."""
    gone, _ = HardwareToken.objects.filter(pk=token.pk, confirmed=False).delete()
    if gone:
        record_audit(action=TokenAction.REMOVED, actor=actor, tenant_id=token.tenant_id, subject=token.serial_number)
    return bool(gone)


def waiting_token(account: User, serial_number: str) -> HardwareToken | None:
    """The token with this serial that `account` may activate: assigned to it, or to nobody in its tenant."""
    token = HardwareToken.objects.filter(
        tenant=account.tenant_id, serial_number__iexact=serial_number.strip(), confirmed=False
    ).first()
    return token if token and token.account_id in {None, account.pk} else None


def activate_token(*, account: User, serial_number: str, code: str) -> bool:
    """Whether serial and code are right together; if so the token belongs to the account and counts from now on."""
    with transaction.atomic():
        token = waiting_token(account, serial_number)
        if token is None or not accept(token, code):
            return False
        HardwareToken.objects.filter(pk=token.pk).update(account=account, confirmed=True)
        announce(account=account, action=MethodAction.ADDED, kind=MethodKind.HARDWARE_TOKEN, name=token.serial_number)
    return True
