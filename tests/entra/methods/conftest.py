from datetime import UTC, datetime

import pytest
import time_machine

from entra.directory.models import Domain, Tenant, User

NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def fabrikam(db: None) -> Tenant:
    tenant = Tenant.objects.create(display_name="Fabrikam")
    Domain.objects.create(name="fabrikam.example", tenant=tenant, is_default=True)
    return tenant


@pytest.fixture
def john(fabrikam: Tenant) -> User:
    user = User(
        tenant=fabrikam,
        user_principal_name="john@fabrikam.example",
        display_name="John Novak",
        mail="john@fabrikam.example",
    )
    user.set_password("correct horse")
    user.save()
    return user


@pytest.fixture
def olga(db: None) -> User:
    tenant = Tenant.objects.create(display_name="Proseware")
    Domain.objects.create(name="proseware.example", tenant=tenant, is_default=True)
    return User.objects.create(tenant=tenant, user_principal_name="olga@proseware.example", display_name="Olga")
