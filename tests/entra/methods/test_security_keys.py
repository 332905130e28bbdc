import json

import pytest

from entra.directory.methods import MethodKind, usable_methods
from entra.directory.methods.security_keys import (
    CeremonyRefused,
    finish_authentication,
    finish_registration,
    start_authentication,
    start_registration,
)
from tests.entra.methods.software_key import SoftwareKey


def register(account, key):
    ceremony = start_registration(account=account, rp_name="Fabrikam")
    return finish_registration(
        account=account, name="Desk key", challenge=ceremony.challenge, answer=key.create(ceremony.options)
    )


@pytest.mark.requirement("V11")
@pytest.mark.parametrize("verifies_user", [True, False])
def test_a_security_key_registers_and_verifies_and_says_whether_it_checked_its_holder(john, verifies_user):
    key = SoftwareKey(verifies_user=verifies_user)
    assert register(john, key).user_verified is verifies_user
    assert usable_methods(john) == (MethodKind.SECURITY_KEY,)
    ceremony = start_authentication(account=john)
    proven = finish_authentication(account=john, challenge=ceremony.challenge, answer=key.get(ceremony.options))
    assert proven.user_verified is verifies_user
    assert proven.key.sign_count == 1


def test_an_answer_to_another_challenge_is_refused(john):
    key = SoftwareKey()
    register(john, key)
    answer = key.get(start_authentication(account=john).options)
    with pytest.raises(CeremonyRefused):
        finish_authentication(account=john, challenge=start_authentication(account=john).challenge, answer=answer)


def test_an_answer_made_for_another_site_is_refused(john):
    key = SoftwareKey()
    register(john, key)
    key.origin = "http://localhost.evil.example"
    ceremony = start_authentication(account=john)
    with pytest.raises(CeremonyRefused):
        finish_authentication(account=john, challenge=ceremony.challenge, answer=key.get(ceremony.options))


def test_another_accounts_key_proves_nothing(john, olga):
    key = SoftwareKey()
    register(olga, key)
    ceremony = start_authentication(account=john)
    with pytest.raises(CeremonyRefused):
        finish_authentication(account=john, challenge=ceremony.challenge, answer=key.get(ceremony.options))


def test_a_copied_key_is_noticed_by_its_counter(john):
    key = SoftwareKey()
    register(john, key)
    for _ in range(2):
        ceremony = start_authentication(account=john)
        finish_authentication(account=john, challenge=ceremony.challenge, answer=key.get(ceremony.options))
    key.counter = 0
    ceremony = start_authentication(account=john)
    with pytest.raises(CeremonyRefused):
        finish_authentication(account=john, challenge=ceremony.challenge, answer=key.get(ceremony.options))


def test_one_key_belongs_to_one_account(john, olga):
    key = SoftwareKey()
    register(john, key)
    with pytest.raises(CeremonyRefused):
        register(olga, key)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", "[" * 9000, json.dumps({"id": "x", "response": {}})])
def test_a_malformed_answer_is_refused(john, answer):
    with pytest.raises(CeremonyRefused):
        finish_authentication(account=john, challenge="AAAA", answer=answer)
    with pytest.raises(CeremonyRefused):
        finish_registration(account=john, name="x", challenge="AAAA", answer=answer)


def test_a_registered_key_is_not_offered_for_registration_again(john):
    register(john, SoftwareKey())
    options = json.loads(start_registration(account=john, rp_name="Fabrikam").options)
    assert len(options["excludeCredentials"]) == 1
