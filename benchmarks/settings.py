"""The portal's settings, with the peers it is measured against beside it."""

from partnercenter.settings import *  # noqa: F403 - all of them, unchanged

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions", "django_otp", "django_otp.plugins.otp_totp"]  # noqa: F405
ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"] = [BASE_DIR / "benchmarks" / "templates"]  # noqa: F405
TEMPLATES[0]["OPTIONS"]["context_processors"] = []  # noqa: F405 - the page alone; every variant renders the same
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["auth.W004", "auth.E003"]
