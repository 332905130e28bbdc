"""The identity provider's settings. Every value has a working default for one laptop; the environment overrides it."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from activity.database import opened_well
from fluent.settings import *  # noqa: F403
from fluent.settings import page_templates
from mailing.settings import *  # noqa: F403
from secretstore.environment import Environment
from secretstore.local import LOOPBACK_HOSTS, generated, on_loopback

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SECRETS_DIR = VAR_DIR / "secrets"
VAR_DIR.mkdir(exist_ok=True)

TLS = env.bool("TLS", default=False)
_SCHEME = "https" if TLS else "http"
PORTAL_URL = env.str("PORTAL_URL", default=f"{_SCHEME}://localhost:8000")
ENTRA_URL = env.str("ENTRA_URL", default=f"{_SCHEME}://localhost:8001")
# The name of the Partner Center API in requests, and the audience of its tokens.
PARTNER_CENTER_RESOURCE = env.str("PARTNER_CENTER_RESOURCE", default="https://api.partnercenter.microsoft.com").rstrip(
    "/"
)
WINGTIP_URL = env.str("WINGTIP_URL", default=f"{_SCHEME}://localhost:8002")  # the demo's federated provider

# Known passwords and readable one-time codes: never where another machine could reach them.
DEMO = env.bool("DEMO", default=True) and on_loopback(ENTRA_URL, env.str("ENTRA_BIND", default="localhost"))
# The application that serves that API: it may ask about tokens that were issued for it, whoever asked for them.
PARTNER_CENTER_SERVER = env.str("PARTNER_CENTER_SERVER", default="10000000-0000-4000-8000-000000000001" if DEMO else "")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or generated(SECRETS_DIR, "entra-secret-key")
SECRETSTORE_KEYS = env.list("SECRETSTORE_KEYS", default=[]) or [generated(SECRETS_DIR, "entra-store-key")]
ALLOWED_HOSTS = (
    list(LOOPBACK_HOSTS) if DEMO else env.list("ALLOWED_HOSTS", default=[urlsplit(ENTRA_URL).hostname or "localhost"])
)
# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENTRA_URL.startswith("https:") and not on_loopback(ENTRA_URL) else 0

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "csp",
    "fluent",
    "activity",
    "mailing",
    "entra",
    "entra.keys",
    "entra.events",
    "entra.directory",
    "entra.policy",
    "entra.apps",
    "entra.federation",
    "entra.signin",
    "entra.oauth",
    "entra.admincenter",
]
MIDDLEWARE = [
    "activity.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "activity.charset.Utf8Middleware",
    "entra.oauth.short_way.ShortWayMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "entra.signin.middleware.ProviderSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "entra.oauth.at_once.AnswerAtOnceMiddleware",
]
ROOT_URLCONF = "entra.urls"
WSGI_APPLICATION = "entra.wsgi.application"
APPEND_SLASH = False

TEMPLATES = page_templates(context_processors=("entra.admincenter.shell.suite",))

DATABASES = {"default": opened_well(env.db("ENTRA_DATABASE_URL", default=f"sqlite:///{VAR_DIR}/entra.sqlite3"))}
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "entra"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
PASSWORD_HASHERS = ["entra.directory.hashers.PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.User"
SESSION_COOKIE_NAME = "entra_session"  # the provider's own session (entra.signin.session); Django's is not installed
SESSION_COOKIE_SECURE = ENTRA_URL.startswith("https:")  # also behind a proxy that ends TLS
CSRF_COOKIE_NAME = "entra_csrf"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_TRUSTED_ORIGINS = [ENTRA_URL]
MAX_MFA_AGE_DAYS = env.int("MAX_MFA_AGE_DAYS", default=0)  # 0: a second factor lasts as long as the session (M23)
MFA_AT_CONSENT = env.bool("MFA_AT_CONSENT", default=True)  # off reproduces grants without verification (S8)
REFRESH_GRACE_HOURS = env.int("REFRESH_GRACE_HOURS", default=24)  # confidential clients may repeat a replaced token
EVENT_STREAM_SECRET = env.str("EVENT_STREAM_SECRET", default="")  # authorizes a receiver that is being added

SIGN_IN_LOG_DAYS = env.int("SIGN_IN_LOG_DAYS", default=90)  # older rows go with clear_expired

LANGUAGE_COOKIE_NAME = "entra_language"

EMAIL_FILE_PATH = VAR_DIR / "outbox"  # of the file backend


PRODUCT_NAME = _("Identity provider")
