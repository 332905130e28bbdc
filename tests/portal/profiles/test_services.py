import pytest

from accounts.models import User
from activity.models import AuditRecord
from profiles.models import Kind, Profile
from profiles.services import ProfileChanged, profile_of, write_profile

VALUES = {"email": "help@contoso.example", "phone_number": "4255555555", "website": ""}


def test_a_profile_that_somebody_else_wrote_meanwhile_is_not_overwritten(alejandra: User) -> None:
    seen = profile_of(alejandra, Kind.SUPPORT).version
    write_profile(user=alejandra, kind=Kind.SUPPORT, expected_version=seen, values=VALUES)
    with pytest.raises(ProfileChanged):
        write_profile(
            user=alejandra, kind=Kind.SUPPORT, expected_version=seen, values={**VALUES, "email": "x@contoso.example"}
        )
    assert Profile.objects.get(kind=Kind.SUPPORT).email == "help@contoso.example"
    assert AuditRecord.objects.filter(action="profile.changed").count() == 1


def test_equal_values_change_nothing(alejandra: User) -> None:
    first = write_profile(user=alejandra, kind=Kind.SUPPORT, expected_version=0, values=VALUES)
    again = write_profile(user=alejandra, kind=Kind.SUPPORT, expected_version=first.version, values=VALUES)
    assert (again.version, AuditRecord.objects.filter(action="profile.changed").count()) == (1, 1)


def test_a_profile_nobody_wrote_has_the_organizations_name(alejandra: User) -> None:
    profile = profile_of(alejandra, Kind.ORGANIZATION)
    assert (profile.pk, profile.company_name, profile.version) == (None, "Contoso", 0)
