"""Secrets at rest: sealed for one purpose, readable after a key rotation, unreadable once altered."""

import pytest

from secretstore import SecretUnreadable, purpose_keys, seal, unseal


def test_a_sealed_secret_can_be_read_again_and_hides_its_value():
    sealed = seal("refresh-token", purpose="session")
    assert unseal(sealed, purpose="session") == "refresh-token"
    assert "refresh" not in sealed
    assert seal("refresh-token", purpose="session") != sealed


def test_a_secret_sealed_for_one_purpose_is_unreadable_for_another():
    with pytest.raises(SecretUnreadable):
        unseal(seal("value", purpose="session"), purpose="draft")


@pytest.mark.parametrize("position", [0, 20, -2])
def test_an_altered_secret_is_unreadable(position):
    sealed = seal("value", purpose="session")
    letter = "A" if sealed[position] != "A" else "B"
    altered = sealed[:position] + letter + sealed[position + 1 if position != -2 else -1 :]
    with pytest.raises(SecretUnreadable):
        unseal(altered, purpose="session")


@pytest.mark.parametrize("garbage", ["", "x", "äöü", "A" * 40])
def test_garbage_is_unreadable(garbage):
    with pytest.raises(SecretUnreadable):
        unseal(garbage, purpose="session")


def test_an_older_key_still_reads_after_rotation_and_a_dropped_one_does_not(settings):
    settings.SECRETSTORE_KEYS = ["old"]
    sealed = seal("value", purpose="session")
    settings.SECRETSTORE_KEYS = ["new", "old"]
    assert unseal(sealed, purpose="session") == "value"
    settings.SECRETSTORE_KEYS = ["new"]
    with pytest.raises(SecretUnreadable):
        unseal(sealed, purpose="session")


def test_each_master_key_gives_a_key_for_each_purpose_newest_first(settings):
    settings.SECRETSTORE_KEYS = ["new", "old"]
    new, old = purpose_keys("chain")
    assert len(new) == 32
    assert len({new, old, *purpose_keys("something else")}) == 4
    settings.SECRETSTORE_KEYS = ["old"]
    assert purpose_keys("chain") == [old]
