"""The lists about applications, declared."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entra.admincenter.applications import ends_at
from entra.apps.models import Application, ConsentGrant
from entra.apps.permitted import api_name
from entra.directory.models import Tenant
from fluent.listing import Column, Filter, Kind, Listing

SOON = timedelta(days=30)


def application_url(row: Application) -> str:
    return reverse("admincenter:application", args=[row.pk])


def _consented(rows: QuerySet[Application], by: str) -> QuerySet[Application]:
    narrowed = {
        "everybody": Q(for_everybody=True),
        "people": Q(people__gt=0),
        "nobody": Q(for_everybody=False, people=0),
    }
    return rows.filter(narrowed[by])


def _with_roles(rows: QuerySet[Application], held: str) -> QuerySet[Application]:
    return rows.filter(app_role_count__gt=0) if held == "yes" else rows.filter(app_role_count=0)  # type: ignore[misc]


def expiring(rows: QuerySet[Application], when: str) -> QuerySet[Application]:
    soon = timezone.now() + SOON
    ending = Q(secret_ends_at__lt=soon) | Q(certificate_ends_at__lt=soon)
    none = Q(secret_ends_at=None, certificate_ends_at=None, public=False)
    return rows.filter(ending if when == "soon" else none)


EXPIRING: Filter[Application] = Filter(
    "credentials",
    _("Credentials"),
    "credentials",
    lambda rows: [("soon", _("Expiring within 30 days")), ("none", _("None that is valid"))],
    narrow=expiring,
)
_STATE: Column[Application] = Column(
    "state",
    _("State"),
    lambda row: _("Enabled") if row.enabled else _("Disabled"),
    kind=Kind.BADGE,
    badge=lambda row: "success" if row.enabled else "danger",
)
_CLIENT_ID: Column[Application] = Column("id", _("Application ID"), lambda row: str(row.pk), kind=Kind.CODE)

ENTERPRISE: Listing[Application] = Listing(
    name="applications",
    caption=_("Enterprise applications"),
    placeholder=_("Name"),
    search=("folded_name",),
    default_sort="name",
    columns=[
        Column("name", _("Name"), lambda row: row.name, sort="name", link=application_url),
        Column("owner", _("Publisher"), lambda row: row.tenant.display_name, sort="tenant__display_name"),
        Column(
            "consent",
            _("For everybody"),
            lambda row: _("Allowed") if row.for_everybody else "—",  # type: ignore[attr-defined]  # annotated
        ),
        Column("people", _("People who consented"), lambda row: row.people, kind=Kind.NUMBER),  # type: ignore[attr-defined]
        Column(
            "roles",
            _("Application permissions"),
            lambda row: row.app_role_count,  # type: ignore[attr-defined]
            kind=Kind.NUMBER,
        ),
        Column("ends", _("First credential ends"), ends_at, kind=Kind.MOMENT),
        _STATE,
        Column("id", _("Application ID"), lambda row: str(row.pk), shown=False),
    ],
    filters=[
        Filter(
            "consent",
            _("Consent"),
            "consent",
            lambda rows: [
                ("everybody", _("For everybody")),
                ("people", _("By people")),
                ("nobody", _("By nobody")),
            ],
            narrow=_consented,
        ),
        Filter(
            "roles",
            _("Application permissions"),
            "roles",
            lambda rows: [("yes", _("Granted")), ("no", _("None"))],
            narrow=_with_roles,
        ),
        EXPIRING,
    ],
)

REGISTRATIONS: Listing[Application] = Listing(
    name="registrations",
    caption=_("App registrations"),
    placeholder=_("Name"),
    search=("folded_name",),
    default_sort="name",
    columns=[
        Column(
            "name",
            _("Name"),
            lambda row: row.name,
            sort="name",
            link=lambda row: reverse("admincenter:registration", args=[row.pk]),
        ),
        _CLIENT_ID,
        Column("kind", _("Kind"), lambda row: _("Public") if row.public else _("Confidential")),
        Column("created", _("Registered"), lambda row: row.created_at, sort="created_at", kind=Kind.MOMENT),
        Column("ends", _("First credential ends"), ends_at, kind=Kind.MOMENT),
        _STATE,
    ],
    filters=[EXPIRING],
)


def consents_of(application: Application, tenant: Tenant) -> "QuerySet[ConsentGrant]":
    found = ConsentGrant.objects.filter(application=application, tenant=tenant)
    return found.select_related("account", "granted_by")


def _by_whom(rows: QuerySet[ConsentGrant], whom: str) -> QuerySet[ConsentGrant]:
    return rows.filter(account__isnull=whom == "everybody")


CONSENTS: Listing[ConsentGrant] = Listing(
    name="consents",
    caption=_("Delegated permissions"),
    placeholder=_("Sign-in name"),
    search=("account__user_principal_name",),
    default_sort="-at",
    columns=[
        Column(
            "whom",
            _("For"),
            lambda row: row.account or _("Everybody"),
            link=lambda row: reverse("admincenter:revoke_consent", args=[row.application_id, row.pk]),
        ),
        Column("api", _("API"), lambda row: api_name(row.resource), sort="resource"),
        Column("permissions", _("Permissions"), lambda row: ", ".join(row.scopes)),
        Column(
            "mfa",
            _("MFA"),
            lambda row: _("With MFA") if row.mfa else _("Without MFA"),
            kind=Kind.BADGE,
            badge=lambda row: "success" if row.mfa else "warning",
        ),
        Column("at", _("When"), lambda row: row.granted_at, sort="granted_at", kind=Kind.MOMENT),
        Column("by", _("Consented by"), lambda row: row.granted_by or "—"),
    ],
    filters=[
        Filter(
            "for",
            _("For"),
            "account",
            lambda rows: [("everybody", _("Everybody")), ("people", _("One person"))],
            narrow=_by_whom,
        ),
        Filter("mfa", _("MFA"), "mfa", lambda rows: [("True", _("With MFA")), ("False", _("Without MFA"))]),
    ],
)
