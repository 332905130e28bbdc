"""The command that federates a domain."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from activity.models import AuditRecord
from entra.directory.models import Domain
from entra.federation.services import federation_of

METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://idp.example">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{certificate}</X509Certificate>
</X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="http://idp.example/sso"/>
</IDPSSODescriptor></EntityDescriptor>"""


@pytest.fixture
def metadata(tmp_path, pair):
    path = tmp_path / "metadata.xml"
    path.write_text(METADATA.format(certificate="".join(pair.certificate_pem.strip().splitlines()[1:-1])))
    return path


def run(*arguments):
    call_command("federate_domain", "contoso.example", *map(str, arguments))


@pytest.mark.requirement("V7")
def test_a_domain_is_federated_from_the_providers_metadata(contoso, metadata, pair):
    run("--metadata", metadata, "--mfa", "enforce")
    federated = federation_of("alejandra@contoso.example")
    assert (federated.issuer_uri, federated.passive_sign_in_uri) == ("http://idp.example", "http://idp.example/sso")
    assert federated.certificates == (pair.certificate_pem,)
    assert federated.federated_idp_mfa_behavior == "enforceMfaByFederatedIdp"
    assert federated.is_signed_authentication_request_required
    assert Domain.objects.get(name="contoso.example").authentication == "federated"
    assert AuditRecord.objects.get().action == "federation.domain.federated"


def test_a_second_certificate_is_trusted_until_the_change_is_done(contoso, metadata, tmp_path, pair, stranger):
    run("--metadata", metadata)
    (tmp_path / "next.pem").write_text(stranger.certificate_pem)
    run("--next-certificate", tmp_path / "next.pem")
    assert federation_of("@contoso.example").certificates == (pair.certificate_pem, stranger.certificate_pem)
    run("--metadata", metadata)
    assert federation_of("@contoso.example").certificates == (pair.certificate_pem,)


def test_the_providers_page_to_sign_out_is_kept(contoso, metadata):
    run("--metadata", metadata, "--sign-out", "https://idp.example/sign-out")
    assert federation_of("@contoso.example").sign_out_uri == "https://idp.example/sign-out"
    with pytest.raises(CommandError, match="not an http or https address"):
        run("--metadata", metadata, "--sign-out", "javascript:alert(1)")


def test_a_federation_ends(contoso, metadata):
    run("--metadata", metadata)
    run("--end")
    assert federation_of("@contoso.example") is None
    assert Domain.objects.get(name="contoso.example").authentication == "managed"


def test_mistakes_are_named(contoso, tmp_path):
    with pytest.raises(CommandError, match="not federated"):
        run("--end")
    (tmp_path / "not.xml").write_text("<r/>")
    with pytest.raises(CommandError, match=r"not\.xml is not the metadata of"):
        run("--metadata", tmp_path / "not.xml")
    with pytest.raises(CommandError, match="not the metadata"):
        run("--metadata", tmp_path / "missing.xml")
    with pytest.raises(CommandError, match="No tenant has the domain"):
        call_command("federate_domain", "nowhere.example", "--end")


def test_our_own_metadata_is_not_a_providers(contoso, tmp_path):
    (tmp_path / "own.xml").write_bytes(Client().get("/saml/metadata").content)
    with pytest.raises(CommandError, match="no IDPSSODescriptor"):
        run("--metadata", tmp_path / "own.xml")
