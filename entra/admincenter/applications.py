"""The applications that people of a tenant can sign in to."""

from django.db.models import Q, QuerySet

from entra.apps.models import Application
from entra.directory.models import Tenant


def applications_of(tenant: Tenant) -> "QuerySet[Application]":
    return Application.objects.filter(Q(tenant=tenant) | Q(multi_tenant=True)).order_by("name", "pk")
