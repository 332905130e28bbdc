"""Whom the report is offered to: not the sovereign clouds (Q6)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import Http404, HttpResponseBase

from accounts.models import PartnerTenant
from accounts.models.tenant import Cloud
from customers.http import PartnerRequest

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def is_offered(tenant: PartnerTenant) -> bool:
    return tenant.cloud == Cloud.GLOBAL


def offered_only(view: Callable[Concatenate[PartnerRequest, P], R]) -> Callable[Concatenate[PartnerRequest, P], R]:
    """404 for people of a sovereign tenant: the status page says why, and nothing else is there for them."""

    @wraps(view)
    def guarded(request: PartnerRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not is_offered(request.user.tenant):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
