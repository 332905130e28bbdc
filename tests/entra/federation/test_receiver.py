# ruff: noqa: F401, F811 - the fixtures of the sign-in's own tests
"""The receiver of SAML answers and the metadata that names it."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.entra.federation.test_federated_sign_in import trip, wingtip


@pytest.mark.parametrize("posted", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "%%%"}, {"SAMLResponse": "PHI+"}])
def test_rubbish_is_refused_politely(posted, db):
    assert Client().post("/login.srf", posted).status_code == 400


def test_an_assertion_whose_id_is_too_long_to_be_kept_is_refused(trip):
    assert trip.start().post(assertion_id="_" + "a" * 200).status_code == 400


@pytest.mark.parametrize("year", [1, 9999])
def test_times_at_the_end_of_the_calendar_are_refused(year, trip):
    far = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC) - timezone.now()
    for changes in ({"until": far}, {"authenticated": far}, {"since": far}):
        assert trip.start().post(**changes).status_code == 400


def test_the_metadata_names_the_receiver_and_the_certificate(client):
    root = etree.fromstring(client.get("/saml/metadata").content)
    assert root.get("entityID") == f"{settings.ENTRA_URL}/saml/metadata"
    assert f"{settings.ENTRA_URL}/login.srf" in etree.tostring(root).decode()
