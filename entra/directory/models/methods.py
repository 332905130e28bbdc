"""Authentication methods of home accounts (requirements V10, V11). An unconfirmed method never counts."""

import uuid

from django.db import models

from entra.directory.models.tenant import Tenant
from entra.directory.models.user import User


class OneTimeCodeDevice(models.Model):
    """A seed that makes time-based codes (RFC 6238). The seed is sealed: it is of no use in a copied database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seed_sealed = models.TextField()
    interval = models.PositiveSmallIntegerField(default=30, help_text="Seconds a code stands for.")
    digits = models.PositiveSmallIntegerField(default=6)
    last_step = models.BigIntegerField(default=-1, help_text="Newest time step accepted: no step is accepted twice.")
    confirmed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class AuthenticatorApp(OneTimeCodeDevice):
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authenticator_apps")
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class HardwareToken(OneTimeCodeDevice):
    """An OATH token whose seed came from its maker. Counts once its holder has typed a code of it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="hardware_tokens")
    account = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="hardware_tokens")
    serial_number = models.CharField(max_length=60)
    manufacturer = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "serial_number"], name="token_serial_once_a_tenant")]

    def __str__(self) -> str:
        return self.serial_number


class SecurityKey(models.Model):
    """A FIDO2 security key or passkey. It exists only after a complete ceremony, so it is always confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="security_keys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True, help_text="Base64url, as the browser sends it.")
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    aaguid = models.CharField(max_length=36, blank=True)
    backed_up = models.BooleanField(default=False, help_text="A passkey that is copied between devices.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code of 120 random bits, so a plain digest is enough at rest (ASVS 6.5.2). Good once."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class TemporaryAccessPass(models.Model):
    """A pass that an administrator hands to somebody, to sign in with once instead of a password. One an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(User, on_delete=models.CASCADE, related_name="temporary_pass")
    digest = models.CharField(max_length=200, help_text="Slow hash: it is short enough to be typed.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    usable_once = models.BooleanField(default=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"temporary access pass of {self.account_id}"


class GuessLimit(models.Model):
    """Wrong guesses counted against one thing: an account name's password, an account's codes, an address."""

    key = models.CharField(max_length=64, primary_key=True, help_text="Keyed hash: typed names are not kept.")
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key
