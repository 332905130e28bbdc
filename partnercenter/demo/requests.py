"""The demo's customer requests with answers and a few attachments."""

from datetime import timedelta
from random import Random
from typing import Any

from accounts.models import PartnerTenant
from customers.models import Customer
from partnercenter.demo.world import Demo, numbers, random_uuid
from support.models import (
    Attachment,
    AttachmentContent,
    CustomerRequest,
    Note,
    RequestCount,
    RequestStatus,
    Severity,
    SupportTopic,
)
from support.services.requests import search_text


def seed_requests(demo: Demo, partner: PartnerTenant, plan: dict[str, Any], customers: list[Customer]) -> None:
    random = numbers("requests", plan["key"])
    staff = [user["name"] for user in demo.tenant(plan["key"])["users"] if "home" not in user][:4]
    cases = [_case(demo, partner, customers, staff, random, number) for number in range(plan["requests"])]
    CustomerRequest.objects.bulk_create(cases)
    Note.objects.bulk_create([note for case in cases for note in _notes(demo, case, staff, random)])
    _attach(cases[::12], random)
    opened = sum(not case.is_closed for case in cases)
    RequestCount.objects.update_or_create(partner=partner, defaults={"total": len(cases), "open": opened})


def _case(
    demo: Demo, partner: PartnerTenant, customers: list[Customer], staff: list[str], random: Random, number: int
) -> CustomerRequest:
    customer = random.choice(customers)
    language = customer.billing_profile.language
    about = random.choice([each for each in demo.catalog["requests"] if each["language"] == language])
    created = demo.now - timedelta(days=random.randint(0, 180), minutes=random.randint(5, 1400))
    changed = created + (demo.now - created) * random.random()
    status = random.choices(list(RequestStatus), weights=(25, 10, 65))[0]
    shown = f"{created:%y%m}{partner.id.int & 0xF}{number:07d}"
    return CustomerRequest(
        id=random_uuid(random),
        number=shown,
        partner=partner,
        customer=customer,
        title=about["title"],
        description=about["description"],
        severity=random.choices(list(Severity), weights=(10, 60, 30))[0],
        status=status,
        topic=SupportTopic[about["topic"]],
        product_name=about["product"],
        contact_name=str(customer.billing_profile),
        contact_email=f"contact1@{customer.domain}",
        created_by_name=random.choice(staff),
        last_updated_by=random.choice(staff),
        created_date=created,
        last_modified_date=changed,
        last_closed_date=changed if status == RequestStatus.CLOSED else None,
        search_text=search_text(number=shown, title=about["title"]),
    )


def _notes(demo: Demo, case: CustomerRequest, staff: list[str], random: Random) -> list[Note]:
    texts = demo.catalog["notes"][case.customer.billing_profile.language]
    count = random.randint(0, len(texts))
    step = (case.last_modified_date - case.created_date) / (count or 1)
    return [
        Note(
            request=case,
            text=texts[number],
            created_by_name=case.contact_name if number % 2 else random.choice(staff),
            created_date=case.created_date + step * (number + 1),
        )
        for number in range(count)
    ]


def _attach(cases: list[CustomerRequest], random: Random) -> None:
    files, contents = [], []
    for case in cases:
        data = f"{case.created_date:%Y-%m-%d %H:%M:%S}Z {case.product_name}: {case.title}\n".encode()
        file = Attachment(
            id=random_uuid(random),
            request=case,
            name="events.log",
            content_type="text/plain; charset=utf-8",
            size=len(data),
            added_by_name=case.created_by_name,
            added_at=case.created_date,
        )
        files.append(file)
        contents.append(AttachmentContent(attachment=file, data=data))
    Attachment.objects.bulk_create(files)
    AttachmentContent.objects.bulk_create(contents)
