"""Whether home MFA of guests is believed, over Graph (M15)."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.directory.models import Tenant, User
from tests.entra.graph.conftest import VERIFIED, Graph

pytestmark = pytest.mark.requirement("M15")
DEFAULT = "policies/crossTenantAccessPolicy/default"


def trusting(on: Any) -> dict[str, Any]:
    return {"inboundTrust": {"isMfaAccepted": on}}


def test_inbound_trust_is_off_until_it_is_switched_on(
    graph: Graph, fabrikam: Tenant, contoso: Tenant, grace: User
) -> None:
    devices = {"isCompliantDeviceAccepted": False, "isHybridAzureADJoinedDeviceAccepted": False}
    found = graph.get(DEFAULT).json()
    assert found == {"isServiceDefault": True, "inboundTrust": {"isMfaAccepted": False, **devices}}
    assert graph("PATCH", DEFAULT, trusting(True)).status_code == 204
    found = graph.get(DEFAULT).json()
    assert found == {"isServiceDefault": False, "inboundTrust": {"isMfaAccepted": True, **devices}}
    record = AuditRecord.objects.get(action="policy.homeMfaTrust.changed")
    assert (record.actor, str(record.tenant_id), record.detail) == (str(grace.pk), fabrikam.pk, {"trusted": True})
    contoso.refresh_from_db()
    assert not contoso.trusts_home_mfa
    assert graph("PATCH", DEFAULT, trusting(False)).status_code == 204
    assert graph.get(DEFAULT).json()["inboundTrust"]["isMfaAccepted"] is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        trusting("yes"),
        {"inboundTrust": {"isMfaAccepted": True, "isCompliantDeviceAccepted": True}},
        {"inboundTrust": True},
        {"b2bCollaborationInbound": {"usersAndGroups": {}}, **trusting(True)},
    ],
)
def test_what_cannot_be_kept_is_refused(graph: Graph, fabrikam: Tenant, body: dict[str, Any]) -> None:
    assert graph("PATCH", DEFAULT, body).status_code == 400
    fabrikam.refresh_from_db()
    assert not fabrikam.trusts_home_mfa


def test_who_may(graph_as: Callable[..., Graph], grace: User, john: User) -> None:
    reader = graph_as(grace, *VERIFIED, scope="Policy.Read.All")
    assert reader.get(DEFAULT).status_code == 200
    assert reader("PATCH", DEFAULT, trusting(True)).status_code == 403
    writer = graph_as(grace, *VERIFIED, scope="Policy.ReadWrite.CrossTenantAccess")
    assert writer("PATCH", DEFAULT, trusting(True)).status_code == 204
    assert graph_as(grace)("PATCH", DEFAULT, trusting(True)).json()["error"]["code"] == "Unauthorized_MissingMFA"
    assert graph_as(john, *VERIFIED).get(DEFAULT).status_code == 403
    assert Graph(reader.client, "").get(DEFAULT).status_code == 401
