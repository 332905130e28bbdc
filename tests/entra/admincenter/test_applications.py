"""Enterprise applications: what is permitted in the organization, by whose word, and taking it back (S2, S12)."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from activity.models import AuditRecord
from entra.apps.administration import grant_app_roles
from entra.apps.consents import has_consented, record_consent
from entra.apps.models import Application, AppRoleGrant, ConsentGrant
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.events.models import OutgoingEvent, Stream
from entra.oauth.models import Grant
from tests.entra.admincenter.conftest import FABRIKAM, Admin, asked
from tests.entra.conftest import make_user
from tests.entra.events.conftest import stream

__all__ = ["stream"]
pytestmark = pytest.mark.requirement("S2")
API = "https://api.partnercenter.microsoft.com/user_impersonation"
EVERYTHING = "urn:partnercenter:event:application-revoked"


@pytest.fixture
def tool(contoso: Tenant) -> Application:
    """Contoso's, used at Fabrikam too."""
    return register_application(
        client_id=uuid4(),
        tenant=contoso,
        name="Sync tool",
        redirect_uris=["https://sync.example/cb"],
        multi_tenant=True,
        permissions=[API],
    )


@pytest.fixture
def consented(tool: Application, john: User) -> ConsentGrant:
    record_consent(application=tool, account=john, scopes=[API], mfa=True)
    Grant.objects.create(
        application=tool, account=john, tenant=john.tenant, auth_time=timezone.now(), created_at=timezone.now()
    )
    return ConsentGrant.objects.get()


def names(admin: Admin, **query: str) -> list[str]:
    text = b"".join(admin.get("/applications", format="csv", **query)).decode("utf-8-sig")
    return [row["Name"] for row in csv.DictReader(io.StringIO(text))]


