"""Federation in the admin center: values, MFA behaviour, certificates, metadata. A Global administrator changes it."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from activity.models import AuditRecord
from entra.directory.models import Domain, DomainAuthentication, Tenant, User
from entra.federation.models import FederatedDomain
from entra.policy.administration import save_policy, set_allowed_methods
from entra.policy.evaluate import Grant
from entra.signin.models import AuthenticationEvent, ProviderSession
from secretstore.certificates import KeyPair, create_certificate
from tests.entra.admincenter.conftest import Admin
from tests.entra.conftest import make_user

PATH = "/federation/wingtip.example"


@pytest.fixture(scope="module")
def pairs() -> list[KeyPair]:
    return [create_certificate(common_name=name) for name in ("first", "second")]


@pytest.fixture
def wingtip(fabrikam: Tenant) -> Domain:
    return Domain.objects.create(name="wingtip.example", tenant=fabrikam)


@pytest.fixture
def federated(wingtip: Domain, pairs: list[KeyPair]) -> FederatedDomain:
    Domain.objects.update(authentication=DomainAuthentication.FEDERATED)
    return FederatedDomain.objects.create(
        domain=wingtip,
        issuer_uri="https://idp.example",
        passive_sign_in_uri="https://idp.example/sso",
        signing_certificate=pairs[0].certificate_pem,
    )


def bare(pair: KeyPair) -> str:
    return "".join(pair.certificate_pem.strip().splitlines()[1:-1])


def description(*pairs: KeyPair, entity: str = "https://new.example", location: str = "https://new.example/sso") -> str:
    keys = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{bare(pair)}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for pair in pairs
    )
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{entity}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        f'Location="{location}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def upload(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("metadata.xml", text.encode() if isinstance(text, str) else text)


def test_the_current_values_and_the_proofs_seen_are_shown(
    admin: Admin, fabrikam: Tenant, federated: FederatedDomain
) -> None:
    prashob = make_user(fabrikam, "prashob", mail="")
    User.objects.filter(pk=prashob.pk).update(user_principal_name="prashob@wingtip.example")
    now = timezone.now()
    session = ProviderSession.objects.create(
        key_hash="x", account=prashob, created_at=now, expires_at=now + timedelta(hours=1)
    )
    for proves in (True, False):
        AuthenticationEvent.objects.create(
            session=session, account=prashob, method="federated", source="federated", at=now, proves_mfa=proves
        )
    page = admin.text(PATH)
    for words in ("https://idp.example/sso", "CN=first", "SHA-256", "prashob@wingtip.example", "Carried", "Missing"):
        assert words in page, words
    listed = admin.text("/federation")
    assert "at their own provider" in listed
    assert "fabrikam.example" in listed


def test_the_mfa_behaviour_takes_one_of_three_values(admin: Admin, federated: FederatedDomain) -> None:
    for value in ("enforceMfaByFederatedIdp", "rejectMfaByFederatedIdp", "acceptIfMfaDoneByFederatedIdp"):
        admin.done(f"{PATH}/mfa", behavior=value)
        federated.refresh_from_db()
        assert federated.federated_idp_mfa_behavior == value
    assert admin.post(f"{PATH}/mfa", behavior="anything").status_code == 404
    assert AuditRecord.objects.filter(action="federation.domain.changed").count() == 3


def test_a_certificate_is_announced_and_promoted(
    admin: Admin, federated: FederatedDomain, pairs: list[KeyPair]
) -> None:
    assert admin.post(f"{PATH}/promote").status_code == 404
    admin.done(f"{PATH}/next-certificate", certificate=pairs[1].certificate_pem)
    page = admin.text(PATH)
    assert "CN=first" in page
    assert "CN=second" in page
    assert "Trusted no more" in admin.text(f"{PATH}/promote")
    federated.refresh_from_db()
    assert federated.certificates == (pairs[0].certificate_pem, pairs[1].certificate_pem)
    admin.done(f"{PATH}/promote")
    federated.refresh_from_db()
    assert federated.certificates == (pairs[1].certificate_pem,)
    assert "This is not an X.509 certificate" in admin.refused(f"{PATH}/next-certificate", certificate="nonsense")


def trusted(admin: Admin, text: str) -> str:
    response = admin.post(f"{PATH}/metadata", file=upload(text))
    assert response.status_code == 200, response.content
    return admin.done(f"{PATH}/trust", **response.context["fields"])


def test_metadata_is_shown_first_and_then_trusted(
    admin: Admin, federated: FederatedDomain, pairs: list[KeyPair]
) -> None:
    page = admin.refused(f"{PATH}/metadata", file=upload(description(pairs[1], pairs[0])))
    assert "https://new.example/sso" in page
    assert "CN=second" in page
    federated.refresh_from_db()
    assert federated.issuer_uri == "https://idp.example"
    trusted(admin, description(pairs[1], pairs[0]))
    federated.refresh_from_db()
    assert federated.issuer_uri == "https://new.example"
    assert federated.passive_sign_in_uri == "https://new.example/sso"
    assert federated.certificates == (pairs[1].certificate_pem, pairs[0].certificate_pem)


def test_a_managed_domain_is_federated_by_its_metadata(admin: Admin, wingtip: Domain, pairs: list[KeyPair]) -> None:
    assert "Managed here" in admin.text(PATH)
    trusted(admin, description(pairs[0]))
    assert FederatedDomain.objects.get().issuer_uri == "https://new.example"
    wingtip.refresh_from_db()
    assert wingtip.authentication == DomainAuthentication.FEDERATED
    assert AuditRecord.objects.filter(action="federation.domain.federated", actor=str(admin.account.pk)).exists()


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def test_a_file_that_is_not_metadata_is_refused(admin: Admin, wingtip: Domain, pairs: list[KeyPair]) -> None:
    good = description(pairs[0])
    for wrong in (
        "nonsense",
        ENTITY + good.replace("https://new.example/sso", "&e;"),
        ENTITY + good,
        description(),
        description(pairs[0], location="javascript:alert(1)"),
        good.replace(bare(pairs[0]), "AAAA"),
        good.replace("IDPSSODescriptor", "SPSSODescriptor"),
    ):
        page = admin.refused(f"{PATH}/metadata", file=upload(wrong))
        assert "This is not the metadata of a SAML 2.0 identity provider" in page, wrong[:80]
        assert "root:" not in page
    large = admin.refused(f"{PATH}/metadata", file=upload(b" " * (256 * 1024 + 1)))
    assert "The file is too large." in large
    assert "too long" in admin.refused(f"{PATH}/metadata", file=upload(description(pairs[0], entity="e" * 301)))


@pytest.mark.parametrize("changed", [("a003020102", "a003020104"), ("2a864886f70d010101", "2a864886f70d010177")])
def test_a_certificate_of_no_known_version_or_kind_of_key_is_refused(
    admin: Admin, federated: FederatedDomain, pairs: list[KeyPair], changed: tuple[str, str]
) -> None:
    part, instead = map(bytes.fromhex, changed)
    odd = b64encode(b64decode(bare(pairs[1])).replace(part, instead)).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{odd}\n-----END CERTIFICATE-----\n"
    assert "This is not an X.509 certificate" in admin.refused(f"{PATH}/next-certificate", certificate=pem)
    page = admin.refused(f"{PATH}/metadata", file=upload(description(pairs[1]).replace(bare(pairs[1]), odd)))
    assert "This is not the metadata of a SAML 2.0 identity provider" in page


def test_only_what_was_shown_for_this_domain_is_trusted(
    admin: Admin, fabrikam: Tenant, wingtip: Domain, pairs: list[KeyPair]
) -> None:
    response = admin.post(f"{PATH}/metadata", file=upload(description(pairs[0])))
    sealed = response.context["fields"]["read"]
    assert admin.post(f"{PATH}/trust", read=f"{sealed}x").status_code == 404
    assert admin.post("/federation/fabrikam.example/trust", read=sealed).status_code == 404
    assert not FederatedDomain.objects.exists()


def test_what_would_lock_the_administrators_out_is_undone(
    admin: Admin, fabrikam: Tenant, grace: User, pairs: list[KeyPair]
) -> None:
    federated = FederatedDomain.objects.create(
        domain=fabrikam.domains.get(),
        issuer_uri="https://idp.example",
        passive_sign_in_uri="https://idp.example/sso",
        signing_certificate=pairs[0].certificate_pem,
        federated_idp_mfa_behavior="enforceMfaByFederatedIdp",
    )
    Domain.objects.update(authentication=DomainAuthentication.FEDERATED)
    grace.authenticator_apps.all().delete()
    save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, actor="test")
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    page = admin.done("/federation/fabrikam.example/mfa", behavior="rejectMfaByFederatedIdp")
    assert "no Global administrator" in page
    federated.refresh_from_db()
    assert federated.federated_idp_mfa_behavior == "enforceMfaByFederatedIdp"


def test_a_security_administrator_looks_and_changes_nothing(
    enter: Callable[..., Admin], svetlana: User, federated: FederatedDomain, pairs: list[KeyPair]
) -> None:
    admin = enter(svetlana)
    assert "Only a Global administrator can change federation." in admin.text(PATH)
    sent: dict[str, Any] = {
        "mfa": {"behavior": "rejectMfaByFederatedIdp"},
        "metadata": {"file": upload(description(pairs[1]))},
        "trust": {"read": ""},
        "next-certificate": {"certificate": pairs[1].certificate_pem},
        "promote": {},
    }
    for page, fields in sent.items():
        assert admin.post(f"{PATH}/{page}", **fields).status_code == 403, page
    federated.refresh_from_db()
    assert federated.federated_idp_mfa_behavior == "acceptIfMfaDoneByFederatedIdp"


def test_another_tenants_domain_is_not_there(admin: Admin, contoso: Tenant) -> None:
    path = "/federation/contoso.example"
    for page in ("", "/metadata", "/next-certificate"):
        assert admin.get(f"{path}{page}").status_code == 404
    for page in ("/mfa", "/metadata", "/trust", "/next-certificate", "/promote"):
        assert admin.post(f"{path}{page}").status_code == 404
    assert "contoso.example" not in admin.text("/federation")
