import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import PartnerTenant


@pytest.mark.django_db
def test_outside_demo_mode_nothing_is_seeded(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not PartnerTenant.objects.exists()
