"""What stops a server that others can reach."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import get_resolver

KEYS = ["k" * 32]


@pytest.fixture(autouse=True)
def reachable(settings):
    """A sound deployment; each test spoils one thing."""
    _ = get_resolver().url_patterns  # made once a process, with the demo's pages
    settings.DEMO = False
    settings.DEBUG = False
    settings.SECRET_KEY = "s" * 32
    settings.SECRETSTORE_KEYS = KEYS
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://portal.example"]
    settings.OIDC_ISSUER = "https://login.example/{tenantid}/v2.0"
    settings.OIDC_DISCOVERY_URL = "https://login.example/organizations/v2.0/.well-known/openid-configuration"


def test_a_sound_deployment_starts():
    call_command("check")


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("CSRF_TRUSTED_ORIGINS", ["http://portal.example"], r"activity\.E001"),
        ("DEBUG", True, r"activity\.E002"),
        ("SECRET_KEY", "s" * 31, r"activity\.E003"),
        ("SECRETSTORE_KEYS", [*KEYS, "short"], r"activity\.E003"),
        ("SECRET_KEY", KEYS[0], r"activity\.E003"),
        ("ALLOWED_HOSTS", ["*"], r"activity\.E004"),
        ("TRUSTED_PROXIES", ["proxy.example"], r"activity\.E005"),
        ("TRUSTED_PROXIES", ["0.0.0.0/0"], r"activity\.E005"),
        ("OPERATION_LOG_DAYS", 6, r"activity\.E006"),
        ("OIDC_ISSUER", "http://login.example/{tenantid}/v2.0", r"accounts\.E005"),
        ("OIDC_DISCOVERY_URL", "http://login.example/keys", r"accounts\.E005"),
    ],
)
def test_an_unsafe_value_stops_the_server(settings, name, value, error):
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=error):
        call_command("check")


def test_http_is_good_enough_on_this_machine(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["http://localhost:8000"]
    settings.OIDC_ISSUER = settings.OIDC_DISCOVERY_URL = "http://localhost:8001"
    call_command("check")


@pytest.mark.parametrize("service", ["partnercenter", "entra"])
def test_both_services_ask_before_they_start(service, tmp_path):
    environment = {"PATH": "", "VAR_DIR": str(tmp_path), "DEMO": "0", "TRUSTED_PROXIES": "nonsense"}
    command = [sys.executable, "-c", f"import {service}.wsgi"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "activity.E005" in done.stderr
