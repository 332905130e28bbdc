"""What the example provider refuses: requests that are not the service's own, reused codes, guessing."""

import time
from urllib.parse import urlsplit

import pytest
import time_machine
from cryptography.x509 import load_pem_x509_certificate
from django.utils import timezone

from entra.federation.saml.request import AuthnRequest, redirect_url
from examples.wingtip import people
from examples.wingtip.asked import RequestRefused, read
from examples.wingtip.people import Person
from examples.wingtip.service import Service
from tests.entra.federation.conftest import AUDIENCE, CONSUMER

PERSON = Person("prashob@wingtip.example", "Prashob Menon")


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch):
    monkeypatch.setattr(people, "_used", {})
    monkeypatch.setattr(people, "_wrong", {})


@pytest.fixture
def service(pair):
    return Service(AUDIENCE, CONSUMER, load_pem_x509_certificate(pair.certificate_pem.encode()).public_key())


def query(pair, *, key=True, issuer=AUDIENCE, consumer_url=CONSUMER):
    request = AuthnRequest(
        id="_question",
        issued_at=timezone.now(),
        destination="http://localhost:8002/saml/sso",
        issuer=issuer,
        consumer_url=consumer_url,
    )
    return urlsplit(redirect_url(request, relay_state="r", key_pem=pair.key_pem if key else "")).query


def test_a_signed_request_is_read(pair, service):
    assert read(query(pair), service).id == "_question"


def test_unsigned_foreign_and_altered_requests_are_refused(pair, stranger, service):
    for wrong in (
        query(pair, key=False),
        query(stranger),
        query(pair).replace("RelayState=r", "RelayState=s"),
        query(pair, issuer="http://another.example"),
        query(pair, consumer_url="http://another.example/acs"),
        "",
        "SAMLRequest=x",
    ):
        with pytest.raises(RequestRefused):
            read(wrong, service)


def test_a_code_is_taken_once():
    with time_machine.travel(1_800_000_000, tick=False):
        code = people.next_code(PERSON)
        assert people.check_code(PERSON, f"{code[:3]} {code[3:]}")
        assert not people.check_code(PERSON, code)
        assert people.next_code(PERSON) != code


def test_a_code_of_two_periods_ago_is_too_old():
    with time_machine.travel(1_800_000_000, tick=False):
        assert not people.check_code(PERSON, PERSON.code_at(time.time() - 60))
        assert people.check_code(PERSON, PERSON.code_at(time.time() - 30))


def test_ten_wrong_codes_lock_for_five_minutes():
    with time_machine.travel(1_800_000_000, tick=False):
        for _ in range(10):
            people.check_code(PERSON, "wrong")
        with pytest.raises(people.TooManyGuesses):
            people.check_code(PERSON, people.next_code(PERSON))


def test_passwords_are_checked_and_unknown_people_have_none():
    assert people.check_password("Prashob@wingtip.example", "Partner!2026demo") == PERSON
    assert people.check_password("prashob@wingtip.example", "wrong") is None
    assert people.check_password("nobody@wingtip.example", "Partner!2026demo") is None
