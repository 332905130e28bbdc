"""A demand that cannot be read is refused, never left out: left out, a password would answer for MFA (M11)."""

import json
from collections.abc import Callable

import pytest

from entra.directory.models import User
from entra.signin.method import Method
from tests.entra.conftest import ESSENTIAL_MFA, RelyingParty, fields_of


@pytest.mark.requirement("M11")
@pytest.mark.parametrize(
    "claims",
    [
        '{"id_token":{"amr":{"essential":true,"values":"mfa"}}}',
        '{"id_token":{"amr":{"essential":true,"values":[]}}}',
        '{"id_token":{"amr":{"essential":true,"values":[["mfa"]]}}}',
        '{"id_token":{"amr":{"essential":"true","values":["mfa"]}}}',
        '{"id_token":{"amr":["mfa"]}}',
        '{"id_token":{"amr":"mfa"}}',
        '{"id_token":["amr"]}',
        '{"id_token":{},"access_token":"amr"}',
        '{"id_token":{"amr":{"essential":true,"values":["mfa"]}},"id_token":{}}',
        '{"id_token":{"amr":{"essential":true,"values":["mfa"]},"amr":null}}',
        '{"id_token":{"acr":{"values":["\\u0000"]}}}',
        '{"id_token":{"acr":{"values":["\\ud800"]}}}',
        '{"id_token":{"sub":{"value":"\\u0000"}}}',
    ],
)
def test_a_malformed_demand_is_refused(signed_in_rp: RelyingParty, claims: str) -> None:
    answer = signed_in_rp.answer(claims=claims)
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith("AADSTS9002313")


@pytest.mark.requirement("M11")
@pytest.mark.parametrize("name", ["amr", "acr", "acrs"])
def test_demands_for_two_tokens_have_to_agree(signed_in_rp: RelyingParty, name: str) -> None:
    """The second one would be dropped, and it may be the one that asks for MFA."""
    lax, strict = ({name: {"essential": True, "value": value}} for value in ("1", "2"))
    claims = json.dumps({"id_token": lax, "access_token": strict})
    assert signed_in_rp.answer(claims=claims)["error"] == "invalid_request"


@pytest.mark.requirement("M11")
def test_the_same_demand_for_two_tokens_is_met_once(
    signed_in_rp: RelyingParty, john: User, sign_in: Callable[..., None]
) -> None:
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    mfa = {"acr": {"essential": True, "values": ["urn:microsoft:policies:mfa"]}}
    assert "code" in signed_in_rp.answer(claims=json.dumps({"id_token": mfa, "access_token": mfa}))


@pytest.mark.requirement("M11")
def test_a_demand_beside_an_empty_member_still_counts(signed_in_rp: RelyingParty) -> None:
    claims = '{"id_token":{"amr":{"essential":true,"value":"mfa","values":null}}}'
    assert signed_in_rp.answer(claims=claims, prompt="none")["error"] == "interaction_required"


@pytest.mark.requirement("M11")
def test_the_v1_parameter_and_the_claim_have_to_agree(signed_in_rp: RelyingParty) -> None:
    signed_in_rp.prefix = "oauth2"
    lax = '{"id_token":{"amr":{"essential":true,"values":["pwd"]}}}'
    assert signed_in_rp.answer(amr_values="mfa", claims=lax)["error"] == "invalid_request"


@pytest.mark.requirement("M11")
@pytest.mark.parametrize("name", ["claims", "acr_values", "code_challenge", "login_hint", "id_token_hint", "max_age"])
def test_no_parameter_is_given_twice(signed_in_rp: RelyingParty, name: str) -> None:
    """RFC 6749 3.1: of two `claims` only one would be read."""
    twice = {name: [ESSENTIAL_MFA, "{}"]}
    address = f"/{signed_in_rp.segment}/oauth2/v2.0/authorize"
    answer = fields_of(signed_in_rp.browser.get(address, {**signed_in_rp.parameters(), **twice}))
    assert answer["error"] == "invalid_request"
    assert name in answer["error_description"]
