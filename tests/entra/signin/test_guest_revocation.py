"""A guest's sessions revoked by the tenant visited (M22): the sign-in at home of before is not enough there."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from entra.directory.models import Tenant, User, UserType
from tests.entra.conftest import RelyingParty


@pytest.mark.requirement("M15", "M22")
def test_a_guest_signs_in_again_after_the_tenant_visited_revoked_the_sessions(
    rp: RelyingParty, john: User, contoso: Tenant, sign_in: Any
) -> None:
    guest = User.objects.create(
        tenant=contoso,
        user_principal_name="john_fabrikam.example#ext#@contoso.example",
        display_name="John",
        user_type=UserType.GUEST,
        home_account=john,
    )
    visiting = RelyingParty(rp.browser, rp.application, str(contoso.pk))
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        sign_in(rp.browser, john)
    tokens = visiting.tokens()
    guest.sessions_valid_from = timezone.now()
    guest.save()
    assert visiting.answer(prompt="none")["error"] == "login_required"
    assert visiting.refresh(tokens["refresh_token"]).json()["error_codes"] == [50173]
    assert "code" in rp.answer(prompt="none")  # at home nothing was revoked
    sign_in(rp.browser, john)
    assert "code" in visiting.answer(prompt="none")
