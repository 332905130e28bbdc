from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from entra.directory.methods import TooManyGuesses, verify_password
from entra.directory.models import GuessLimit

NAME = "john@fabrikam.example"


def attempt(account, password, name=NAME):
    return verify_password(account=account, sign_in_name=name, password=password, ip="::1")


def test_the_right_password_is_taken_and_a_wrong_one_is_not(john):
    assert attempt(john, "correct horse")
    assert not attempt(john, "wrong")


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(john):
    with patch("entra.directory.methods.passwords.make_password") as dummy:
        assert not attempt(None, "anything", "ghost@fabrikam.example")
    dummy.assert_called_once()


def test_ten_wrong_passwords_make_even_the_right_one_wait(john, clock):
    for _ in range(10):
        attempt(john, "wrong")
    with pytest.raises(TooManyGuesses):
        attempt(john, "correct horse")
    clock.shift(timedelta(seconds=61))
    assert attempt(john, "correct horse")


def test_an_unknown_name_is_made_to_wait_in_the_same_way(db, clock):
    for _ in range(10):
        attempt(None, "wrong", "ghost@fabrikam.example")
    with pytest.raises(TooManyGuesses):
        attempt(None, "wrong", "Ghost@fabrikam.example ")


def test_the_right_password_forgets_the_wrong_ones(john, clock):
    for _ in range(9):
        attempt(john, "wrong")
    assert attempt(john, "correct horse")
    for _ in range(9):
        assert not attempt(john, "wrong")


@patch("entra.directory.methods.passwords.make_password", new=str)  # a hundred hashes take a minute
def test_a_good_password_under_way_does_not_lift_the_wait_of_an_address(john, clock):
    """ASVS 6.3.1: one known account, signed in to all the time, would buy guesses at all others."""
    for number in range(98):
        attempt(None, "wrong", f"name{number}@fabrikam.example")

    def guessed_meanwhile(*_):
        clock.shift(timedelta(milliseconds=1))
        return not attempt(None, "wrong", "another@fabrikam.example")

    with patch("entra.directory.methods.passwords.check_password", guessed_meanwhile):
        assert attempt(john, "correct horse")
    with pytest.raises(TooManyGuesses):
        attempt(None, "wrong", "the-next@fabrikam.example")


def test_counted_guesses_are_cleared_away_after_a_day(john, clock):
    attempt(john, "wrong")
    call_command("clear_expired")
    assert GuessLimit.objects.count() == 2
    clock.shift(timedelta(days=1, seconds=1))
    call_command("clear_expired")
    assert not GuessLimit.objects.exists()


def test_a_password_is_kept_as_argon2id_at_the_cost_recommended():
    assert make_password("anything").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
