"""The admin center's pages in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entra.admincenter.client.registration import CLIENT_ID
from entra.apps.administration import grant_app_roles
from entra.apps.consents import record_consent
from entra.apps.credentials import add_certificate, add_secret
from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import AccountClass, DirectoryRole, HardwareToken, Tenant, User
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.policy.administration import save_location, save_policy, set_security_defaults
from entra.policy.evaluate import Grant, PolicyState
from entra.policy.models import CustomControl, NamedLocation
from entra.signin.models import SignIn
from secretstore.certificates import create_certificate
from tests.axe import ADMIN_CENTER_FOLDER, Pages, faults_of, never_shown, page_templates, recording
from tests.entra.admincenter.conftest import Admin
from tests.entra.admincenter.test_federation import description, upload
from tests.entra.admincenter.test_policies import NEW
from tests.entra.admincenter.test_sign_ins import logged
from tests.entra.conftest import RelyingParty, make_user

HOST = "http://localhost:8001"
API = "https://api.partnercenter.microsoft.com/user_impersonation"


@pytest.fixture
def shown(
    admin: Admin,
    enter: Callable[..., Admin],
    fabrikam: Tenant,
    john: User,
    alejandra: User,
    rp: RelyingParty,
    sign_in: Any,
) -> Callable[[str], Pages]:
    """Every page of the admin center: `shown("ja")`."""

    def walked(language: str) -> Pages:
        admin.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        pair = create_certificate(common_name="Wingtip signing")
        with recording() as pages:
            admin.get()
            for path in (
                "/policies",
                "/locations",
                "/hardware-tokens",
                "/custom-controls",
                "/federation/fabrikam.example",
                "/guests",
            ):
                admin.get(path)  # while there is nothing
            furnish(fabrikam, john, pair.certificate_pem)
            let_visit(alejandra, admin.account, pair.certificate_pem)
            see_policies(admin)
            sign_in(rp.browser, john)
            rp.authorize()
            see_sign_ins(admin, john, rp)
            see_settings(admin, john)
            see_applications(admin, john, alejandra.tenant)
            see_federation(admin, description(pair, create_certificate(common_name="Next")))
            see_refusals(admin, enter, language, john)
        return pages

    return walked


def furnish(tenant: Tenant, john: User, certificate: str) -> None:
    spare = make_user(tenant, "spare", account_class=AccountClass.BREAK_GLASS)
    spare.role_assignments.create(role="62e90394-69f5-4237-9190-012177145e10")
    office = save_location(tenant=tenant, name="Office", cidr_ranges=["192.0.2.0/24", "2001:db8::/32"], actor="test")
    save_location(tenant=tenant, name="Unused", cidr_ranges=["198.51.100.0/24"], is_trusted=True, actor="test")
    control = CustomControl.objects.create(
        tenant=tenant, name="Wingtip control", url="https://w.example/control", issuer="w", certificate=certificate
    )
    save_policy(
        tenant=tenant,
        name="Third party",
        grant=Grant.CUSTOM_CONTROL,
        custom_control=control,
        state=PolicyState.OFF,
        actor="test",
    )
    save_policy(
        tenant=tenant,
        name="Office only",
        grant=Grant.BLOCK,
        exclude_locations=[office],
        actor="test",
        state=PolicyState.REPORT_ONLY,
    )
    HardwareToken.objects.create(tenant=tenant, serial_number="1001", account=john, confirmed=True, seed_sealed="")
    HardwareToken.objects.create(tenant=tenant, serial_number="1002", seed_sealed="", manufacturer="Acme", model="T1")
    FederatedDomain.objects.create(
        domain=tenant.domains.get(),
        issuer_uri="https://idp.example/a/very/long/entity/id/of/a/provider",
        passive_sign_in_uri="https://idp.example/sso",
        signing_certificate=certificate,
        next_signing_certificate=certificate,
    )
    set_security_defaults(tenant=tenant, on=True, actor="test")


def let_visit(alejandra: User, grace: User, certificate: str) -> None:
    """Alejandra, who verifies at Contoso's own provider, is a guest; Grace administers Contoso too."""
    FederatedDomain.objects.create(
        domain=alejandra.tenant.domains.get(),
        issuer_uri="https://idp.contoso.example/",
        passive_sign_in_uri="https://idp.contoso.example/sso",
        signing_certificate=certificate,
        federated_idp_mfa_behavior=MfaBehavior.ENFORCE,
    )
    make_user(grace.tenant, "visitor", user_type="Guest", home_account=alejandra)
    there = make_user(alejandra.tenant, "grace", user_type="Guest", home_account=grace)
    there.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)


def see_policies(admin: Admin) -> None:
    from entra.policy.models import ConditionalAccessPolicy

    admin.refused("/policies/new", **NEW | {"name": "", "include_users": "nobody"})
    for path in ("/policies", "/policies/new"):
        admin.get(path)
    for policy in ConditionalAccessPolicy.objects.all():
        for page in ("", "/edit", "/delete", "/switch-on"):
            admin.get(f"/policies/{policy.pk}{page}")
        admin.post(f"/policies/{policy.pk}/switch-on")


def see_sign_ins(admin: Admin, john: User, rp: RelyingParty) -> None:
    logged(john, result="failure", error_code=50126, proofs=[{"method": "password", "succeeded": False, "age": 0}])
    admin.get("/sign-ins")
    admin.get("/sign-ins", q="nobody")
    admin.get("/sign-ins", **{"from": "yesterday", "to": "2026-01-31"})
    for row in SignIn.objects.all():
        admin.get(f"/sign-ins/{row.pk}")
    admin.get("/what-if")
    admin.get("/what-if", user=john.user_principal_name, application=str(rp.application.pk))
    admin.get("/what-if", user="nobody", application="")


