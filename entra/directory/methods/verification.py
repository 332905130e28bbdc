"""One way to check a typed code, with the guess limits around it."""

from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.limits import address_limit, charge, method_limit, settle
from entra.directory.methods.one_time_codes import accept
from entra.directory.methods.recovery import use_recovery_code
from entra.directory.models import User


def verify_code(*, account: User, kind: MethodKind, code: str, ip: str) -> bool:
    """Whether `code` proves a confirmed method of this kind; a right code is used up. Raises TooManyGuesses."""
    limits = method_limit(account, kind), address_limit(ip)
    charged_at = charge(*limits)
    match kind:
        case MethodKind.AUTHENTICATOR_APP:
            right = any(accept(app, code) for app in account.authenticator_apps.filter(confirmed=True))
        case MethodKind.HARDWARE_TOKEN:
            right = any(accept(token, code) for token in account.hardware_tokens.filter(confirmed=True))
        case MethodKind.RECOVERY_CODE:
            right = use_recovery_code(account=account, code=code)
        case _:
            right = False
    if right:
        settle(*limits, charged_at)
    return right
