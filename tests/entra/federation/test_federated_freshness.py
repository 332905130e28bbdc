# ruff: noqa: F401, F811 - the fixtures of the sign-in's own tests
"""How fresh a federated sign-in is: as fresh as its AuthnInstant, not as the answer that reports it (M23)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.entra.federation.test_federated_sign_in import PROOF, trip, wingtip


@pytest.mark.requirement("M23")
def test_an_old_session_at_home_is_old_in_the_token_too(trip):
    claims = trip.start().come_back(class_ref=PROOF, authenticated=timedelta(hours=-3)).claims
    three_hours_ago = (timezone.now() - timedelta(hours=3)).timestamp()
    assert claims["auth_time"] == pytest.approx(three_hours_ago, abs=10)


@pytest.mark.requirement("M23")
def test_an_old_session_at_home_does_not_meet_max_age(trip):
    trip.start().come_back(class_ref=PROOF, authenticated=timedelta(hours=-3))
    assert trip.start(max_age="900").request.get("ForceAuthn") == "true"
    claims = trip.come_back(class_ref=PROOF).claims
    assert claims["auth_time"] == pytest.approx(timezone.now().timestamp(), abs=10)


@pytest.mark.requirement("M23")
def test_a_slow_clock_at_home_does_not_ask_for_a_fresh_sign_in_twice(trip):
    trip.start(prompt="login").come_back(authenticated=timedelta(seconds=-60))
    assert "code" in trip.fields
