"""What of an assertion or token is not shown, since it is or may be a secret (M6)."""

import pytest

from security.claims.pasted import read_pasted
from tests.portal.security.pasted import assertion


@pytest.mark.parametrize(
    "name",
    ["password", "clientSecret", "refresh_token", "X509Certificate", "nonce", "code", "http://x.example/claims/code",
     "authorization_code", "device_code", "one-time-code", "otp", "pin", "code_verifier", "x-api-key"],
)  # fmt: skip
def test_secrets_are_withheld_by_name(name: str) -> None:
    assert read_pasted(assertion(**{name: "hunter2"})).claims[0].values == ("[withheld]",)


@pytest.mark.parametrize("name", ["postalcode", "countryCode", "codename", "shipping", "opinion"])
def test_what_only_sounds_like_a_secret_is_shown(name: str) -> None:
    assert read_pasted(assertion(**{name: "81000"})).claims[0].values == ("81000",)


@pytest.mark.parametrize(
    "value",
    ["eyJhbGciOiJSUzI1NiJ9.e30.x", "-----BEGIN PRIVATE KEY-----", "A" * 120, "Basic dXNlcg==", "bearer abc",
     "\n".join(["A" * 60] * 2)],
)  # fmt: skip
def test_secrets_are_withheld_by_their_look(value: str) -> None:
    assert read_pasted(assertion(department=value)).claims[0].values == ("[withheld]",)


def test_a_secret_in_the_place_of_the_context_is_withheld() -> None:
    said = read_pasted(assertion("eyJhbGciOiJSUzI1NiJ9.e30.x"))
    assert said.class_refs == ("[withheld]",)


def test_of_a_long_value_the_first_500_signs_are_shown() -> None:
    assert read_pasted(assertion(department="abc, " * 200)).claims[0].values == ("abc, " * 100,)
