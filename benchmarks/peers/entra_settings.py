"""The provider's settings without the demo, and with a password hash that costs nothing: it is not what is measured."""

from entra.settings import *  # noqa: F403 - all of them, unchanged

DEMO = False
ALLOWED_HOSTS = ["localhost"]
TRUSTED_PROXIES = ["127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
