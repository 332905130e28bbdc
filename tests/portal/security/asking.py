"""People who can be asked to register a verification method, and the pages that ask them."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import PartnerTenant
from security.models import RegistrationAsk
from tests.portal.security.factory import account
from tests.portal.security.tenant import FakeTenant

ASK = "/dashboard/account/users/ask-to-register"
PAGE = "http://localhost:8001/mysecurityinfo"


def newcomer(tenant: FakeTenant, partner: PartnerTenant, number: int, name: str, **values: Any) -> str:
    key = tenant.add(number, name, **values)
    account(partner, name.title(), user_id=key, registered=False, enforced_by="")
    return key


def asked_before(partner: PartnerTenant, key: str, ago: timedelta) -> None:
    RegistrationAsk.objects.create(tenant=partner, user_id=key, asked_at=timezone.now() - ago, asked_by="x")


def text(response: HttpResponse) -> str:
    return response.content.decode()


def send(client: Client, *keys: str, **more: str) -> str:
    return text(client.post(f"{ASK}/send", {"person": keys, **more}, follow=True))
