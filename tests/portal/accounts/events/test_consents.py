"""Consent that was taken back at the provider: tokens from before it are barred (M22, S6)."""

import time
from typing import Any

import pytest

from accounts.events.services import receive
from accounts.models import PartnerTenant, TokenBar, User
from accounts.oidc.jwts import Rejection, TokenRejected
from activity.models import AuditRecord
from tests.portal.accounts.events.conftest import Told
from tests.portal.accounts.op import OID, TENANT

pytestmark = pytest.mark.requirement("M22")
APPLICATION = "20000000-0000-4000-8000-000000000001"
GRANT, EVERYBODYS = "urn:partnercenter:event:grant-revoked", "urn:partnercenter:event:application-revoked"


def named(**parts: str) -> dict[str, Any]:
    return {"format": "complex"} | {name: {"format": "opaque", "id": value} for name, value in parts.items()}


@pytest.mark.parametrize(
    ("event", "parts", "oid"),
    [
        (GRANT, {"tenant": TENANT, "application": APPLICATION, "user": OID}, OID),
        (GRANT, {"tenant": TENANT, "application": APPLICATION, "user": "never-seen"}, "never-seen"),
        (EVERYBODYS, {"tenant": TENANT, "application": APPLICATION}, ""),
    ],
)
def test_tokens_from_before_are_barred(told: Told, john: User, event: str, parts: dict[str, str], oid: str) -> None:
    before = time.time()
    assert receive(told(event, sub_id=named(**parts)))
    bar = TokenBar.objects.get()
    assert (str(bar.tenant_id), bar.application_id, bar.oid) == (TENANT, APPLICATION, oid)
    assert before <= bar.not_before.timestamp() <= time.time()
    record = AuditRecord.objects.get()
    assert (record.action, record.subject) == ("account.consent-revoked-at-provider", APPLICATION)


def test_older_news_does_not_lower_the_bar(told: Told, john: User) -> None:
    parts = named(tenant=TENANT, application=APPLICATION)
    receive(told(EVERYBODYS, sub_id=parts))
    bar = TokenBar.objects.get().not_before
    receive(told(EVERYBODYS, sub_id=parts, at=time.time() - 600))
    assert TokenBar.objects.get().not_before == bar


@pytest.mark.parametrize(
    "sub_id",
    [
        named(tenant=TENANT, application=APPLICATION),  # a grant is somebody's
        named(application=APPLICATION, user=OID),
        named(tenant=TENANT, user=OID),
        named(tenant="c0000000-0000-4000-8000-000000000001", application=APPLICATION, user=OID),  # not the issuer's
        named(tenant=TENANT, application="a" * 65, user=OID),
        named(tenant=TENANT, application=APPLICATION, user="o" * 65),
        {"format": "iss_sub", "iss": "x", "sub": "y"},
    ],
)
def test_a_subject_that_names_no_grant_is_refused(told: Told, john: User, sub_id: dict[str, Any]) -> None:
    with pytest.raises(TokenRejected) as refused:
        receive(told(GRANT, sub_id=sub_id))
    assert refused.value.reason in {Rejection.SUBJECT, Rejection.TENANT}
    assert not TokenBar.objects.exists()


def test_a_tenant_that_is_no_partner_is_passed_over(told: Told, john: User) -> None:
    User.objects.all().delete()
    PartnerTenant.objects.all().delete()
    assert not receive(told(EVERYBODYS, sub_id=named(tenant=TENANT, application=APPLICATION)))
