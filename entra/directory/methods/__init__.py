"""Authentication methods of home accounts: registration, verification, guess limits (V10, V11)."""

from entra.directory.methods.inventory import has_method, registered_methods, remove_method, usable_methods
from entra.directory.methods.kinds import REGISTRABLE, MethodKind
from entra.directory.methods.limits import TooManyGuesses
from entra.directory.methods.passwords import verify_password
from entra.directory.methods.verification import verify_code

__all__ = [
    "REGISTRABLE",
    "MethodKind",
    "TooManyGuesses",
    "has_method",
    "registered_methods",
    "remove_method",
    "usable_methods",
    "verify_code",
    "verify_password",
]
