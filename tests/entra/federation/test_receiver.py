"""The receiver of SAML answers and the metadata that names it."""

import pytest
from django.conf import settings
from django.test import Client
from lxml import etree


@pytest.mark.parametrize("posted", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "%%%"}, {"SAMLResponse": "PHI+"}])
def test_rubbish_is_refused_politely(posted, db):
    assert Client().post("/login.srf", posted).status_code == 400


def test_the_metadata_names_the_receiver_and_the_certificate(client):
    root = etree.fromstring(client.get("/saml/metadata").content)
    assert root.get("entityID") == f"{settings.ENTRA_URL}/saml/metadata"
    assert f"{settings.ENTRA_URL}/login.srf" in etree.tostring(root).decode()
