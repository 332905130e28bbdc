"""Whom the report is offered to: not the sovereign clouds (Q6)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import Http404, HttpResponseBase

from accounts.models import PartnerTenant
from accounts.models.tenant import Cloud
from customers.http import PartnerRequest

R = TypeVar("R", bound=HttpResponseBase)


def is_offered(tenant: PartnerTenant) -> bool:
    return tenant.cloud == Cloud.GLOBAL


def offered_only(view: Callable[[PartnerRequest], R]) -> Callable[[PartnerRequest], R]:
    """404 for people of a sovereign tenant: the status page says why, and nothing else is there for them."""

    @wraps(view)
    def guarded(request: PartnerRequest, /) -> R:
        if not is_offered(request.user.tenant):
            raise Http404
        return view(request)

    return guarded
