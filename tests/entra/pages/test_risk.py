"""Security defaults challenge people at a new place (V12): which places are known, and to whom."""

import pytest
from django.test import Client
from django.utils import timezone

from entra.policy.models import SecurityDefaults
from entra.signin.models import ProviderSession
from tests.entra.pages.conftest import Visitor, code_of


@pytest.fixture
def defaults(fabrikam):
    return SecurityDefaults.objects.create(tenant=fabrikam, enabled_at=timezone.now())


def signed_in_at(tenant, address, browser="Firefox/1"):
    visitor = Visitor(Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=address), tenant).begin()
    place = {"user_agent": browser, "ip_address": address}  # `begin` made the session without a browser
    ProviderSession.objects.filter(pk=visitor.interaction.session_id).update(**place)
    return visitor.type_name("john@fabrikam.example").type_password()


@pytest.mark.requirement("V12")
def test_a_place_where_only_the_password_was_given_stays_unknown(visitor, defaults, fabrikam, john, app_of):
    app_of(john)
    for _attempt in range(3):
        thief = signed_in_at(fabrikam, "203.0.113.9")
        assert "Verify your identity" in thief.text


@pytest.mark.requirement("V12")
def test_a_place_where_the_person_verified_is_known_the_next_time(visitor, defaults, fabrikam, john, app_of, clock):
    app = app_of(john)
    first = signed_in_at(fabrikam, "198.51.100.7")
    assert first.send("verify", code=code_of(app, clock)).answered
    assert signed_in_at(fabrikam, "198.51.100.7").answered
    assert "Verify your identity" in signed_in_at(fabrikam, "203.0.113.9").text
    assert "Verify your identity" in signed_in_at(fabrikam, "198.51.100.7", browser="Opera/1").text
