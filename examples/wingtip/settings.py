"""Settings of Wingtip's own identity provider: an independent party with its own people, key and session."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from examples.wingtip.own import BASE_DIR, OWN_DIR
from secretstore.local import generated

env = environ.FileAwareEnv()

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
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent / "templates", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "fluent.templatetags.fluent"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "fluent.context.shell",
            ],
        },
    }
]
DATABASES: dict[str, Any] = {}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "wingtip_session"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_NAME = "wingtip_csrf"
CSRF_COOKIE_SECURE = TLS
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "wingtip_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a folder that is not there
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
PRODUCT_NAME = "Wingtip"
