"""What a person did to prove who they are, and where."""

from django.db import models


class Method(models.TextChoices):
    """What a person really did. `amr` is computed from these and from nothing else (V6)."""

    PASSWORD = "password"
    AUTHENTICATOR_APP = "authenticatorApp"
    SECURITY_KEY = "securityKey"
    HARDWARE_TOKEN = "hardwareToken"
    RECOVERY_CODE = "recoveryCode"
    TEMPORARY_PASS = "temporaryAccessPass"
    FEDERATED = "federated"
    CUSTOM_CONTROL = "customControl"


class Source(models.TextChoices):
    LOCAL = "local"
    FEDERATED = "federated"
