"""A program of its own: ten browsers sign the same person in at once, on a SQLite file as in the embedded default."""

import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import PortalSession, User  # noqa: E402
from tests.portal.accounts.conftest import Browser  # noqa: E402
from tests.portal.accounts.op import TENANT, serve  # noqa: E402

BROWSERS = 10


def main() -> int:
    call_command("migrate", verbosity=0)
    agents = "a0000000-0000-4000-8000-000000000031"
    call_command("enrol_partner", TENANT, "Fabrikam", "--program", "csp-direct", "--admin-agents", agents)
    provider, server = serve()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.OIDC_ISSUER = f"{provider.base}/{{tenantid}}/v2.0"
    settings.OIDC_DISCOVERY_URL = f"{provider.base}/organizations/v2.0/.well-known/openid-configuration"
    provider.changed["amr"] = ["pwd", "mfa"]

    def sign_in(_number: int) -> int:
        browser = Browser(Client(), provider)
        browser.come_back(browser.leave())
        return browser.client.get("/commerce/customers").status_code

    with ThreadPoolExecutor(BROWSERS) as pool:
        answers = list(pool.map(sign_in, range(BROWSERS)))
    server.shutdown()
    print(answers, User.objects.count(), PortalSession.objects.count())  # noqa: T201 - read by the test
    return 0


if __name__ == "__main__":
    sys.exit(main())
