"""The page gate and the operation log against peers, in this process and on the database of the environment.

Prints one JSON object: the ratio of each variant to the same page without any gate, and its number of queries.
"""

import json
import os
import sys
from collections.abc import Callable
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY  # noqa: E402 - after setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_otp import DEVICE_ID_SESSION_KEY  # noqa: E402
from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: E402

from accounts.evidence import Evidence, Outcome  # noqa: E402
from accounts.models import PartnerTenant, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from accounts.sessions import open_session  # noqa: E402
from benchmarks.rounds import ratios  # noqa: E402

COMMON = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
GATE = ["accounts.middleware.AccessMiddleware"]
LOG = ["activity.middleware.OperationLogMiddleware"]
LOGIN = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
OTP = [*LOGIN, "django_otp.middleware.OTPMiddleware"]
DJANGO_COOKIE = "bench_session"


def main() -> None:
    call_command("migrate", verbosity=0)
    portal_key, django_key = _sign_in()
    variants = {
        "bare": _variant(COMMON, "/commerce/page", "", ""),
        "gate": _variant([*COMMON, *GATE], "/commerce/page", "partnercenter_session", portal_key),
        "gate and log": _variant([*COMMON, *LOG, *GATE], "/commerce/page", "partnercenter_session", portal_key),
        "login_required": _variant([*COMMON, *LOGIN], "/commerce/login", DJANGO_COOKIE, django_key),
        "otp_required": _variant([*COMMON, *OTP], "/commerce/otp", DJANGO_COOKIE, django_key),
    }
    queries = {name: _queries(run) for name, run in variants.items()}
    measured = ratios(variants, "bare")
    measured["log"] = ratios({name: variants[name] for name in ("gate", "gate and log")}, "gate")["gate and log"]
    json.dump({"ratios": measured, "queries": queries}, sys.stdout)


def _variant(middleware: list[str], path: str, cookie: str, value: str) -> Callable[[], None]:
    # Django reads the cookie's name at each request; the peers' differs so that neither sees the other's.
    with override_settings(MIDDLEWARE=middleware):
        handler = WSGIHandler()
    factory = RequestFactory(HTTP_HOST="localhost")
    factory.cookies[cookie or "none"] = value

    def run() -> None:
        response = handler.get_response(factory.get(path))
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        response.close()

    if cookie != DJANGO_COOKIE:
        return run

    def run_with_peers_cookie() -> None:
        django.conf.settings.SESSION_COOKIE_NAME = DJANGO_COOKIE
        try:
            run()
        finally:
            django.conf.settings.SESSION_COOKIE_NAME = "partnercenter_session"

    return run_with_peers_cookie


def _queries(run: Callable[[], None]) -> int:
    run()
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


def _sign_in() -> tuple[str, str]:
    """One person, signed in at both: with the portal's session, and with Django's and a verified device."""
    tenants = [
        PartnerTenant(id=UUID(int=number), display_name=f"Partner {number:03}", programs=["csp-direct"])
        for number in range(1, 101)
    ]
    PartnerTenant.objects.bulk_create(tenants)
    user = User.objects.create(
        tenant=tenants[0],
        issuer="http://localhost",
        subject="s",
        oid="o",
        display_name="John",
        projected_roles=[Role.ADMIN_AGENT.value],
    )
    now = timezone.now()
    evidence = Evidence(provider="p", amr=("pwd", "mfa"), acr="", auth_time=now, at=now, outcome=Outcome.MFA)
    _, portal_key = open_session(user=user, evidence=evidence, issuer="http://localhost")
    device = TOTPDevice.objects.create(user=user, confirmed=True, name="app")
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[DEVICE_ID_SESSION_KEY] = device.persistent_id
    store.create()
    return portal_key, store.session_key


if __name__ == "__main__":
    main()
