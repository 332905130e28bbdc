# ruff: noqa: F401, F811 - the fixtures of the sign-in's own tests
"""Signing out where one's own provider keeps a session that would let the next person in."""

import pytest

from entra.federation.models import FederatedDomain
from tests.entra.conftest import REDIRECT_URI
from tests.entra.federation.test_federated_sign_in import trip, wingtip

HOME = "http://127.0.0.1:8002/sign-out"
AFTERWARDS = REDIRECT_URI + "/signed-out"


@pytest.fixture
def signed_in(trip, application):
    application.post_logout_redirect_uris = [AFTERWARDS]
    application.save()
    FederatedDomain.objects.update(sign_out_uri=HOME)
    tokens = trip.rp.token(code=trip.start().come_back().fields["code"]).json()
    trip.hint = tokens["id_token"]
    return trip


def sign_out(trip, **fields):
    return trip.rp.browser.get("/organizations/oauth2/v2.0/logout", fields)


def test_the_page_leads_to_the_providers_own_sign_out_and_back_to_the_application(signed_in):
    page = sign_out(signed_in, id_token_hint=signed_in.hint, post_logout_redirect_uri=AFTERWARDS).content.decode()
    assert f'href="{HOME}"' in page
    assert f'href="{AFTERWARDS}"' in page
    assert HOME not in sign_out(signed_in).content.decode()  # signed out already


def test_who_confirms_on_our_page_is_led_there_too(signed_in):
    asked = sign_out(signed_in).context["sealed"]
    page = signed_in.rp.browser.post("/signout", {"asked": asked}).content.decode()
    assert f'href="{HOME}"' in page


def test_a_provider_without_such_a_page_is_not_named(signed_in):
    FederatedDomain.objects.update(sign_out_uri="")
    answer = sign_out(signed_in, id_token_hint=signed_in.hint, post_logout_redirect_uri=AFTERWARDS)
    assert (answer.status_code, answer["Location"]) == (303, AFTERWARDS)
