"""The portal's settings. Every value has a working default for one laptop; the environment overrides it."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

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

# Known passwords and readable one-time codes: never where another machine could reach them.
DEMO = env.bool("DEMO", default=True) and on_loopback(PORTAL_URL, env.str("PORTAL_BIND", default="localhost"))
# A sandbox: customers can be deleted over the REST API, and qualifications are approved unseen.
SANDBOX = env.bool("SANDBOX", default=DEMO)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or generated(SECRETS_DIR, "portal-secret-key")
SECRETSTORE_KEYS = env.list("SECRETSTORE_KEYS", default=[]) or [generated(SECRETS_DIR, "portal-store-key")]
ALLOWED_HOSTS = (
    list(LOOPBACK_HOSTS) if DEMO else env.list("ALLOWED_HOSTS", default=[urlsplit(PORTAL_URL).hostname or "localhost"])
)
# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PORTAL_URL.startswith("https:") and not on_loopback(PORTAL_URL) else 0

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "mozilla_django_oidc",
    "csp",
    "fluent",
    "activity",
    "mailing",
    "accounts",
    "webhooks",
    "customers",
    "billing",
    "profiles",
    "security",
    "support",
    "api",
    "partnercenter",
]
MIDDLEWARE = [
    "activity.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "activity.charset.Utf8Middleware",
    "api.middleware.ApiMiddleware",  # what follows is for pages
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "activity.middleware.OperationLogMiddleware",  # outside the access middleware, which tells it what to log
    "accounts.middleware.AccessMiddleware",  # after the CSRF check: only genuine forms are kept through a step-up
]
ROOT_URLCONF = "partnercenter.urls"
WSGI_APPLICATION = "partnercenter.wsgi.application"
APPEND_SLASH = False

TEMPLATES = page_templates(context_processors=("partnercenter.navigation.suite",))

DATABASES = {"default": opened_well(env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/portal.sqlite3"))}
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
OPERATION_LOG_DAYS = env.int("OPERATION_LOG_DAYS", default=90)  # days before today whose operations are kept
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.oidc.backend.PartnerCenterBackend"]

# Access (requirement section 1): page-list as documented, or all-pages as the real portal since late 2025.
ACCESS_PRESET = env.str("ACCESS_PRESET", default="page-list")
_mfa_minutes = env.int("MFA_MAXIMUM_AGE_MINUTES", default=0)
MFA_MAXIMUM_AGE = timedelta(minutes=_mfa_minutes) if _mfa_minutes else None
OPERATOR_TENANT = env.str("OPERATOR_TENANT", default="c0000000-0000-4000-8000-000000000007" if DEMO else "")
PORTAL_SESSION_IDLE = timedelta(hours=1)
PORTAL_SESSION_ABSOLUTE = timedelta(hours=12)

# The identity provider (docs: connect another provider). {tenantid} makes the issuer a template, one per tenant.
OIDC_ISSUER = env.str("OIDC_ISSUER", default=f"{ENTRA_URL}/{{tenantid}}/v2.0")
OIDC_DISCOVERY_URL = env.str(
    "OIDC_DISCOVERY_URL",
    default=f"{OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration".replace("{tenantid}", "organizations"),
)
OIDC_RP_CLIENT_ID = env.str("OIDC_RP_CLIENT_ID", default="10000000-0000-4000-8000-000000000001")
OIDC_RP_CLIENT_SECRET = env.str("OIDC_RP_CLIENT_SECRET", default="") or generated(SECRETS_DIR, "portal-client-secret")
OIDC_RP_SCOPES = env.str("OIDC_RP_SCOPES", default="openid profile email offline_access")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_ALGORITHMS = env.list("OIDC_ALGORITHMS", default=["RS256", "PS256", "ES256"])
OIDC_RESPONSE_MODE = env.str("OIDC_RESPONSE_MODE", default="query")  # or form_post
OIDC_TOKEN_USE_BASIC_AUTH = env.bool("OIDC_TOKEN_USE_BASIC_AUTH", default=False)
OIDC_TIMEOUT = (3.05, 10)  # seconds to connect, and to wait for an answer
# Step-up: claims-amr (ours), amr-values (Entra v1), auth-context (Entra v2), acr (Keycloak and generic).
OIDC_STEP_UP_STRATEGY = env.str("OIDC_STEP_UP_STRATEGY", default="claims-amr")
OIDC_STEP_UP_VALUES = env.list("OIDC_STEP_UP_VALUES", default=[])
# A provider without tenants: every person of it belongs to this partner tenant, keyed by (iss, sub).
OIDC_PARTNER_TENANT = env.str("OIDC_PARTNER_TENANT", default="")
# A provider without directory roles: a claim, and the role each of its values gives: {"finance": "billing-admin"}.
OIDC_ROLE_CLAIM = env.str("OIDC_ROLE_CLAIM", default="")
OIDC_ROLE_MAP: dict[str, str] = env.json("OIDC_ROLE_MAP", default={})
# The directory API that user management calls as the signed-in person; "" where the provider has none. At Entra ID
# the address is https://graph.microsoft.com, and an administrator consents to these permissions once.
GRAPH_URL = env.str("GRAPH_URL", default="" if OIDC_PARTNER_TENANT else f"{ENTRA_URL}/graph").rstrip("/")
GRAPH_SCOPES = env.str(
    "GRAPH_SCOPES",
    default="User.ReadWrite.All User.Invite.All User.RevokeSessions.All GroupMember.ReadWrite.All"
    " RoleManagement.ReadWrite.Directory UserAuthenticationMethod.ReadWrite.All AuditLog.Read.All Policy.Read.All",
)
# What the portal asks for when it calls as itself (docs/connecting.md); "" is GRAPH_URL with /.default at its end.
GRAPH_APP_SCOPE = env.str("GRAPH_APP_SCOPE", default="")
# Where administrators put things right and people register methods; "" where there is no such page. The first may be
# https://entra.microsoft.com (docs/connecting.md).
_AT_MICROSOFT = OIDC_ISSUER.startswith("https://login.microsoftonline.com/")
_OWN_PROVIDER = f"{ENTRA_URL}/{{tenantid}}/v2.0" == OIDC_ISSUER
ADMIN_CENTER_URL = env.str(
    "ADMIN_CENTER_URL",
    default="https://entra.microsoft.com" if _AT_MICROSOFT else f"{ENTRA_URL}/admin" if _OWN_PROVIDER else "",
).rstrip("/")
SECURITY_INFO_URL = env.str(
    "SECURITY_INFO_URL",
    default="https://mysignins.microsoft.com/security-info"
    if _AT_MICROSOFT
    else (f"{ENTRA_URL}/mysecurityinfo" if _OWN_PROVIDER else ""),
)
# The provider tells of changed roles, disabled accounts and ended sessions (docs/security-events.md). Where it cannot,
# the portal sees them at the next sign-in. Without push or poll for EVENTS_CURRENT_SECONDS the provider is asked.
SECURITY_EVENTS = env.bool("SECURITY_EVENTS", default=_OWN_PROVIDER)
EVENT_POLL_URL = env.str("EVENT_POLL_URL", default=f"{ENTRA_URL}/events/{OIDC_RP_CLIENT_ID}/poll")
EVENT_STREAM_SECRET = env.str("EVENT_STREAM_SECRET", default="") or generated(SECRETS_DIR, "event-stream-secret")
EVENTS_CURRENT_SECONDS = env.int("EVENTS_CURRENT_SECONDS", default=60)
# The REST API (docs/api.md). The first audience is the one that clients are told to ask for.
API_AUDIENCES = env.list("API_AUDIENCES", default=["https://api.partnercenter.microsoft.com"])
API_ISSUER = env.str("API_ISSUER", default=f"{ENTRA_URL}/{{tenantid}}/")
API_COMMAND_LINE_CLIENT_ID = env.str("API_COMMAND_LINE_CLIENT_ID", default="04b07795-8ddb-461a-bbee-02f9e1bf7b46")
API_EDITION = env.str("API_EDITION", default="current")  # or 2021: which operations take an application's own token
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=500)  # of one partner; 0: no limit
API_STEP_UP_CHALLENGE = env.bool("API_STEP_UP_CHALLENGE", default=False)  # RFC 9470 for every client, not for cp1 only
API_INSTANCE = env.str("API_INSTANCE", default=str(uuid5(NAMESPACE_URL, PORTAL_URL)))  # Request-Context names it
# Security alerts: how many role changes of one actor within how many minutes are too many; how many calls of one
# application or person may be refused for lack of MFA in an hour, and how many verifications of a person may fail; how
# many days a place is known after it was last seen.
ALERT_ROLE_CHANGES = env.int("ALERT_ROLE_CHANGES", default=5)
ALERT_ROLE_CHANGE_MINUTES = env.int("ALERT_ROLE_CHANGE_MINUTES", default=10)
ALERT_MFA_REFUSALS = env.int("ALERT_MFA_REFUSALS", default=20)
ALERT_FAILED_VERIFICATIONS = env.int("ALERT_FAILED_VERIFICATIONS", default=5)
ALERT_HISTORY_DAYS = env.int("ALERT_HISTORY_DAYS", default=30)
# Signs the events that webhooks receive: an RSA key and its certificate, both PEM, one after the other.
WEBHOOK_SIGNING_PEM = env.str("WEBHOOK_SIGNING_PEM", default="", multiline=True)
SESSION_COOKIE_NAME = "partnercenter_session"
SESSION_COOKIE_SECURE = PORTAL_URL.startswith("https:")  # also behind a proxy that ends TLS
CSRF_COOKIE_NAME = "partnercenter_csrf"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]

LANGUAGE_COOKIE_NAME = "partnercenter_language"

EMAIL_FILE_PATH = VAR_DIR / "outbox"  # of the file backend

FILE_UPLOAD_HANDLERS = [
    "support.uploads.QuotaUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

PRODUCT_NAME = _("Partner Center")