def test_what_is_permitted_here_is_listed_and_nothing_else(
    admin: Admin, tool: Application, john: User, alejandra: User, fabrikam: Tenant
) -> None:
    assert "Sync tool" not in names(admin)
    record_consent(application=tool, account=alejandra, scopes=[API])
    assert "Sync tool" not in names(admin)
    assert admin.get(f"/applications/{tool.pk}").status_code == 404
    record_consent(application=tool, account=john, scopes=[API])
    assert "Sync tool" in names(admin)
    ConsentGrant.objects.all().delete()
    grant_app_roles(application=tool, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    assert "Sync tool" in names(admin)


def test_the_list_is_searched_filtered_and_exported(
    admin: Admin, tool: Application, consented: ConsentGrant, john: User, fabrikam: Tenant
) -> None:
    record_consent(application=tool, account=make_user(fabrikam, "mary"), scopes=[API])
    robot = register_application(client_id=uuid4(), tenant=fabrikam, name="Robot", redirect_uris=[])
    grant_app_roles(application=robot, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    assert names(admin, q="SYNC") == ["Sync tool"]
    assert names(admin, consent="people") == ["Sync tool"]
    assert names(admin, consent="everybody") == []
    assert "Robot" in names(admin, consent="nobody")
    assert names(admin, roles="yes") == ["Robot"]
    assert "Robot" in names(admin, credentials="none")
    record_consent(application=tool, account=john, scopes=[API], for_everybody=True)
    assert names(admin, consent="everybody") == ["Sync tool"]
    text = b"".join(admin.get("/applications", format="csv", q="sync")).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Publisher"], row["People who consented"], row["Application ID"]) == ("Contoso", "2", str(tool.pk))


@pytest.mark.parametrize("sort", ["name", "-name", "owner", "-owner"])
def test_the_list_is_paged_in_every_order(admin: Admin, john: User, contoso: Tenant, sort: str) -> None:
    for number in range(30):
        app = register_application(client_id=uuid4(), tenant=contoso, name=f"App {number:02}", redirect_uris=[])
        record_consent(application=app, account=john, scopes=[API])
    first = admin.get("/applications", sort=sort)
    rest = admin.client.get(f"/admin/applications{first.context['page'].next}")
    seen = [row[0].value for page in (first, rest) for row in page.context["page"].rows]
    assert {f"App {number:02}" for number in range(30)} <= set(seen)
    assert len(seen) == len(set(seen))


def test_the_list_costs_the_same_for_many(
    admin: Admin, john: User, contoso: Tenant, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        app = register_application(client_id=uuid4(), tenant=contoso, name=f"App {number}", redirect_uris=[])
        record_consent(application=app, account=john, scopes=[API])
    with django_assert_max_num_queries(16):
        admin.text("/applications")


def test_an_application_shows_who_consented_to_what_and_how(
    admin: Admin, tool: Application, consented: ConsentGrant
) -> None:
    page = admin.text(f"/applications/{tool.pk}")
    for expected in ("john@fabrikam.example", "user_impersonation", "With MFA", "Contoso", str(tool.pk)):
        assert expected in page
    assert "john@fabrikam.example" not in admin.text(f"/applications/{tool.pk}", mfa="False")
    assert "john@fabrikam.example" in admin.text(f"/applications/{tool.pk}", q="JOHN", **{"for": "people"})


def test_one_persons_consent_is_revoked_with_what_rests_on_it(
    admin: Admin, tool: Application, consented: ConsentGrant, john: User, stream: Stream
) -> None:
    path = f"/applications/{tool.pk}/consents/{consented.pk}"
    assert "Access Partner Center as you" in admin.text(path)
    assert "The consent was revoked." in admin.done(path)
    assert not ConsentGrant.objects.exists()
    assert Grant.objects.get(application=tool).revoked_at is not None
    event = OutgoingEvent.objects.get()
    assert (event.account_id, event.application_id) == (john.pk, tool.pk)
    record = AuditRecord.objects.get(action="application.consentRevoked")
    assert (record.actor, record.detail["account"]) == (str(admin.account.pk), str(john.pk))


def test_the_consent_for_everybody_is_revoked_and_peoples_own_stays(
    admin: Admin, tool: Application, consented: ConsentGrant, john: User, grace: User, stream: Stream
) -> None:
    record_consent(application=tool, account=grace, scopes=[API], for_everybody=True)
    row = ConsentGrant.objects.get(account=None)
    admin.done(f"/applications/{tool.pk}/consents/{row.pk}")
    assert list(ConsentGrant.objects.values_list("account", flat=True)) == [john.pk]
    assert Grant.objects.get(application=tool).revoked_at is not None
    assert [(one.type, one.account_id) for one in OutgoingEvent.objects.all()] == [(EVERYTHING, None)]
    assert AuditRecord.objects.get(action="application.consentRevoked").detail["everybody"] is True


def test_everything_is_revoked_here_and_stays_elsewhere(
    admin: Admin, tool: Application, consented: ConsentGrant, alejandra: User, fabrikam: Tenant, stream: Stream
) -> None:
    grant_app_roles(application=tool, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    record_consent(application=tool, account=alejandra, scopes=[API])
    assert "may do nothing in your organization any more" in admin.done(f"/applications/{tool.pk}/revoke")
    assert [grant.account for grant in ConsentGrant.objects.all()] == [alejandra]
    assert not AppRoleGrant.objects.exists()
    assert OutgoingEvent.objects.get().type == EVERYTHING
    assert "Sync tool" not in names(admin)


def test_the_consent_link_consents_for_everybody(
    admin: Admin, tool: Application, grace: User, john: User, contoso: Tenant
) -> None:
    page = admin.text(f"/applications/{tool.pk}/consent")
    assert "From Contoso" in page
    assert "Access Partner Center as you" in page
    assert not ConsentGrant.objects.exists()
    admin.done(f"/applications/{tool.pk}/consent", shown=API)
    assert has_consented(application=tool, account=john, scopes=["openid", "profile", "offline_access", API])
    assert set(ConsentGrant.objects.values_list("account", "granted_by", "mfa")) == {(None, grace.pk, True)}
    Application.objects.update(multi_tenant=False)
    assert admin.get(f"/applications/{tool.pk}/consent").status_code == 404
    Application.objects.update(multi_tenant=True, preauthorized=True)
    assert admin.post(f"/applications/{tool.pk}/consent").status_code == 404


def test_nothing_is_consented_to_that_the_page_did_not_show(admin: Admin, tool: Application) -> None:
    path = f"/applications/{tool.pk}/consent"
    assert f'name="shown" value="{API}"' in admin.text(path)
    Application.objects.filter(pk=tool.pk).update(permissions=[API, "User.ReadWrite.All"])  # by its publisher
    for fields in ({"shown": API}, {}):
        response = admin.post(path, **fields)
        assert response.status_code == 409
        assert "What it asks for has changed since this page was shown." in response.content.decode()
    assert not ConsentGrant.objects.exists()
    admin.done(path, shown=f"{API} User.ReadWrite.All")
    assert ConsentGrant.objects.exists()


def test_application_permissions_are_granted_and_revoked(admin: Admin, tool: Application, fabrikam: Tenant) -> None:
    graph = "00000003-0000-0000-c000-000000000000"
    assert "This field is required" in admin.refused(f"/applications/{tool.pk}/permissions", nothing="1")
    assert "Select a valid choice" in admin.refused(f"/applications/{tool.pk}/permissions", permissions=f"{graph}/All")
    admin.done(
        f"/applications/{tool.pk}/permissions", permissions=[f"{graph}/User.Read.All", f"{graph}/Group.Read.All"]
    )
    assert sorted(AppRoleGrant.objects.values_list("permission", flat=True)) == ["Group.Read.All", "User.Read.All"]
    assert f"{graph}/User.Read.All" not in admin.text(f"/applications/{tool.pk}/permissions")
    row = AppRoleGrant.objects.get(permission="User.Read.All")
    assert "User.Read.All" in admin.text(f"/applications/{tool.pk}/permissions/{row.pk}")
    admin.done(f"/applications/{tool.pk}/permissions/{row.pk}")
    assert list(AppRoleGrant.objects.values_list("permission", flat=True)) == ["Group.Read.All"]
    assert AuditRecord.objects.get(action="application.appRolesRevoked").actor == str(admin.account.pk)


def paths(tool: Application, consent: ConsentGrant, role: AppRoleGrant) -> list[str]:
    about = f"/applications/{tool.pk}"
    rest = ("/revoke", "/consent", "/permissions", f"/permissions/{role.pk}", f"/consents/{consent.pk}")
    return [f"{about}{one}" for one in rest]


def test_a_security_administrator_looks_and_changes_nothing(
    enter: Callable[..., Admin], svetlana: User, tool: Application, consented: ConsentGrant, fabrikam: Tenant
) -> None:
    grant_app_roles(application=tool, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    looker = enter(svetlana)
    page = looker.text(f"/applications/{tool.pk}")
    assert "john@fabrikam.example" in page
    assert "Revoke everything" not in page
    assert "Grant permissions" not in page
    for path in paths(tool, consented, AppRoleGrant.objects.get()):
        assert looker.post(path).status_code == 403
    assert (ConsentGrant.objects.count(), AppRoleGrant.objects.count()) == (1, 1)


def test_a_change_takes_a_recent_verification(
    admin: Admin, tool: Application, consented: ConsentGrant, fabrikam: Tenant
) -> None:
    grant_app_roles(application=tool, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    admin.let_verification_age()
    for path in paths(tool, consented, AppRoleGrant.objects.get()):
        asked(admin.post(path), at=FABRIKAM)
    assert (ConsentGrant.objects.count(), AppRoleGrant.objects.count()) == (1, 1)


def test_another_tenants_grants_are_not_found(
    admin: Admin, tool: Application, consented: ConsentGrant, alejandra: User, contoso: Tenant
) -> None:
    record_consent(application=tool, account=alejandra, scopes=[API])
    grant_app_roles(application=tool, tenant=contoso, permissions=["User.Read.All"], actor="test")
    theirs, role = ConsentGrant.objects.get(account=alejandra), AppRoleGrant.objects.get()
    assert admin.post(f"/applications/{tool.pk}/consents/{theirs.pk}").status_code == 404
    assert admin.post(f"/applications/{tool.pk}/permissions/{role.pk}").status_code == 404
    assert "alejandra@contoso.example" not in admin.text(f"/applications/{tool.pk}")


def test_what_the_operator_preauthorized_is_looked_at_and_not_revoked(
    admin: Admin, tool: Application, fabrikam: Tenant
) -> None:
    grant_app_roles(application=tool, tenant=fabrikam, permissions=["User.Read.All"], actor="test")
    Application.objects.filter(pk=tool.pk).update(preauthorized=True)
    about, role = f"/applications/{tool.pk}", AppRoleGrant.objects.get()
    page = admin.text(about)
    assert "belongs to the provider" in page
    assert "Revoke" not in page.replace("Open a row to revoke it.", "")
    for path in (f"{about}/revoke", f"{about}/permissions/{role.pk}"):
        assert admin.get(path).status_code == 404
        assert admin.post(path).status_code == 404
    assert AppRoleGrant.objects.exists()
