"""The applications that matter to a tenant: those its people can sign in to, those permitted there, and its own."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from entra.apps.models import Application, AppRoleGrant, ClientCertificate, ClientSecret, ConsentGrant
from entra.directory.models import Tenant


def applications_of(tenant: Tenant) -> "QuerySet[Application]":
    """Those that people of the tenant can sign in to."""
    return Application.objects.filter(Q(tenant=tenant) | Q(multi_tenant=True)).order_by("name", "pk")


def enterprise_applications(tenant: Tenant) -> "QuerySet[Application]":
    """Those that are permitted something in the tenant, and the tenant's own.

    Each with `people` (how many consented for themselves), `for_everybody`, `app_role_count`, and for the tenant's own
    `ends_at`: when the first of its secrets and certificates expires that is still valid.
    """
    consents = ConsentGrant.objects.filter(application=OuterRef("pk"), tenant=tenant)
    roles = AppRoleGrant.objects.filter(application=OuterRef("pk"), tenant=tenant)
    people = _counted(consents.exclude(account=None), Count("account", distinct=True))
    return (
        Application.objects.filter(Q(tenant=tenant) | Exists(consents) | Exists(roles))
        .select_related("tenant")
        .annotate(
            folded_name=Lower("name"),
            people=people,
            for_everybody=Exists(consents.filter(account=None)),
            app_role_count=_counted(roles, Count("pk")),
            secret_ends_at=_first_end(ClientSecret.objects.filter(application__tenant=tenant)),
            certificate_ends_at=_first_end(ClientCertificate.objects.filter(application__tenant=tenant)),
        )
    )


def own_applications(tenant: Tenant) -> "QuerySet[Application]":
    """The tenant's registrations. What nobody is asked about is the operator's, whichever tenant it is kept in."""
    return enterprise_applications(tenant).filter(tenant=tenant, preauthorized=False)


def ends_at(application: Application) -> datetime | None:
    """When the first of the annotated application's valid credentials ends; None where there is none."""
    moments = (application.secret_ends_at, application.certificate_ends_at)  # type: ignore[attr-defined]  # annotated
    return min(filter(None, moments), default=None)


def consentable(tenant: Tenant, client_id: UUID) -> "QuerySet[Application]":
    """The application, if an administrator of the tenant can consent to it for everybody."""
    found = Application.objects.filter(Q(tenant=tenant) | Q(multi_tenant=True), pk=client_id)
    return found.filter(enabled=True, preauthorized=False).select_related("tenant")


def _counted(rows: "QuerySet[ConsentGrant] | QuerySet[AppRoleGrant]", count: Count) -> Coalesce:
    of_one = rows.order_by().values("application").annotate(number=count).values("number")
    return Coalesce(Subquery(of_one, output_field=IntegerField()), 0)


def _first_end(rows: "QuerySet[ClientSecret] | QuerySet[ClientCertificate]") -> Subquery:
    valid = rows.filter(application=OuterRef("pk"), expires_at__gt=timezone.now()).order_by()
    return Subquery(valid.values("application").annotate(first=Min("expires_at")).values("first"))
