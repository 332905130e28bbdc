"""Several processes look for alerts, and several presses send the same note, at once."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Purpose, SignInRequest
from accounts.models.signin import Result
from security.alerts import sign_ins
from security.alerts.services import add_note
from security.alerts.sign_ins import watch_step_ups
from security.models import AlertNote, SecurityAlert
from tests.portal.conftest import make_tenant, make_user
from tests.portal.security.logs import CHROME, HOME, make_alert, opened
from tests.portal.security.test_races import TOGETHER, at_once

pytestmark = [
    pytest.mark.requirement("M6"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time on SQLite"),
]


def test_what_several_processes_see_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    ann = make_user(make_tenant(1, "Contoso", "csp-direct"), "Ann", "ann@contoso.example")
    session = opened(ann, HOME, CHROME, at=now)
    for number in range(6):
        SignInRequest.objects.create(
            state_hash=f"s{number}", browser_hash="b", nonce="n", code_verifier="v", provider="p", session=session,
            purpose=Purpose.STEP_UP, next="/", created_at=now, used_at=now - timedelta(minutes=number),
            result=Result.FAILED,
        )  # fmt: skip
    make_limit, barrier = sign_ins.Limit, Barrier(TOGETHER)

    def look_together(*args: Any) -> Any:
        barrier.wait(10)
        return make_limit(*args)

    monkeypatch.setattr(sign_ins, "Limit", look_together)
    assert sum(at_once(lambda number: watch_step_ups(now))) == 1
    assert SecurityAlert.objects.get().observations == 6


def test_a_note_pressed_several_times_is_one() -> None:
    contoso = make_tenant(1, "Contoso", "csp-direct")
    ann, alert = make_user(contoso, "Ann", "ann@contoso.example"), make_alert(contoso)
    at_once(lambda number: add_note(user=ann, alert=alert, text="I called Ann."))
    assert AlertNote.objects.count() == 1
