"""A claims challenge of an API, repeated at the token endpoint (RFC 9470 section 4), and who says to take them."""

import json
from typing import Any

import jwt
import pytest

from entra.directory.models import User
from entra.oauth.models import Grant, RefreshToken
from entra.signin.method import Method
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of
from tests.entra.oauth.devices import CONTINUE, Device, device
from tests.entra.oauth.test_partner_center import V2_SCOPE, claims_of, sam

__all__ = ["device", "sam"]
UNDERSTANDS = '{"access_token":{"xms_cc":{"values":["CP1"]}}}'


def essential(name: str, *values: str, part: str = "access_token") -> str:
    return json.dumps({part: {name: {"essential": True, "values": values}}})


@pytest.mark.parametrize(
    "claims",
    [
        essential("acrs", "c1"),
        essential("acr", "urn:microsoft:policies:mfa"),
        essential("acr", "2", part="id_token"),
        essential("amr", "mfa"),
        essential("amr", "ngcmfa"),
        essential("acrs", "unheard-of"),
    ],
)
@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
def test_more_than_the_sign_in_proved_needs_the_person(
    signed_in_rp: RelyingParty, claims: str, grant_type: str
) -> None:
    token, code = signed_in_rp.tokens()["refresh_token"], signed_in_rp.code()
    given = {"refresh_token": token} if grant_type == "refresh_token" else {"code": code}
    response = signed_in_rp.token(grant_type=grant_type, claims=claims, **given)
    assert error_of(response) == ("interaction_required", 50076)
    assert response.json()["suberror"] == "basic_action"
    assert signed_in_rp.token(grant_type=grant_type, **given).status_code == 200  # nothing was used up


def test_a_refused_demand_replaces_no_refresh_token(signed_in_rp: RelyingParty) -> None:
    signed_in_rp.refresh(signed_in_rp.tokens()["refresh_token"], claims=essential("acrs", "c1"))
    assert [row.replaced_at for row in RefreshToken.objects.all()] == [None]


@pytest.mark.parametrize(
    "claims", [essential("acr", "1"), essential("amr", "mfa", "pwd"), '{"access_token":{"acrs":{"value":"c1"}}}', "{}"]
)
def test_what_the_sign_in_proved_is_enough(signed_in_rp: RelyingParty, claims: str) -> None:
    assert signed_in_rp.refresh(signed_in_rp.tokens()["refresh_token"], claims=claims).status_code == 200


def test_the_token_names_the_context_that_was_asked_for(sam: RelyingParty) -> None:
    first = sam.token(code=sam.code(scope=V2_SCOPE))
    assert "acrs" not in claims_of(first)
    token = first.json()["refresh_token"]
    assert claims_of(sam.refresh(token, claims=essential("acrs", "c1")))["acrs"] == ["c1"]
    assert error_of(sam.refresh(token, claims=essential("acrs", "c99"))) == ("interaction_required", 50076)


def test_a_context_of_the_sign_in_is_in_every_token_of_it(sam: RelyingParty) -> None:
    asked = essential("acrs", "c2", part="id_token")
    first = sam.token(code=sam.code(scope=V2_SCOPE, claims=asked))
    assert claims_of(first)["acrs"] == claims_of(sam.refresh(first.json()["refresh_token"]))["acrs"] == ["c2"]


@pytest.mark.requirement("A3")
def test_a_client_that_takes_claims_challenges_is_known_by_its_token(sam: RelyingParty) -> None:
    first = sam.token(code=sam.code(scope=V2_SCOPE, claims=UNDERSTANDS), claims=UNDERSTANDS)
    assert claims_of(first)["xms_cc"] == ["cp1"]
    token = first.json()["refresh_token"]
    assert claims_of(sam.refresh(token, claims=UNDERSTANDS))["xms_cc"] == ["cp1"]
    for claims in (None, '{"access_token":{"xms_cc":{"values":["x"]}}}', '{"access_token":{"xms_cc":null}}'):
        assert "xms_cc" not in claims_of(sam.refresh(token, claims=claims))


def test_a_device_says_it_when_it_polls(device: Device, john: User, sign_in: Any) -> None:
    sign_in(device.rp.browser, john, Method.AUTHENTICATOR_APP)
    device.ask(claims=UNDERSTANDS)
    device.enter()
    device.answer(**CONTINUE)
    token = device.poll(claims=UNDERSTANDS).json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["xms_cc"] == ["cp1"]
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("claims", ["{", "[]", '{"access_token":[]}', '{"access_token":{"xms_cc":"cp1"}}', "[" * 9999])
def test_claims_that_cannot_be_read_are_refused(signed_in_rp: RelyingParty, claims: str) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    assert error_of(signed_in_rp.refresh(token, claims=claims)) == ("invalid_request", 9002313)
