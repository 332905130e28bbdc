"""Customer requests as the API's service requests: list, read, reply, close."""

from functools import partial
from pathlib import PurePath
from typing import Any

from api.call import Call
from api.customer import customer_of
from api.faults import bad_input, conflict, not_found
from api.filters import Columns, narrowed, one_of
from api.forms import refusal_of
from api.moments import NEVER
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import service_requests as shapes
from api.structs.base import Collection
from customers.names import first_and_last
from support.counts import request_counts
from support.forms import ReplyForm
from support.models import CustomerRequest, RequestStatus, Severity, SupportTopic
from support.models.request import CustomerRequestQuerySet
from support.services import AlreadyDone
from support.services.requests import update_request

_FILTERS: Columns = {
    ("status", "equals"): ("status", one_of(*RequestStatus.values)),
    ("severity", "equals"): ("severity", one_of(*Severity.values)),
    ("supporttopicid", "equals"): ("topic", one_of(*map(str, SupportTopic.values))),
    ("title", "substring"): "search_text__contains",
}
# In the order of the numbers that older clients send.
_STATUSES = ("none", "open", "closed", "attention_needed")
_SEVERITIES = ("unknown", "critical", "moderate", "minimal")


def _visible(call: Call) -> CustomerRequestQuerySet:
    return CustomerRequest.objects.visible_to(call.caller)


def _one(call: Call, rows: CustomerRequestQuerySet) -> CustomerRequest:
    case = rows.select_related("customer__billing_profile").filter(number=call.parts["request_id"]).first()
    if case is None:
        raise not_found("The service request")
    return case


def _list(call: Call) -> Collection[shapes.ServiceRequest]:
    condition = narrowed(call, _FILTERS)
    if condition is None:
        return _page(call, _visible(call), request_counts(call.caller).total)
    rows = _visible(call).filter(condition)
    return _page(call, rows, rows.count())


def _list_of_customer(call: Call) -> Collection[shapes.ServiceRequest]:
    rows = _visible(call).filter(customer=customer_of(call))
    condition = narrowed(call, _FILTERS)
    rows = rows if condition is None else rows.filter(condition)
    return _page(call, rows, rows.count())


def _page(call: Call, rows: CustomerRequestQuerySet, total: int) -> Collection[shapes.ServiceRequest]:
    return offset(call, rows.order_by("-last_modified_date", "-pk"), _listed, total=total)


def _listed(case: CustomerRequest, **more: Any) -> shapes.ServiceRequest:
    return shapes.ServiceRequest(
        id=case.number,
        title=case.title,
        severity=case.severity,
        status=case.status,
        primary_contact=_contact(case.contact_name, **({"email": case.contact_email} if more else {})),
        created_date=case.created_date,
        last_modified_date=case.last_modified_date,
        last_closed_date=case.last_closed_date or NEVER,
        **more,
    )


def _contact(name: str, **more: str) -> shapes.Contact:
    first, last = first_and_last(name)
    return shapes.Contact(last_name=last, first_name=first, **more)


def _get(call: Call) -> shapes.ServiceRequest:
    return _whole(_one(call, _visible(call)))


def _get_of_customer(call: Call) -> shapes.ServiceRequest:
    return _whole(_one(call, _visible(call).filter(customer=customer_of(call))))


def _whole(case: CustomerRequest) -> shapes.ServiceRequest:
    customer = case.customer
    return _listed(
        case,
        description=case.description,
        organization=shapes.Organization(
            str(customer.tenant_id), customer.company_name, customer.billing_profile.phone_number
        ),
        last_updated_by=_contact(case.last_updated_by),
        support_topic_id=str(case.topic),
        support_topic_name=case.get_topic_display(),
        product_name=case.product_name,
        country_code=customer.country,
        notes=[shapes.Note(note.created_by_name, note.created_date, note.text) for note in case.notes.all()],
        file_links=[_file(str(each.pk), PurePath(each.name), each.size) for each in case.attachments.all()],
    )


def _file(key: str, name: PurePath, size: int) -> shapes.FileInfo:
    return shapes.FileInfo(key, name.stem, name.suffix.removeprefix("."), size)


def _topics(call: Call) -> Collection[shapes.SupportTopic]:
    found = [shapes.SupportTopic(str(topic.label), str(topic.description), topic.value) for topic in SupportTopic]
    return Collection(total_count=len(found), items=found)


def _change(call: Call) -> shapes.ServiceRequest:
    case, body = _one(call, _visible(call)), call.body(shapes.ServiceRequestChange)
    severity = _named(body.severity, _SEVERITIES, "severity")
    if severity not in {"unknown", case.severity}:
        raise bad_input("severity cannot be changed: leave it out, or send 'unknown'.", "severity")
    status = _named(body.status, _STATUSES, "status")
    if status == RequestStatus.ATTENTION_NEEDED and case.status != status:
        raise bad_input("status can be set to closed or open only.", "status")
    wanted = "" if status in {"none", case.status} else status
    text = _text(body.new_note)
    if not wanted and not text:
        raise bad_input("Nothing to change: send newNote.text, or another status.", "newNote", "status")
    try:
        update_request(user=call.caller, case=case, text=text, status=wanted)
    except AlreadyDone as error:
        raise conflict("The request is closed: send status 'open' with the note to reopen it.", "status") from error
    return _get(call)


def _named(value: str | int | None, names: tuple[str, ...], field: str) -> str:
    if value is None:
        return names[0]
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    if str(value).lower() not in names:
        raise bad_input(f"{field} has to be one of {', '.join(names)}.", field)
    return str(value).lower()


def _text(note: shapes.NewNote | None) -> str:
    if note is None:
        return ""
    form = ReplyForm({"text": note.text})
    if not form.is_valid():
        raise refusal_of(form, {"text": "newNote.text"})
    return str(form.cleaned_data["text"])


_row = partial(Operation, subject=Subject.SUPPORT, auth=Auth.APP_USER, auth_2021=Auth.APP_USER, roles=roles("A H"))
_LISTED = Collection[shapes.ServiceRequest]
_FILTER = Query(
    "filter",
    'JSON: {"Field":"Status","Value":"open","Operator":"equals"}; also Severity, SupportTopicId, and Title substring.',
)

OPERATIONS = [
    _row("GET", "servicerequests", _list, summary="List service requests", gives=_LISTED, query=(*OFFSET, _FILTER)),
    _row(
        "GET",
        "servicerequests/supporttopics",
        _topics,
        summary="List what service requests can be about",
        gives=Collection[shapes.SupportTopic],
    ),
    _row(
        "GET",
        "servicerequests/{request_id}",
        _get,
        summary="Get a service request",
        gives=shapes.ServiceRequest,
    ),
    _row(
        "PATCH",
        "servicerequests/{request_id}",
        _change,
        summary="Add a note to a service request, close or reopen it",
        takes=shapes.ServiceRequestChange,
        gives=shapes.ServiceRequest,
    ),
    _row(
        "GET",
        "customers/{customer_id}/servicerequests",
        _list_of_customer,
        summary="List a customer's service requests",
        gives=_LISTED,
        query=(*OFFSET, _FILTER),
    ),
    _row(
        "GET",
        "customers/{customer_id}/servicerequests/{request_id}",
        _get_of_customer,
        summary="Get a customer's service request",
        gives=shapes.ServiceRequest,
    ),
]
