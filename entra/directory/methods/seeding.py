"""Verification methods of the demo's people. Seeds are random: they are made where the demo runs, never shipped."""

from typing import Any

from django.db import transaction

from activity.models import AuditRecord
from entra.directory.methods.inventory import has_method
from entra.directory.methods.notices import MethodAction
from entra.directory.methods.one_time_codes import new_seed
from entra.directory.models import AccountClass, AuthenticatorApp, HardwareToken, Tenant, User


@transaction.atomic
def load_methods(world: dict[str, Any]) -> int:
    """Give the people of tenants with `"registered": true` an authenticator app, and tenants their hardware tokens.

    Returns how many were new. Whoever has changed their methods since is left alone.
    """
    made = 0
    for row in world["tenants"]:
        tenant = Tenant.objects.get(pk=row["id"])
        if row.get("registered"):
            people = tenant.users.filter(home_account=None, account_class=AccountClass.PERSON)
            made += sum(_give_app(account) for account in people)
        for serial_number in row.get("hardwareTokens", []):
            _token, created = HardwareToken.objects.get_or_create(
                tenant=tenant,
                serial_number=serial_number,
                defaults={"seed_sealed": new_seed(), "manufacturer": "Contoso Devices", "model": "C-100"},
            )
            made += created
    return made


def _give_app(account: User) -> bool:
    removed = AuditRecord.objects.filter(action=MethodAction.REMOVED, subject=str(account.pk))
    if has_method(account) or removed.exists():
        return False
    AuthenticatorApp.objects.create(account=account, name="Demo phone", seed_sealed=new_seed(), confirmed=True)
    return True
