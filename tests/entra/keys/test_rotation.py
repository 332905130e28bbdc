"""Signing keys: rotated without anybody noticing."""

import jwt
import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from entra.keys.models import KeyState, SigningKey
from entra.keys.services import TooEarly, published_keys, read_signed, rotate, sign


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def published() -> set[str]:
    return {key["kid"] for key in published_keys()}


def test_the_first_use_makes_a_key_and_publishes_the_next(db: None) -> None:
    token = sign({"a": 1})
    assert len(published()) == 2
    assert kid_of(token) in published()


def test_the_key_that_signs_next_was_published_before(db: None) -> None:
    sign({})
    before = published()
    rotate(hurry=True)
    assert kid_of(sign({})) in before


def test_tokens_signed_before_a_rotation_are_still_read(db: None) -> None:
    token = sign({"a": 1})
    rotate(hurry=True)
    assert kid_of(sign({})) != kid_of(token)
    assert kid_of(token) in published()
    assert read_signed(token) == {"a": 1}


def test_a_retired_key_is_removed_when_its_tokens_have_long_expired(db: None) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        token = sign({})
        rotate(hurry=True)
        clock.shift(2 * 24 * 3600 + 1)
        rotate(hurry=True)
        assert kid_of(token) not in published()
        assert read_signed(token) is None


def test_a_key_that_caches_may_not_hold_yet_does_not_sign(db: None) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign({})
        clock.shift(3599)
        with pytest.raises(TooEarly):
            rotate()
        with pytest.raises(CommandError):
            call_command("rotate_keys")
        clock.shift(1)
        rotate()


def test_the_command_rotates(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    sign({})
    call_command("rotate_keys", hurry=True)
    active = SigningKey.objects.get(state=KeyState.ACTIVE).kid
    assert active in capsys.readouterr().out


def test_private_keys_are_sealed(db: None) -> None:
    sign({})
    assert "PRIVATE" not in SigningKey.objects.get(state=KeyState.ACTIVE).private_sealed


def test_other_algorithms_and_foreign_keys_are_not_read(db: None) -> None:
    ours = sign({"a": 1})
    kid = kid_of(ours)
    modulus = SigningKey.objects.get(kid=kid).public_jwk["n"]
    forged = [
        jwt.encode({"a": 1}, None, algorithm="none", headers={"kid": kid}),
        jwt.encode({"a": 1}, modulus, algorithm="HS256", headers={"kid": kid}),
        jwt.encode({"a": 1}, "x" * 64, algorithm="HS256"),
        "not.a.token",
        "",
    ]
    assert [read_signed(token) for token in forged] == [None] * 5
