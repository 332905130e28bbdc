"""The status report in all its states, for a look at every page."""

from datetime import timedelta

from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import PartnerTenant
from security.mails.links import confirm_url, confirmation_token, hashed, unsubscribe_url
from security.models import RegistrationAsk
from tests.portal.security.factory import (
    account,
    documented_api_use,
    documented_portal_use,
    finding,
    snapshot,
    subscription,
)
from tests.portal.security.workspace_walk import directory_of_applications

ASK = "/dashboard/account/users/ask-to-register"
STATUS = "/dashboard/account/security-requirements"


def see_status(client: Client, tenant: PartnerTenant) -> None:
    """With figures, with a directory that was not read, and where it is not offered (M9, Q6)."""
    documented_portal_use(tenant)
    documented_api_use(tenant)
    for days_ago in (1, 2, 4):
        snapshot(tenant, days_ago=days_ago)
    account(tenant, "Ann", enforced_by="", obstacle="conditional")
    answer = {"domain": "wingtip.example", "missing": "otherValue"}
    why = finding(tenant, "Eva", "federated-without-proof", policy="Staff", detail={"answer": answer})
    finding(tenant, "Ann", "tail", was="excluded")
    for page in ("", "/causes", f"/causes/{why.pk}", "/accounts", "/portal-requests", "/api-requests"):
        client.get(f"{STATUS}{page}")
    see_asking(client, tenant)
    see_mails(client, tenant)
    snapshot(tenant, enabled_accounts=None, enforced_accounts=None, problem="Authorization_RequestDenied")
    client.get(STATUS)
    PartnerTenant.objects.filter(pk=tenant.pk).update(cloud="usgov")
    client.get(STATUS)
    PartnerTenant.objects.filter(pk=tenant.pk).update(cloud=tenant.cloud)


def see_mails(client: Client, tenant: PartnerTenant) -> None:
    """Addresses in every state, choices, what was entered wrongly, and the links of mails."""
    row = subscription(tenant, weekly_on=0)
    asked = subscription(tenant, "mail.address.of.somebody.with.a.long.name@contoso.example", confirmed_at=None)
    for page in ("/mails", f"/mails/{row.pk}"):
        client.get(f"{STATUS}{page}")
    client.post(f"{STATUS}/mails/add", {"address": "no address"})
    client.post(f"{STATUS}/mails/{row.pk}", {"below_api": "101"})
    token = confirmation_token(asked.pk)
    type(asked).objects.filter(pk=asked.pk).update(confirmation_hash=hashed(token))
    for url in (confirm_url(token), unsubscribe_url(row.pk)):
        client.get(url)
        client.post(url)
    client.get(confirm_url(token))


def see_asking(client: Client, tenant: PartnerTenant) -> None:
    """Whom to ask, previewed in two languages with people left out, without a page to link to, without a directory."""
    with directory_of_applications() as directory:
        keys = [directory.add(70 + number, f"somebody.with.a.long.name.{number}") for number in range(4)]
        directory.users[1]["preferredLanguage"] = "ja"
        directory.registered.add(keys[3])
        for key, name in zip(keys, ("Ann", "Bea", "Cem", "Dan"), strict=True):
            account(tenant, name, user_id=key, registered=False, enforced_by="")
        before = timezone.now() - timedelta(days=3)
        RegistrationAsk.objects.create(tenant=tenant, user_id=keys[2], asked_at=before, asked_by="x")
        for query in ("", "?asked=lately", "?q=nobody"):
            client.get(f"{ASK}{query}")
        client.post(f"{ASK}/preview", {"person": keys})
        client.post(f"{ASK}/send", {"person": keys[:1]}, follow=True)
        directory.refused = {".": (403, "Authorization_RequestDenied")}
        client.post(f"{ASK}/preview", {"person": keys})
    with override_settings(SECURITY_INFO_URL=""):
        client.get(ASK)
