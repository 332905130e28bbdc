"""What an application proves itself by (S1, S5): secrets and certificates, any number of each."""

from django.db import models

from entra.apps.models.application import Application


class ClientSecret(models.Model):
    """A secret's keyed hash. Secrets are long and random, so a fast hash will do; the key is not in the database."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    hint = models.CharField(max_length=3)
    description = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "digest"], name="secret_once_an_application")]

    def __str__(self) -> str:
        return f"{self.hint}…"


class ClientCertificate(models.Model):
    """A certificate whose key signs the application's assertions. Thumbprints are hexadecimal, lower case."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="certificates")
    description = models.CharField(max_length=120, blank=True)
    pem = models.TextField()
    sha256 = models.CharField(max_length=64)
    sha1 = models.CharField(max_length=40, help_text="Older client libraries name the certificate by it (`x5t`).")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "sha256"], name="certificate_once_an_application")
        ]

    def __str__(self) -> str:
        return f"{self.sha1[:8]}…"


class UsedAssertion(models.Model):
    """An assertion of a `strict_assertions` application, remembered until it expires (RFC 7523 section 3)."""

    digest = models.CharField(primary_key=True, max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
