"""Opening, answering, closing and reopening customer requests."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.actors import Actor
from activity.services import record_audit
from customers.models import Customer
from fluent.listing import folded
from support.attachments import Accepted
from support.audit import RequestAction
from support.counts import requests_changed
from support.models import Attachment, AttachmentContent, CustomerRequest, Note, RequestStatus, SupportTopic
from support.services import AlreadyDone


def new_number() -> str:
    """Year, month and ten digits; the database refuses a second use."""
    return f"{timezone.now():%y%m}{get_random_string(10, '0123456789')}"


def search_text(*, number: str, title: str) -> str:
    return folded(number, title)


@transaction.atomic
def open_request(
    *,
    user: Actor,
    customer: Customer,
    title: str,
    description: str,
    severity: str,
    topic: int = SupportTopic.OTHER,
    product_name: str = "",
    contact_name: str = "",
    contact_email: str = "",
    attachments: Sequence[Accepted] = (),
) -> CustomerRequest:
    now, number = timezone.now(), new_number()
    case = CustomerRequest.objects.create(
        number=number,
        partner_id=user.tenant_id,
        customer=customer,
        title=title,
        description=description,
        severity=severity,
        topic=topic,
        product_name=product_name,
        contact_name=contact_name,
        contact_email=contact_email,
        created_by_name=user.display_name,
        last_updated_by=user.display_name,
        created_date=now,
        last_modified_date=now,
        search_text=search_text(number=number, title=title),
    )
    _attach(case, None, attachments, user)
    requests_changed(user.tenant_id, total=1, opened=1)
    _audit(RequestAction.OPENED, user, case, files=[each.name for each in attachments])
    return case


@transaction.atomic
def reply(*, user: Actor, case: CustomerRequest, text: str, attachments: Sequence[Accepted] = ()) -> Note:
    """Add a note. Raises AlreadyDone when the request was closed meanwhile: reopening is a decision."""
    now = timezone.now()
    still_open = CustomerRequest.objects.open().filter(pk=case.pk)
    status = RequestStatus.OPEN
    if not still_open.update(last_modified_date=now, last_updated_by=user.display_name, status=status):
        raise AlreadyDone
    note = Note.objects.create(request=case, text=text, created_by_name=user.display_name, created_date=now)
    _attach(case, note, attachments, user)
    _audit(RequestAction.REPLIED, user, case, files=[each.name for each in attachments])
    return note


@transaction.atomic
def close(*, user: Actor, case: CustomerRequest) -> None:
    now = timezone.now()
    changed = (
        CustomerRequest.objects.open()
        .filter(pk=case.pk)
        .update(
            status=RequestStatus.CLOSED,
            last_closed_date=now,
            last_modified_date=now,
            last_updated_by=user.display_name,
        )
    )
    if not changed:
        raise AlreadyDone
    requests_changed(user.tenant_id, opened=-1)
    _audit(RequestAction.CLOSED, user, case)


@transaction.atomic
def update_request(*, user: Actor, case: CustomerRequest, text: str = "", status: str = "") -> None:
    """Reply, close or reopen in one act, as programs ask for it. Raises AlreadyDone; then nothing was written."""
    if status == RequestStatus.OPEN:
        reopen(user=user, case=case)
    if text:
        reply(user=user, case=case, text=text)
    if status == RequestStatus.CLOSED:
        close(user=user, case=case)


@transaction.atomic
def reopen(*, user: Actor, case: CustomerRequest) -> None:
    changed = CustomerRequest.objects.filter(pk=case.pk, status=RequestStatus.CLOSED).update(
        status=RequestStatus.OPEN,
        last_closed_date=None,
        last_modified_date=timezone.now(),
        last_updated_by=user.display_name,
    )
    if not changed:
        raise AlreadyDone
    requests_changed(user.tenant_id, opened=1)
    _audit(RequestAction.REOPENED, user, case)


def _attach(case: CustomerRequest, note: Note | None, files: Sequence[Accepted], user: Actor) -> None:
    for file in files:
        attachment = Attachment.objects.create(
            request=case,
            note=note,
            name=file.name,
            content_type=file.content_type,
            size=len(file.data),
            added_by_name=user.display_name,
            added_at=timezone.now(),
        )
        AttachmentContent.objects.create(attachment=attachment, data=file.data)


def _audit(action: RequestAction, user: Actor, case: CustomerRequest, *, files: Sequence[str] = ()) -> None:
    detail: dict[str, object] = {"request": str(case.pk), "title": case.title}
    if files:
        detail["files"] = list(files)
    record_audit(
        action=action,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=case.number,
        detail=detail,
    )
