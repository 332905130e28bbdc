"""While the 14 days of security defaults last, registration is offered at sign-in and may be skipped (V12)."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from entra.policy.models import SecurityDefaults
from entra.signin.models import AuthenticationEvent, SignIn
from entra.signin.request import Prompt

pytestmark = pytest.mark.requirement("V12")
NAME = "john@fabrikam.example"


@pytest.fixture
def offered(visitor, fabrikam, john):
    """John has given his password on the fifth of the 14 days."""
    SecurityDefaults.objects.create(tenant=fabrikam, enabled_at=timezone.now() - timedelta(days=4, hours=1))
    john.created_at = timezone.now() - timedelta(days=100)
    john.save()
    return visitor.begin().type_name(NAME).type_password()


def test_the_page_says_until_when_and_how_many_days_are_left(offered):
    assert "More information required" in offered.text
    assert "This can wait until:" in offered.text
    assert "March 12, 2026, 8 a.m. UTC" in offered.text
    assert "Skip for now (10 days left)" in offered.text


@pytest.mark.parametrize(
    ("hours", "label"), [(23, "Skip for now (9 days left)"), (238, "Skip for now (1 day left)"), (239, "")]
)
def test_a_begun_day_counts_as_left_and_at_the_end_there_is_nothing_to_skip(offered, clock, hours, label):
    clock.shift(timedelta(hours=hours))
    offered.begin().type_name(NAME).type_password()
    assert "More information required" in offered.text
    assert label in offered.text
    assert ("Skip for now" in offered.text) == bool(label)


def test_skipping_goes_on_with_the_password_alone(offered):
    assert offered.send("register_put_off").answered
    assert list(AuthenticationEvent.objects.values_list("method", flat=True)) == ["password"]
    row = SignIn.objects.get()
    assert (row.result, row.amr, row.mfa_required) == ("success", ["pwd"], False)


def test_the_same_browser_is_not_asked_again_another_one_is(offered, client, visitor):
    offered.send("register_put_off")
    assert offered.begin().answered
    client.cookies.clear()
    visitor.begin().type_name(NAME).type_password()
    assert "Skip for now" in visitor.text


def test_an_application_that_wants_no_page_gets_its_answer(offered):
    assert offered.begin(prompt=frozenset({Prompt.NONE})).answered


def test_a_page_that_is_left_open_until_the_days_are_over_skips_nothing(offered, fabrikam):
    SecurityDefaults.objects.filter(tenant=fabrikam).update(enabled_at=timezone.now() - timedelta(days=15))
    offered.send("register_put_off")
    assert "More information required" in offered.text
    assert "Skip for now" not in offered.text


def test_where_mfa_is_demanded_nothing_can_be_skipped(offered):
    offered.need_mfa()
    assert "Skip for now" not in offered.text
    assert "More information required" in offered.send("register_put_off").text


def test_skipping_takes_a_post(offered):
    assert offered.client.get(offered.url("register_put_off")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
