"""django-oauth-toolkit: its own views, Django's own sign-in page. Run as a program it makes its database."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.toolkit_settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402 - after setup
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

from benchmarks.peers.cast import CLIENT_ID, CLIENT_SECRET, PASSWORD, PEOPLE, REDIRECT_URI, person  # noqa: E402

urlpatterns = [
    path("login", LoginView.as_view(template_name="toolkit_login.html")),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


def main() -> None:
    call_command("migrate", verbosity=0)
    password = make_password(PASSWORD)
    User.objects.bulk_create(User(username=person(n), password=password) for n in range(PEOPLE))
    for client_id, grant in ((CLIENT_ID, "authorization-code"), (f"{CLIENT_ID}-itself", "client-credentials")):
        Application.objects.create(
            client_id=client_id,
            client_secret=CLIENT_SECRET,
            hash_client_secret=False,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=grant,
            redirect_uris=REDIRECT_URI,
            skip_authorization=True,
            algorithm=Application.RS256_ALGORITHM,
            name="Back office",
        )


if __name__ == "__main__":
    main()
else:
    application = get_wsgi_application()
