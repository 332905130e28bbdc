"""Remove what has expired: `manage.py clear_expired --settings=entra.settings`. Run it daily."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from entra.apps.credentials import forgotten_assertions
from entra.directory.methods.limits import forgotten as forgotten_guesses
from entra.directory.models import TemporaryAccessPass
from entra.events.services import forgotten as forgotten_events
from entra.federation.received import forgotten as forgotten_answers
from entra.oauth.models import AuthorizationCode, DeviceCode, LogoutMessage, RefreshToken
from entra.signin.models import Interaction, ProviderSession, SignIn
from mailing.services import forgotten as forgotten_mails

# A spent code or token is remembered a while longer, so that a replay is still recognized.
_REMEMBERED = timedelta(days=30)


class Command(BaseCommand):
    help = (
        "Delete expired interactions, sessions nobody signed in to, codes and refresh tokens, "
        "delivered messages and mails, answers of third parties, and old rows of the sign-in log."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        rows = (
            Interaction.objects.filter(expires_at__lt=now),
            # Sessions with an account keep their events: they are the sign-in history of the account.
            ProviderSession.objects.filter(expires_at__lt=now, account=None),
            AuthorizationCode.objects.filter(expires_at__lt=now - _REMEMBERED),
            DeviceCode.objects.filter(expires_at__lt=now - _REMEMBERED),
            RefreshToken.objects.filter(expires_at__lt=now - _REMEMBERED),
            forgotten_guesses(),
            forgotten_assertions(),
            TemporaryAccessPass.objects.filter(expires_at__lt=now - _REMEMBERED),
            LogoutMessage.objects.filter(delivered_at__lt=now - _REMEMBERED),
            forgotten_events(),
            forgotten_mails(),
            forgotten_answers(),
            SignIn.objects.filter(at__lt=now - timedelta(days=settings.SIGN_IN_LOG_DAYS)),
        )
        deleted = sum(found.delete()[0] for found in rows)
        self.stdout.write(f"{deleted} expired rows removed")
