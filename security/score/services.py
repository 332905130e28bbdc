"""The verb of the requirements' page."""

from django.db import transaction

from accounts.models import PartnerTenant, User
from activity.services import record_audit
from security.audit import SecurityAction
from security.models import SecurityContact
from security.people import shown_name


@transaction.atomic
def set_contact(*, user: User, name: str, mail: str, phone: str) -> bool:
    """Say whom to reach about the security of the user's own tenant. False where nothing changes."""
    tenant = PartnerTenant.objects.select_for_update(no_key=True).get(pk=user.tenant_id)
    values = {"name": name, "mail": mail, "phone": phone}
    before = SecurityContact.objects.filter(tenant=tenant).first()
    changed = sorted(key for key, value in values.items() if before is None or getattr(before, key) != value)
    if not changed:
        return False
    SecurityContact.objects.update_or_create(tenant=tenant, defaults=values)
    record_audit(
        action=SecurityAction.CONTACT_CHANGED,
        actor=shown_name(user),
        tenant_id=tenant.pk,
        subject=tenant.display_name,
        detail={"changed": changed},
    )
    return True
