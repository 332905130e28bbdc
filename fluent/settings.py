"""The settings that every service with these pages shares: templates, languages, static files, security headers.

A service takes all of them (`from fluent.settings import *`) and adds its own.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

_ROOT = Path(__file__).resolve().parent.parent


def page_templates(*folders: Path, context_processors: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return TEMPLATES: the service's own folders first, then the common one; the components are built in."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [*folders, _ROOT / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "builtins": ["django.templatetags.i18n", "fluent.templatetags.fluent"],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.contrib.messages.context_processors.messages",
                    "fluent.context.shell",
                    *context_processors,
                ],
            },
        }
    ]


LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("ru", "Русский")]
LOCALE_PATHS = [_ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = _ROOT / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a folder that is not there
STATICFILES_DIRS = [_ROOT / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "fluent.static_files.RememberedAddresses"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "WARNING"}},
    "root": {"handlers": ["console"]},
    "loggers": {"django.request": {"level": "ERROR"}},  # faults with their traceback; not every mistyped address
}

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_SAMESITE = "Lax"

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
