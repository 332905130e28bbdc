"""Settings of Wingtip's own identity provider: an independent party with its own people, key and session."""

from pathlib import Path
from typing import Any

from examples.wingtip.own import OWN_DIR
from fluent.settings import *  # noqa: F403
from fluent.settings import page_templates
from secretstore.environment import Environment
from secretstore.local import generated

env = Environment()

TLS = env.bool("TLS", default=False)
_SCHEME = "https" if TLS else "http"
WINGTIP_URL = env.str("WINGTIP_URL", default=f"{_SCHEME}://localhost:8002")
ENTRA_URL = env.str("ENTRA_URL", default=f"{_SCHEME}://localhost:8001")  # whom it signs people in for

SECRET_KEY = generated(OWN_DIR, "secret-key")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # a demo with known passwords: this machine only
INSTALLED_APPS = ["django.contrib.messages", "django.contrib.sessions", "django.contrib.staticfiles", "csp", "fluent"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "examples.wingtip.middleware.ServiceUnknownMiddleware",
]
ROOT_URLCONF = "examples.wingtip.urls"
WSGI_APPLICATION = "examples.wingtip.wsgi.application"
TEMPLATES = page_templates(Path(__file__).resolve().parent / "templates")
DATABASES: dict[str, Any] = {}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "wingtip_session"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_NAME = "wingtip_csrf"
CSRF_COOKIE_SECURE = TLS
LANGUAGE_COOKIE_NAME = "wingtip_language"

PRODUCT_NAME = "Wingtip"
