"""The site map. Each include is the prefix of a row in accounts/access.py; addresses have no trailing slash."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.access import access_rule
from accounts.views.language import language
from activity.health import healthz, readyz
from fluent.views import theme
from partnercenter.home import home
from partnercenter.overview import overview
from partnercenter.search import search
from support.views import health_feed

# These apps know nothing of the matrix, so their public views are marked here.
for view in (healthz, readyz, theme):
    access_rule("public")(view)

# In place of fluent.urls, whose language switch remembers nothing.
switches = [path("language", language, name="language"), path("theme", theme, name="theme")]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("dashboard/overview", overview, name="overview"),
    path("dashboard/search", search, name="search"),
    path("dashboard/servicehealth", include("support.urls_health")),
    path("health-feed", health_feed, name="health-feed"),
    path("commerce", include("customers.urls")),
    path("dashboard/v2/support/customers", include("support.urls")),
    path("dashboard/support/csp/customers", include("support.urls_2020")),
    path("dashboard/billing", include("billing.urls")),
    path("dashboard/security", include("security.urls")),
    path("dashboard/account/users/ask-to-register", include("security.urls_asking")),
    path("dashboard/account/users", include("accounts.urls_users")),
    path("dashboard/account/security-requirements", include("security.urls_requirements")),
    path("security-mails", include("security.urls_mail_links")),
    path("dashboard/help/api", include("api.urls_help")),
    path("dashboard/help", include("partnercenter.help_urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.oidc.urls")),
    path("", include((switches, "fluent"))),
    path("", include("api.urls")),
    path("", include("webhooks.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
]
handler404 = "partnercenter.missing.page_not_found"