def see_settings(admin: Admin, john: User) -> None:
    for path in ("/locations", "/locations/new", "/security-defaults", "/methods", "/per-user-mfa", "/custom-controls"):
        admin.get(path)
    admin.get("/guests")
    admin.done("/guests/trust", on="1")
    for place in NamedLocation.objects.all():
        admin.get(f"/locations/{place.pk}/delete")
    admin.get("/custom-controls/new")
    admin.refused("/custom-controls/new", name="", url="http://w.example", issuer="w", certificate="nonsense")
    for page in ("", "/edit", "/delete"):
        admin.get(f"/custom-controls/{CustomControl.objects.get().pk}{page}")
    admin.refused("/locations/new", name="", ranges="nonsense")
    admin.get(f"/per-user-mfa/{john.pk}")
    admin.refused("/hardware-tokens", file=SimpleUploadedFile("t.csv", b"nonsense"))
    for token in HardwareToken.objects.all():
        admin.get(f"/hardware-tokens/{token.pk}")
        for page in ("take-back", "delete"):
            admin.get(f"/hardware-tokens/{token.pk}/{page}")
    admin.get()


def see_applications(admin: Admin, john: User, publisher: Tenant) -> None:
    for path in ("/applications", "/registrations", "/registrations/new"):
        admin.get(path)
    about: Any = {"redirect_uris": ["https://app.example/a/long/address/that/codes/are/sent/to"], "permissions": [API]}
    tool = register_application(client_id=uuid4(), tenant=publisher, name="Sync tool", multi_tenant=True, **about)
    robot = register_application(client_id=uuid4(), tenant=john.tenant, name="Robot", **about)
    grant_app_roles(application=tool, tenant=john.tenant, permissions=["User.Read.All"], actor="test")
    record_consent(application=tool, account=john, scopes=["openid", API])
    record_consent(application=tool, account=admin.account, scopes=[API], for_everybody=True, mfa=True)
    add_secret(application=robot, description="Nightly run", lifetime=timedelta(days=9), actor="test")
    pem = create_certificate(common_name="Robot").certificate_pem
    add_certificate(application=robot, pem=pem, description="Server", actor="test")
    Application.objects.filter(pk=robot.pk).update(require_pkce=False)
    pages = ["/applications", f"/applications/{tool.pk}"]
    pages += [f"/applications/{tool.pk}/{page}" for page in ("revoke", "consent", "permissions")]
    pages += [f"/applications/{tool.pk}/consents/{one.pk}" for one in tool.consents.all()]
    pages += [f"/applications/{tool.pk}/permissions/{one.pk}" for one in tool.app_roles.all()]
    own = f"/registrations/{robot.pk}"
    pages += ["/registrations", own, *(f"{own}/{page}" for page in ("edit", "secrets/new", "certificates/new"))]
    pages += [f"{own}/secrets/{one.pk}" for one in robot.secrets.all()]
    pages += [f"{own}/certificates/{one.pk}" for one in robot.certificates.all()]
    for page in pages:
        admin.get(page)
    admin.refused("/registrations/new", name="", kind="public", redirect_uris="nonsense")
    admin.refused(f"{own}/certificates/new", description="", file=SimpleUploadedFile("t.cer", b"nonsense"))
    admin.refused(f"{own}/secrets/new", description="Nightly run", days="90")
    admin.done(f"{own}/state", on="0")
    admin.get(f"/applications/{CLIENT_ID}")
    held = admin.account.role_assignments
    held.update(role=DirectoryRole.SECURITY_ADMINISTRATOR)  # who may look and change nothing
    for page in (own, "/registrations", f"/applications/{tool.pk}", f"/applications/{tool.pk}/consent"):
        admin.get(page)
    held.update(role=DirectoryRole.GLOBAL_ADMINISTRATOR)


def see_federation(admin: Admin, metadata: str) -> None:
    for path in (
        "",
        *(f"/fabrikam.example{page}" for page in ("", "/metadata", "/next-certificate", "/promote", "/end", "/people")),
    ):
        admin.get(f"/federation{path}")
    spare = User.objects.get(user_principal_name="spare@fabrikam.example")
    admin.get(f"/temporary-access-pass/{spare.pk}")
    admin.refused(f"/temporary-access-pass/{admin.account.pk}", minutes="60")
    admin.refused(f"/temporary-access-pass/{spare.pk}", minutes="60")
    admin.refused("/federation/fabrikam.example/metadata", file=upload(metadata))
    User.objects.update(password="!")
    admin.refused("/federation/fabrikam.example/end")
    admin.get("/federation/fabrikam.example/people")
    FederatedDomain.objects.all().delete()
    admin.get("/federation/fabrikam.example")


def see_refusals(admin: Admin, enter: Callable[..., Admin], language: str, john: User) -> None:
    stranger = Client()
    stranger.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    stranger.get("/admin/signed-in?state=unknown")
    stranger.get("/admin/signed-out")
    admin.account.role_assignments.update(role="194ae4cb-b126-40b2-bd5b-6091b380977d")
    admin.post("/federation/fabrikam.example/promote")
    admin.account.role_assignments.all().delete()
    admin.get()


def test_every_page_is_looked_at_and_axe_finds_nothing(shown: Callable[[str], Pages], admin: Admin) -> None:
    pages = shown("en")
    wanted = {name for name in page_templates() if name.startswith(f"{ADMIN_CENTER_FOLDER}/")}
    assert never_shown(pages, wanted) == set()
    assert faults_of(pages, admin.client, HOST) == {}


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_no_page_is_wider_than_a_phone(shown: Callable[[str], Pages], admin: Admin, language: str) -> None:
    assert faults_of(shown(language), admin.client, HOST, axe=False) == {}
