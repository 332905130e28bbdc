"""The provider's own SAML metadata (saml-metadata-2.0-os), for the administrators of federated providers."""

from lxml import etree

from entra.federation.saml.names import DS, HTTP_POST, MD, NAME_ID_UNSPECIFIED, SAMLP, ds


def to_xml(*, entity_id: str, consumer_url: str, certificate_pem: str) -> bytes:
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS}, entityID=entity_id)
    descriptor = etree.SubElement(
        root,
        f"{{{MD}}}SPSSODescriptor",
        protocolSupportEnumeration=SAMLP,
        WantAssertionsSigned="true",
    )
    key = etree.SubElement(descriptor, f"{{{MD}}}KeyDescriptor", use="signing")
    data = etree.SubElement(etree.SubElement(key, ds("KeyInfo")), ds("X509Data"))
    lines = certificate_pem.strip().splitlines()
    etree.SubElement(data, ds("X509Certificate")).text = "".join(lines[1:-1])
    etree.SubElement(descriptor, f"{{{MD}}}NameIDFormat").text = NAME_ID_UNSPECIFIED
    etree.SubElement(
        descriptor,
        f"{{{MD}}}AssertionConsumerService",
        Binding=HTTP_POST,
        Location=consumer_url,
        index="0",
        isDefault="true",
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
