"""The pages of the security workspace that a directory stands behind, for a look at every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import PartnerTenant
from activity.models import OperationRecord
from tests.portal.directory import served
from tests.portal.security.factory import account, snapshot
from tests.portal.security.tenant import FakeTenant
from tests.portal.security.test_claims import METHODS, PROOF, assertion, token
from tests.portal.security.test_federation import received
from tests.portal.security.test_sign_ins import ID, signed_in

AREA = "/dashboard/security"


@contextmanager
def directory_of_applications() -> Iterator[FakeTenant]:
    token_known = patch("accounts.oidc.graph._application_token", return_value="a-token")
    with served(FakeTenant()) as fake, token_known, override_settings(GRAPH_URL=fake.base):
        yield fake
    cache.clear()


def see_workspace(client: Client, tenant: PartnerTenant) -> None:
    """Every page with something on it, with nothing, and with a directory that refuses or is away (M6, Q7, V8)."""
    account(tenant, "Ann", user_id="ann", registered=False, enforced_by="", obstacle="nothing", is_admin=True)
    OperationRecord.objects.create(
        at=timezone.now() - timedelta(hours=1), tenant_id=tenant.pk, user_id="ann", user_name="ann@contoso.example",
        area="overview", path="/", mfa=False,
    )  # fmt: skip
    snapshot(tenant, days_ago=3)
    for page in ("requirements", "all-pages", "all-pages?look=now"):
        client.get(f"{AREA}/{page}")
    client.post(f"{AREA}/requirements", {"name": "", "mail": "nowhere"})
    with directory_of_applications() as directory:
        _see_directory(client, directory)
    _see_pasted(client)


def _see_directory(client: Client, directory: FakeTenant) -> None:
    pages = ("sign-ins", "sign-ins?mfa=maybe", "federation", "what-if")
    for page in pages:
        client.get(f"{AREA}/{page}")
    client.get(f"{AREA}/what-if", {"page": "billing", "person": "nobody@contoso.example", "client": "browser"})
    signed_in(directory)
    signed_in(directory, 2, mfaSatisfied=True, status={"errorCode": 50074, "failureReason": "Verify."})
    directory.federations = {"wingtip.example": "rejectMfaByFederatedIdp"}
    received(directory)
    for page in (*pages, f"sign-ins/{ID.format(1)}", f"sign-ins/{ID.format(2)}"):
        client.get(f"{AREA}/{page}")
    client.get(f"{AREA}/federation?party=wingtip.example")
    client.get(f"{AREA}/federation/answers/60000000-0000-4000-8000-000000000001")
    directory.refused = {".": (403, "Authorization_RequestDenied")}
    client.get(f"{AREA}/sign-ins")
    directory.refused = {".": (503, "serviceNotAvailable")}
    client.get(f"{AREA}/sign-ins")


def _see_pasted(client: Client) -> None:
    for text in (assertion(PROOF, department="Sales"), assertion(**{METHODS: "MFA"}), token(amr=["pwd"]), "nothing"):
        client.post(f"{AREA}/federation/inspect", {"pasted_token": text})
