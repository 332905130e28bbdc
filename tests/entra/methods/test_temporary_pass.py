"""Temporary access passes: what is made, what is stored, how long and how often one is good."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from activity.models import AuditRecord
from entra.directory.administration import Refused
from entra.directory.methods import verify_password
from entra.directory.methods.temporary_pass import issue_pass, withdraw_pass
from entra.directory.models import DomainAuthentication, TemporaryAccessPass
from tests.posted import posted

NAME = "john@fabrikam.example"


def issued(account, **facts):
    return issue_pass(account=account, actor="an administrator", **facts)[1]


def attempt(account, typed):
    return verify_password(account=account, sign_in_name=NAME, password=typed, ip="::1")


def test_a_pass_is_taken_in_place_of_the_password_and_once(john, clock):
    text = issued(john)
    assert attempt(john, text) == "temporaryAccessPass"
    assert attempt(john, text) is None
    assert attempt(john, "correct horse") == "password"


def test_of_two_uses_at_the_same_moment_one_comes_too_late(john, clock):
    text = issued(john)

    def used_meanwhile(*_):
        TemporaryAccessPass.objects.update(used_at=timezone.now())
        return True

    with patch("entra.directory.methods.temporary_pass.check_password", used_meanwhile):
        assert attempt(john, text) is None


def test_a_pass_may_be_good_more_than_once_until_it_expires(john, clock):
    text = issued(john, usable_once=False, lifetime=timedelta(minutes=10))
    assert attempt(john, text) == attempt(john, text.lower().replace("-", " ")) == "temporaryAccessPass"
    clock.shift(timedelta(minutes=10))
    assert attempt(john, text) is None


def test_a_pass_is_long_random_and_stored_as_a_slow_hash(john, olga):
    texts = {issued(john), issued(olga)}
    assert len(texts) == 2
    assert all(len(text.replace("-", "")) == 12 for text in texts)
    assert all(one.digest.startswith("argon2") for one in TemporaryAccessPass.objects.all())


def test_a_pass_is_its_owners_only_and_a_newer_one_replaces_it(john, olga, clock):
    old = issued(john)
    assert attempt(olga, old) is None
    new = issued(john)
    assert attempt(john, old) is None
    assert attempt(john, new) == "temporaryAccessPass"


def test_a_withdrawn_pass_is_worth_nothing(john, clock):
    one, text = issue_pass(account=john, actor="an administrator")
    assert withdraw_pass(account=john, pass_id=str(one.pk), actor="an administrator")
    assert attempt(john, text) is None


@pytest.mark.parametrize("minutes", [9, 1441])
def test_a_lifetime_is_between_ten_minutes_and_a_day(john, minutes):
    with pytest.raises(ValueError, match=":"):
        issued(john, lifetime=timedelta(minutes=minutes))


def test_guests_and_federated_accounts_get_none(john, olga):
    visitor = type(john).objects.create(
        tenant=john.tenant, user_principal_name="olga#ext#@fabrikam.example", home_account=olga, user_type="Guest"
    )
    with pytest.raises(Refused):
        issued(visitor)
    olga.tenant.domains.update(authentication=DomainAuthentication.FEDERATED)
    with pytest.raises(Refused):
        issued(olga)
    assert not TemporaryAccessPass.objects.exists()


def test_making_and_using_one_is_audited_and_mailed_without_the_pass(john, clock):
    text = issued(john)
    attempt(john, text)
    records = list(AuditRecord.objects.order_by("pk").values_list("action", "actor"))
    assert records == [
        ("method.temporary_pass_issued", "an administrator"),
        ("method.temporary_pass_used", str(john.pk)),
    ]
    assert [message.to for message in posted()] == [["john@fabrikam.example"]] * 2
    assert "An administrator did this" in posted()[0].body
    assert "A temporary access pass was used" in posted()[1].body
    assert not any(text in message.body for message in posted())
