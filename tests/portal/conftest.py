"""The cast of the portal's tests, and a way to sign them in that makes a real session row."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import sessions
from accounts.evidence import Evidence, Outcome
from accounts.models import PartnerTenant, PortalSession, User
from accounts.roles import Role
from tests.portal.directory import Directory, served

ISSUER = "http://localhost:8001/{tenant}/v2.0"
SignIn = Callable[..., PortalSession]
LAST_SECONDS = timedelta(seconds=15)
"""Of a day in UTC; no test takes longer."""


def tenant_id(digit: int) -> UUID:
    return UUID(f"c0000000-0000-4000-8000-{digit:012d}")


def group_id(tenant: int, role: int) -> UUID:
    return UUID(f"a0000000-0000-4000-8000-{tenant * 10 + role:012d}")


def pytest_configure() -> None:
    """Parallel tests share a Redis. Each process has a database of its own there for the cache, which tests empty."""
    cache = settings.CACHES["default"]
    if "LOCATION" in cache:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        cache["LOCATION"] = urlsplit(cache["LOCATION"])._replace(path=f"/{8 + worker}").geturl()


@pytest.fixture(autouse=True)
def _no_test_spans_two_days() -> None:
    """Many count days back from today and expect to be on the same day when they look."""
    now = datetime.now(UTC)
    left = datetime.combine(now + timedelta(days=1), datetime.min.time(), UTC) - now
    if left < LAST_SECONDS:
        time.sleep(left.total_seconds())


@pytest.fixture(autouse=True)
def _operations_go_straight_to_the_database(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Where Redis is configured, its stream is the subject of the activity tests; the others read the table."""
    if "activity" not in request.path.parts:
        settings.REDIS_URL = ""


@pytest.fixture(autouse=True)
def _events_are_the_subject_of_their_own_tests(request: pytest.FixtureRequest, settings: Settings) -> None:
    """No provider runs beside these tests, so there is nobody to be in touch with."""
    settings.SECURITY_EVENTS = "events" in request.path.parts


def make_tenant(digit: int, name: str, *programs: str) -> PartnerTenant:
    return PartnerTenant.objects.create(
        id=tenant_id(digit),
        display_name=name,
        programs=list(programs),
        admin_agents_group=group_id(digit, 1),
        sales_agents_group=group_id(digit, 2),
        helpdesk_agents_group=group_id(digit, 3),
        operators_group=group_id(digit, 4) if "operator" in programs else None,
    )


def make_user(tenant: PartnerTenant, name: str, upn: str, roles: Iterable[Role] = (), *, guest: bool = False) -> User:
    """Create a person of the tenant. Two people never share an oid: it is derived from the name."""
    number = User.objects.count() + 1
    return User.objects.create(
        tenant=tenant,
        issuer=ISSUER.format(tenant=tenant.id),
        subject=f"subject-{number}",
        oid=f"00000000-0000-4000-8000-{number:012d}",
        display_name=name,
        user_principal_name=upn,
        guest=guest,
        projected_roles=[role.value for role in roles],
    )


@pytest.fixture
def contoso(db: None) -> PartnerTenant:
    return make_tenant(1, "Contoso", "csp-direct")


@pytest.fixture
def wingtip(db: None) -> PartnerTenant:
    return make_tenant(2, "Wingtip", "csp-indirect-provider")


@pytest.fixture
def fabrikam(db: None) -> PartnerTenant:
    return make_tenant(3, "Fabrikam", "csp-direct")


@pytest.fixture
def wingtip_cloud(db: None) -> PartnerTenant:
    return make_tenant(4, "Wingtip Cloud", "csp-direct")


@pytest.fixture
def proseware(db: None) -> PartnerTenant:
    return make_tenant(5, "Proseware", "csp-indirect-reseller")


@pytest.fixture
def tailspin(db: None) -> PartnerTenant:
    return make_tenant(6, "Tailspin", "cpv")


@pytest.fixture
def operator_tenant(db: None) -> PartnerTenant:
    return make_tenant(7, "Platform", "operator")


@pytest.fixture
def alejandra(contoso: PartnerTenant) -> User:
    roles = [Role.ADMIN_AGENT, Role.GLOBAL_ADMIN]
    return make_user(contoso, "Alejandra Ruiz", "alejandra@contoso.example", roles)


@pytest.fixture
def prashob(wingtip: PartnerTenant) -> User:
    return make_user(wingtip, "Prashob Nair", "prashob@wingtip.example", [Role.ADMIN_AGENT])


@pytest.fixture
def john(fabrikam: PartnerTenant) -> User:
    return make_user(fabrikam, "John Evans", "john@fabrikam.example", [Role.ADMIN_AGENT])


@pytest.fixture
def trent(wingtip_cloud: PartnerTenant) -> User:
    return make_user(wingtip_cloud, "Trent Walker", "trent@wingtipcloud.example", [Role.ADMIN_AGENT])


@pytest.fixture
def olga(proseware: PartnerTenant) -> User:
    """Of another partner, with every power there: she must see nothing of anybody else."""
    roles = [Role.ADMIN_AGENT, Role.GLOBAL_ADMIN]
    return make_user(proseware, "Olga Petrova", "olga@proseware.example", roles)


@pytest.fixture
def cpv_admin(tailspin: PartnerTenant) -> User:
    return make_user(tailspin, "Tara Singh", "globaladmin@tailspin.example", [Role.GLOBAL_ADMIN])


@pytest.fixture
def operator(operator_tenant: PartnerTenant) -> User:
    return make_user(operator_tenant, "Oscar Lind", "oscar@platform.example", [Role.OPERATOR])


@pytest.fixture
def directory(settings: Settings) -> Iterator[Directory]:
    """The directory API that the portal calls, answering what a test puts into it."""
    with served(Directory()) as directory:
        settings.GRAPH_URL = directory.base
        yield directory


@pytest.fixture
def sign_in() -> SignIn:
    """Return `sign_in(client, user, mfa=True, roles=None, blocked=False, verified_ago=…)`.

    `roles` replaces the person's roles first; `blocked` adds the provider's answer that its MFA is incompatible.
    """

    def signed_in(
        client: Client,
        user: User,
        mfa: bool = True,
        roles: Iterable[Role] | None = None,
        *,
        blocked: bool = False,
        verified_ago: timedelta = timedelta(),
    ) -> PortalSession:
        if roles is not None:
            user.projected_roles = [role.value for role in roles]
            user.save(update_fields=["projected_roles"])
        now = timezone.now()
        evidence = Evidence(
            provider=user.issuer,
            outcome=Outcome.MFA if mfa else Outcome.SINGLE_FACTOR,
            at=now,
            amr=("pwd", "mfa") if mfa else ("pwd",),
            auth_time=now - verified_ago,
        )
        session, key = sessions.open_session(user=user, evidence=evidence, issuer=user.issuer)
        if blocked:
            refused = Evidence(provider=user.issuer, outcome=Outcome.INCOMPATIBLE, at=now, error="AADSTS50158")
            sessions.add_evidence(session, refused)
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return session

    return signed_in
