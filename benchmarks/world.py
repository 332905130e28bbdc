"""What the API's benchmarks need: a partner with a person and customers, and a provider whose key signs their token."""

import json
import os
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "https://api.partnercenter.microsoft.com"
OID = "00000000-0000-4000-8000-00000000000a"
APPLICATION = "20000000-0000-4000-8000-000000000001"
HOUR = 3600


def tenant_id(number: int) -> UUID:
    return UUID(f"c1000000-0000-4000-8000-{number:012}")


class Signer:
    """The provider as far as the API asks it: discovery, its key, and tokens."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.base = ""

    def documents(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        metadata = {"issuer": f"{self.base}/{{tenantid}}/v2.0", "jwks_uri": f"{self.base}/keys"}
        return {
            "/organizations/v2.0/.well-known/openid-configuration": metadata,
            "/keys": {"keys": [{**public, "use": "sig", "kid": "bench"}]},
        }

    def environment(self) -> dict[str, str]:
        """What makes the portal trust this signer, and the peers verify with its key."""
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return {
            "OIDC_ISSUER": f"{self.base}/{{tenantid}}/v2.0",
            "API_ISSUER": f"{self.base}/{{tenantid}}/",
            "SECURITY_EVENTS": "1",
            "BENCH_PUBLIC_KEY": b64encode(pem).decode(),
        }

    def token(self, tenant: UUID) -> str:
        """A delegated token that carries MFA (requirement A4)."""
        now = int(time.time())
        claims = {
            "aud": AUDIENCE,
            "iss": f"{self.base}/{tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + HOUR,
            "acr": "1",
            "amr": ["pwd", "mfa"],
            "appid": APPLICATION,
            "appidacr": "1",
            "auth_time": now,
            "name": "Alejandra",
            "oid": OID,
            "scp": "user_impersonation",
            "sub": "pairwise",
            "tid": str(tenant),
            "upn": "alejandra@contoso.example",
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, "RS256", headers={"kid": "bench"})


@contextmanager
def signer() -> Iterator[Signer]:
    found = Signer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(found.documents()[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def settings_from(environment: Mapping[str, str]) -> None:
    """Open the portal's settings in this process with this environment; call once."""
    import django

    os.environ.update({"DJANGO_SETTINGS_MODULE": "partnercenter.settings", "API_CALLS_PER_MINUTE": "1000000000"})
    os.environ.update(environment)
    django.setup()


def people(base: str, sizes: Mapping[int, int]) -> None:
    """Partners by number, each with one Admin agent and as many customers as `sizes` says."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import EventFeed, PartnerTenant, User
    from accounts.roles import Role
    from customers.models import CustomerCount

    call_command("migrate", verbosity=0)
    EventFeed.objects.create(heard_at=timezone.now() + timedelta(days=1))  # the provider is heard of all the while
    for number, size in sizes.items():
        key = tenant_id(number)
        tenant = PartnerTenant.objects.create(id=key, display_name=f"Partner {number}", programs=["csp-direct"])
        User.objects.create(
            tenant=tenant,
            issuer=f"{base}/{key}/v2.0",
            subject="s",
            oid=OID,
            display_name="Alejandra",
            user_principal_name="alejandra@contoso.example",
            projected_roles=[Role.ADMIN_AGENT.value],
        )
        CustomerCount.objects.create(partner=tenant, total=size)
        _insert_customers(key, size)


def session_key(number: int) -> str:
    """Of a session, with MFA, of this partner's Admin agent."""
    from django.utils import timezone

    from accounts.evidence import Evidence, Outcome
    from accounts.models import User
    from accounts.sessions import open_session

    now, user = timezone.now(), User.objects.get(tenant_id=tenant_id(number))
    evidence = Evidence(provider="p", amr=("pwd", "mfa"), acr="", auth_time=now, at=now, outcome=Outcome.MFA)
    return open_session(user=user, evidence=evidence, issuer=user.issuer)[1]


def _insert_customers(partner: UUID, size: int) -> None:
    """In SQL: a million rows through the ORM would take minutes. Names are neither inserted nor sorted in order."""
    from django.db import connection

    values = """
        SELECT {uuid}, '{partner}', 'Company ' || ((n * 7919) %% {size}) || ' Ltd', 'company' || n || '.example',
               'office@company' || n || '.example', 'US', 'reseller', 'active', '', {now}, {now}, 1, 'company ' || n
        FROM numbers"""
    if connection.vendor == "postgresql":
        numbers = f"WITH numbers AS (SELECT generate_series(1::bigint, {size}) AS n)"
        uuid, now, owner = "gen_random_uuid()", "now()", str(partner)
    else:
        numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"
        uuid, now, owner = "lower(hex(randomblob(16)))", "datetime('now')", partner.hex
    columns = (
        "tenant_id, partner_id, company_name, domain, email, country, relationship_to_partner, state,"
        " associated_partner_id, created_at, updated_at, version, search_text"
    )
    selected = values.format(uuid=uuid, partner=owner, size=size, now=now).replace("%%", "%")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO customers_customer ({columns}) {numbers} {selected}")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE customers_customer")


def caller(path: str, headers: Mapping[str, str]) -> Callable[[], None]:
    """One call of the portal in this process, through everything that a server hands a request to."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    handler = WSGIHandler()
    environ = RequestFactory(HTTP_HOST="localhost").get(path, headers=dict(headers)).environ
    begun: list[str] = []

    def run() -> None:
        response = handler({**environ, "wsgi.input": BytesIO()}, lambda status, _headers: begun.append(status))
        b"".join(response)
        response.close()
        if (status := begun.pop()) != "200 OK":
            raise RuntimeError(f"{path}: {status}")

    return run
