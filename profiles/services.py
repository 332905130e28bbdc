"""Reading and writing a partner's profiles."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import PartnerTenant
from activity.services import record_audit
from profiles.audit import ProfileAction
from profiles.models import Kind, Profile


class ProfileChanged(Exception):
    """Somebody else wrote the profile after it was read; nothing was written."""


def profile_of(user: Actor, kind: Kind) -> Profile:
    """The profile; one with the organization's name, not saved, where nobody wrote it yet."""
    found = Profile.objects.visible_to(user).filter(kind=kind).first()
    if found is not None:
        return found
    partner = PartnerTenant.objects.get(pk=user.tenant_id)
    return Profile(partner=partner, kind=kind, company_name=partner.display_name)


@transaction.atomic
def write_profile(*, user: Actor, kind: Kind, expected_version: int, values: Mapping[str, Any]) -> Profile:
    """Put validated values in the profile's place. Raises ProfileChanged; equal values change nothing."""
    Profile.objects.get_or_create(
        partner_id=user.tenant_id, kind=kind, defaults={"company_name": profile_of(user, kind).company_name}
    )
    profile = Profile.objects.visible_to(user).select_for_update().get(kind=kind)
    if profile.version != expected_version:
        raise ProfileChanged
    changed = {
        name: [getattr(profile, name), value] for name, value in values.items() if getattr(profile, name) != value
    }
    if not changed:
        return profile
    for name, (_before, value) in changed.items():
        setattr(profile, name, value)
    profile.version += 1
    profile.save()
    record_audit(
        action=ProfileAction.CHANGED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=kind.value,
        detail={"changed": changed},
    )
    return profile
