"""The three reports behind the security requirements status: people, applications, requests (requirements Q3, Q4)."""

from functools import partial
from http import HTTPStatus

from django.utils import timezone

from accounts.models import PartnerTenant
from accounts.models.tenant import Cloud
from activity.models import ApiRequest, Channel
from activity.requests import MOST, newest_of_people
from activity.rollups import WINDOW_DAYS, applications_by_day, people_without_mfa
from api import days
from api.call import Call
from api.faults import Code, Fault
from api.paging import SEEK, seek
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import mfa_reports as shapes
from api.structs.base import Collection, Link, Links
from fluent.listing.keyset import Order
from security.applications import application_names

_NEWEST_FIRST = Order("at", descending=True)
_OF_PEOPLE = (Channel.PORTAL, Channel.APP_AND_USER)


def _principals(call: Call) -> Collection[shapes.NonCompliantPrincipal]:
    tenant = _reported(call)
    rows = people_without_mfa(tenant.id, channels=_OF_PEOPLE, now=timezone.now())[:MOST]
    found = [shapes.NonCompliantPrincipal(row["user_id"], str(tenant.id), row["name"], row["last"]) for row in rows]
    own = Link(uri=f"/{call.operation.template}")
    return Collection(total_count=len(found), items=found, links=Links(self_=own))


def _adoption(call: Call) -> list[shapes.ApplicationAdoption]:
    tenant = _reported(call)
    first, last = days.asked(call, before=WINDOW_DAYS - 1)
    rows = list(applications_by_day(tenant.id, first=first, last=last))
    names = application_names(tenant.id, {row["application_id"] for row in rows})
    return [
        shapes.ApplicationAdoption(
            login_date=row["day"],
            mfa_compliant_request_count=row["compliant"],
            total_request_count=row["requests"],
            application_id=row["application_id"],
            application_name=names.get(row["application_id"], row["application_id"]),
        )
        for row in rows
    ]


def _requests(call: Call) -> Collection[shapes.PartnerRequest]:
    """All in one answer, as clients expect it, unless they ask for pages."""
    rows = newest_of_people(_reported(call).id, now=timezone.now()).defer("claims")
    return seek(call, rows, _NEWEST_FIRST, _request, total=rows.count(), default=MOST, most=MOST, kept=())


def _request(row: ApiRequest) -> shapes.PartnerRequest:
    return shapes.PartnerRequest(
        request_id=row.request_id,
        correlation_id=row.correlation_id,
        operation_name=row.operation,
        request_date_time=row.at,
        source_ip_address=row.ip,
        object_id=row.user_id,
        tenant_id=str(row.tenant_id),
        upn=row.user_name,
        application_id=row.application_id,
        mfa_compliant=row.mfa,
    )


def _reported(call: Call) -> PartnerTenant:
    """The caller's tenant. Raises Fault in a sovereign cloud (Q6): 404, as that cloud's API has no such resource; 403
    would say that another role or token gets it."""
    if call.caller.tenant.cloud != Cloud.GLOBAL:
        description = "The reports of the security requirements are not offered in this tenant's national cloud."
        raise Fault(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, description)
    return call.caller.tenant


_row = partial(
    Operation,
    "GET",
    subject=Subject.SECURITY,
    auth=Auth.APP_USER,
    auth_2021=Auth.APP_USER,
    roles=roles("A G C"),
)
_SIZE = Query(
    "size", "How many at most; all where it is left out.", (("type", "integer"), ("minimum", 1), ("maximum", MOST))
)

OPERATIONS = [
    _row(
        "nonMfaCompliantPartnerPrincipals",
        _principals,
        summary="List who used the portal or the API without MFA in the last seven days, the latest first",
        gives=Collection[shapes.NonCompliantPrincipal],
    ),
    _row(
        "applicationmfaadoptionstatus",
        _adoption,
        summary="List how many requests of each application carried MFA, day by day",
        gives=list[shapes.ApplicationAdoption],
        query=days.parameters("six days before the last"),
    ),
    _row(
        "partnerRequests",
        _requests,
        summary="List the App+User requests of the last seven days, the newest 10,000 at most",
        gives=Collection[shapes.PartnerRequest],
        query=(_SIZE, *SEEK[1:]),
    ),
]
