"""How both services hand mails over: Django's own names, read from the environment. Taken by `import *`."""

from secretstore.environment import Environment

_env = Environment()

__all__ = [
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
]

EMAIL_BACKEND = _env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_HOST = _env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = _env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = _env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = _env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = _env.bool("EMAIL_USE_TLS", default=False)  # STARTTLS
EMAIL_USE_SSL = _env.bool("EMAIL_USE_SSL", default=False)
# Seconds for one answer of the server. A mail takes about five, and has to be over before it is due again.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _env.str("DEFAULT_FROM_EMAIL", default="Partner Center <no-reply@partnercenter.example>")
