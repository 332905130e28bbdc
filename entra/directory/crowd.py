"""People in bulk for a demo tenant: what a long list, a bulk change or a policy looks like with many."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from activity.services import record_audit
from entra.directory.administration.audit import DirectoryAction
from entra.directory.models import Domain, Tenant, User

MOST = 100_000
_AT_ONCE = 1000


@transaction.atomic
def add_people(*, tenant: Tenant, count: int, password: str, actor: str) -> list[str]:
    """Add `count` members with one password; return their sign-in names, `person1@…` and on, where none was before.

    They hold nothing: no role, no group, no method.
    """
    domain = Domain.objects.get(tenant=tenant, is_default=True).name
    hashed = make_password(password)  # public and the same for everybody, so hashed once
    taken = set(User.objects.filter(tenant=tenant).values_list("user_principal_name", flat=True))
    made: list[User] = []
    number = 0
    while len(made) < count:
        number += 1
        name = f"person{number}@{domain}"
        if name not in taken:
            made.append(
                User(
                    tenant=tenant,
                    user_principal_name=name,
                    display_name=f"Person {number}",
                    given_name="Person",
                    surname=str(number),
                    mail=name,
                    password=hashed,
                )
            )
    User.objects.bulk_create(made, batch_size=_AT_ONCE)
    record_audit(
        action=DirectoryAction.USERS_ADDED,
        actor=actor,
        tenant_id=tenant.pk,
        subject=tenant.display_name,
        detail={"first": made[0].user_principal_name, "last": made[-1].user_principal_name, "count": count},
    )
    return [user.user_principal_name for user in made]
