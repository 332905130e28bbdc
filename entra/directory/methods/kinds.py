"""The kinds of verification method an account can have (V11). Values are those of `entra.signin.models.Method`."""

from enum import StrEnum


class MethodKind(StrEnum):
    AUTHENTICATOR_APP = "authenticatorApp"
    SECURITY_KEY = "securityKey"
    HARDWARE_TOKEN = "hardwareToken"
    RECOVERY_CODE = "recoveryCode"


class FirstFactor(StrEnum):
    """What the password page takes. Values are those of `entra.signin.models.Method`."""

    PASSWORD = "password"
    TEMPORARY_PASS = "temporaryAccessPass"


REGISTRABLE = (MethodKind.AUTHENTICATOR_APP, MethodKind.SECURITY_KEY, MethodKind.HARDWARE_TOKEN)
"""What a person can register, in the order offered. Recovery codes come with the first of these, never alone."""
