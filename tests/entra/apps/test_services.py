"""Application registrations (S1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entra.apps.consents import has_consented, record_consent
from entra.apps.credentials import secret_is_valid
from entra.apps.models import Application, ClientSecret
from entra.apps.services import find_application, register_application
from entra.directory.models import Tenant, User
from tests.entra.conftest import SECRET


def test_registering_again_with_the_same_values_changes_nothing(application: Application, fabrikam: Tenant) -> None:
    for _ in range(2):
        register_application(
            client_id=application.pk, tenant=fabrikam, name="Partner Center", redirect_uris=[], secret=SECRET
        )
    assert (Application.objects.count(), ClientSecret.objects.count()) == (1, 1)


@pytest.mark.requirement("S1")
def test_a_new_secret_works_beside_the_old_one(application: Application, fabrikam: Tenant) -> None:
    register_application(client_id=application.pk, tenant=fabrikam, name="x", redirect_uris=[], secret="second")
    assert secret_is_valid(application, SECRET)
    assert secret_is_valid(application, "second")
    assert not secret_is_valid(application, "third")


def test_an_expired_secret_is_refused(application: Application) -> None:
    ClientSecret.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not secret_is_valid(application, SECRET)


def test_secrets_are_not_stored(application: Application) -> None:
    assert SECRET not in str(list(ClientSecret.objects.values()))


@pytest.mark.parametrize("client_id", ["", "nonsense", "11111111-1111-4111-8111-111111111111"])
def test_an_unknown_client_id_finds_nothing(db: None, client_id: str) -> None:
    assert find_application(client_id) is None


def test_consent_covers_the_scopes_accepted_and_no_more(application: Application, john: User) -> None:
    record_consent(application=application, account=john, scopes=["openid", "email"])
    record_consent(application=application, account=john, scopes=["profile"])
    assert has_consented(application=application, account=john, scopes=["email", "profile"])
    assert not has_consented(application=application, account=john, scopes=["openid", "offline_access"])
