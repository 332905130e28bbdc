"""What a validated ID token proves, and who it is about: odd claims prove nothing and break nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.evidence import Evidence, Outcome
from accounts.models import PartnerTenant, User
from accounts.oidc.identity import admit
from accounts.oidc.stepup import proves_mfa

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.requirement("M23")
@pytest.mark.parametrize(
    ("seconds_ago", "fresh"),
    [(0, True), (15 * 60, True), (16 * 60, True), (16 * 60 + 1, False), (-60, True), (-61, False)],
)
def test_a_proof_is_fresh_for_its_time_and_a_minute_of_clock_skew(seconds_ago, fresh):
    proof = Evidence("op", Outcome.MFA, NOW, auth_time=NOW - timedelta(seconds=seconds_ago))
    assert proof.is_fresh(QUARTER, NOW) is fresh


@pytest.mark.requirement("M23")
def test_a_proof_of_unknown_age_is_never_fresh():
    assert not Evidence("op", Outcome.MFA, NOW).is_fresh(QUARTER, NOW)


@pytest.mark.requirement("V6")
@pytest.mark.parametrize(
    ("amr", "proven"),
    [(["pwd", "mfa"], True), (["pwd"], False), ("mfa", False), (["MFA"], False), ({"mfa": 1}, False), (None, False)],
)
def test_only_an_array_that_lists_mfa_proves_it(settings, amr, proven):
    settings.OIDC_STEP_UP_STRATEGY = "claims-amr"
    assert proves_mfa({"amr": amr}) is proven


@pytest.mark.parametrize("acrs", ["c1", ["c1"], ["c2", "c1"]])
def test_an_authentication_context_counts_as_array_or_string(settings, acrs):
    settings.OIDC_STEP_UP_STRATEGY = "auth-context"
    assert proves_mfa({"acrs": acrs})
    assert not proves_mfa({"amr": ["mfa"]})


@pytest.mark.requirement("M21")
def test_a_subject_whose_provider_begins_to_send_an_oid_gets_in_under_it(contoso: PartnerTenant):
    claims = {"iss": "https://op.example", "sub": "pairwise", "tid": str(contoso.id)}
    before = admit(claims, {"name": "Alejandra"})
    after = admit({**claims, "oid": "5f0c"}, {"name": "Alejandra"})
    assert (before.oid, after.oid) == ("", "5f0c")
    assert admit(claims, {"name": "Alejandra"}) == before


def test_a_name_is_stored_without_what_the_database_refuses(contoso: PartnerTenant):
    claims = {"iss": "https://op.example", "sub": "s", "tid": str(contoso.id)}
    assert admit(claims, {"name": "A\x00lejandra" * 40}).display_name.startswith("AlejandraAlejandra")
    assert len(User.objects.get().display_name) == 200
