"""Recovery codes: shown once, each good once, made together with the first other method."""

import base64
import hashlib
import os

from django.db import transaction
from django.utils import timezone

from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.models import RecoveryCode, User

COUNT = 10
_BYTES = 15  # 120 bits: above the 112 from which ASVS 6.5.2 asks for no slow hash
_GROUP = 4


@transaction.atomic
def issue_recovery_codes(*, account: User) -> list[str]:
    """New codes in place of all older ones. The caller shows them once; they cannot be read back."""
    codes = [_readable(base64.b32encode(os.urandom(_BYTES)).decode()) for _ in range(COUNT)]
    account.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, code)) for code in codes)
    announce(account=account, action=MethodAction.RECOVERY_CODES_ISSUED, kind=MethodKind.RECOVERY_CODE, name="")
    return codes


@transaction.atomic
def use_recovery_code(*, account: User, code: str) -> bool:
    """Whether the code is one of the account's unused ones; if so it is used up."""
    unused = account.recovery_codes.filter(digest=_digest(account, code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    announce(account=account, action=MethodAction.RECOVERY_CODE_USED, kind=MethodKind.RECOVERY_CODE, name="")
    return True


def codes_left(account: User) -> int:
    return account.recovery_codes.filter(used_at=None).count()


def _readable(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _digest(account: User, code: str) -> str:
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(f"{account.pk}:{plain}".encode()).hexdigest()
