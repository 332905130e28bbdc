"""From validated claims to a person of a registered partner tenant, with the roles of the directory (M15, M21)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import PartnerTenant, User
from accounts.roles import DIRECTORY_ROLES, Role


class NotAdmitted(Exception):
    """The person proved who they are, but may not come in."""


class TenantNotRegistered(NotAdmitted):
    """The person's tenant is no partner of this portal."""


class UserDisabled(NotAdmitted):
    """The person's account is disabled here."""


@transaction.atomic
def admit(claims: Mapping[str, Any], profile: Mapping[str, Any]) -> User:
    """Return the person of these claims, made at their first sign-in, names, roles and language up to date.

    `profile` gives names only (it may come from userinfo). Raises NotAdmitted.
    """
    tenant = _tenant(claims)
    key = _key(claims, tenant)
    projection: dict[str, Any] = {
        "subject": claims["sub"],
        "display_name": _text(profile.get("name") or profile.get("preferred_username") or claims["sub"], 200),
        "user_principal_name": _text(profile.get("preferred_username") or profile.get("email") or "", 255),
        "language": get_language() or "",
        "guest": str(claims.get("acct", "0")) == "1",
        "projected_roles": sorted(role.value for role in roles_of(claims, tenant)),
    }
    user, _created = User.objects.select_related("tenant").get_or_create(**key, defaults={**projection})
    if user.disabled_at is not None:
        raise UserDisabled
    if user.claims_at is not None and claims["iat"] < user.claims_at.timestamp():
        projection["projected_roles"] = user.projected_roles  # an event has told of newer roles meanwhile
    changed = [name for name, value in projection.items() if getattr(user, name) != value]
    if changed:
        for name in changed:
            setattr(user, name, projection[name])
        user.save(update_fields=changed)
    return user


def _text(value: object, most: int) -> str:
    """A name as text the database takes: PostgreSQL stores no NUL."""
    return str(value).replace("\x00", "")[:most]


def _tenant(claims: Mapping[str, Any]) -> PartnerTenant:
    """Entra-shaped tokens name their tenant; a foreign issuer belongs to the one tenant of OIDC_PARTNER_TENANT."""
    named = settings.OIDC_PARTNER_TENANT or claims.get("tid", "")
    try:
        return PartnerTenant.objects.get(pk=UUID(str(named)))
    except (ValueError, PartnerTenant.DoesNotExist) as error:
        raise TenantNotRegistered(str(named)) from error


def _key(claims: Mapping[str, Any], tenant: PartnerTenant) -> dict[str, Any]:
    """(issuer, tenant, oid) for Entra-shaped providers, else (issuer, sub). Never mail or UPN (nOAuth)."""
    if not settings.OIDC_PARTNER_TENANT and isinstance(claims.get("oid"), str) and claims["oid"]:
        return {"issuer": claims["iss"], "tenant": tenant, "oid": claims["oid"]}
    return {"issuer": claims["iss"], "tenant": tenant, "oid": "", "subject": claims["sub"]}


def is_same_person(claims: Mapping[str, Any], user: User) -> bool:
    """Tell whether the answer to a step-up is about the person who was sent."""
    if claims["iss"] != user.issuer:
        return False
    if user.oid:  # an object id is unique within its tenant only
        return claims.get("oid") == user.oid and claims.get("tid") == str(user.tenant_id)
    return bool(claims["sub"] == user.subject)


def roles_of(claims: Mapping[str, Any], tenant: PartnerTenant) -> frozenset[Role]:
    """Return the roles that the token gives (M21). Which of them count is for `effective_roles`."""
    groups, directory_roles = _listed(claims, "groups"), _listed(claims, "wids")
    by_group = {
        str(tenant.admin_agents_group): Role.ADMIN_AGENT,
        str(tenant.sales_agents_group): Role.SALES_AGENT,
        str(tenant.helpdesk_agents_group): Role.HELPDESK_AGENT,
    }
    if str(tenant.id) == settings.OPERATOR_TENANT and tenant.operators_group:
        by_group[str(tenant.operators_group)] = Role.OPERATOR
    granted = {role for group, role in by_group.items() if group in groups}
    granted |= {role for template, role in DIRECTORY_ROLES.items() if template in directory_roles}
    granted |= {Role(name) for value, name in settings.OIDC_ROLE_MAP.items() if value in _mapped(claims)}
    return frozenset(granted)


def _mapped(claims: Mapping[str, Any]) -> frozenset[str]:
    return _listed(claims, settings.OIDC_ROLE_CLAIM) if settings.OIDC_ROLE_CLAIM else frozenset()


def _listed(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    value = claims.get(name)
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()
