"""The Django peers, on the portal's database and its connection settings; middleware only what any API has."""

from datetime import timedelta

from benchmarks.api_peers import AUDIENCE, PUBLIC_KEY
from partnercenter.settings import *  # noqa: F403 - the same database, opened the same way

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "ninja"]  # noqa: F405
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.api_peers.urls"
LOGGING_CONFIG = None
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SIMPLE_JWT = {
    "ALGORITHM": "RS256",
    "VERIFYING_KEY": PUBLIC_KEY,
    "AUDIENCE": AUDIENCE,
    "USER_ID_CLAIM": "oid",
    "USER_ID_FIELD": "oid",
    "TOKEN_TYPE_CLAIM": None,
    "JTI_CLAIM": None,
    "LEEWAY": timedelta(seconds=60),
}
