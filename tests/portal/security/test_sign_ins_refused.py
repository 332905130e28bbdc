"""What the refusals and silences of the directory become in the sign-in report (Q7)."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.portal.security.report_of_sign_ins import ID, LIST, asked, signed_in, text_of
from tests.portal.security.tenant import FakeTenant

pytestmark = pytest.mark.requirement("Q7")


def test_a_missing_consent_names_the_permission(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"signIns": (403, "Authorization_RequestDenied")}
    assert "AuditLog.Read.All" in text_of(client, LIST, 403)
    assert "AuditLog.Read.All" in text_of(client, f"{LIST}/{ID.format(1)}", 403)
    assert client.get(f"{LIST}?format=csv").status_code == 403


def test_a_directory_that_cannot_narrow_by_mfa_shows_all_and_says_so(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    signed_in(tenant)
    tenant.unknown_filters = {"mfaSatisfied"}
    text = text_of(client, f"{LIST}?mfa=without&result=success", 400)
    assert "Your directory cannot narrow sign-ins by MFA" in text
    assert "John Evans" in text
    assert asked(tenant)["$filter"] == "status/errorCode eq 0"
    assert client.get(f"{LIST}?mfa=without&format=csv").status_code == 400


def test_a_refusal_that_consent_does_not_cure_names_no_permission(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.refused = {"signIns": (400, "BadRequest")}
    text = text_of(client, LIST, 403)
    assert "AuditLog.Read.All" not in text
    assert "BadRequest" in text


def test_without_any_consent_there_is_no_token_and_the_permission_is_named(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.refused = {"signIns": (400, "invalid_grant")}
    assert "AuditLog.Read.All" in text_of(client, LIST, 403)


def test_a_directory_that_does_not_answer_is_said(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"signIns": (503, "serviceNotAvailable")}
    assert "it does not answer at the moment" in text_of(client, LIST, 503)


def test_without_a_directory_the_page_says_so(client: Client, viewer: User, settings: Any) -> None:
    settings.GRAPH_URL = ""
    assert "connected to no directory" in text_of(client, LIST, 404)
