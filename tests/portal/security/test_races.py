"""Several processes take a snapshot of the same tenant at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from security import services
from security.models import AccountStatus, StatusSnapshot
from security.services import Outcome, refresh, take_snapshot
from tests.portal.conftest import make_tenant
from tests.portal.security.tenant import NOW, FakeTenant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time on SQLite"),
]
TOGETHER = 4


def at_once(act: Any) -> list[Any]:
    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(alone, range(TOGETHER)))


def test_of_several_the_latest_stays_and_none_fails(tenant: FakeTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    contoso = make_tenant(1, "Contoso", "csp-direct")
    for number in range(50):
        tenant.add(number, f"person{number}")
    read, barrier = services.assessed_accounts, Barrier(TOGETHER)

    def read_together(*args: Any, **kwargs: Any) -> Any:
        found = list(read(*args, **kwargs))
        barrier.wait(10)
        return found

    monkeypatch.setattr(services, "assessed_accounts", read_together)
    at_once(lambda number: take_snapshot(contoso, NOW + timedelta(seconds=number)))
    latest = NOW + timedelta(seconds=TOGETHER - 1)
    assert list(StatusSnapshot.objects.values_list("taken_at", "enabled_accounts")) == [(latest, 50)]
    assert AccountStatus.objects.filter(assessed_at=latest).count() == AccountStatus.objects.count() == 50


def test_of_several_wishes_one_is_granted(tenant: FakeTenant) -> None:
    contoso = make_tenant(1, "Contoso", "csp-direct")
    found = at_once(lambda number: refresh(tenant=contoso, actor=f"admin{number}").outcome)
    assert sorted(found) == [Outcome.TAKEN, *[Outcome.TOO_SOON] * (TOGETHER - 1)]
