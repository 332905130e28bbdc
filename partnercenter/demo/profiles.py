"""What the demo's partners say of themselves."""

from typing import Any

from accounts.models import PartnerTenant
from partnercenter.demo.world import Demo
from profiles.models import Kind, Profile


def seed_profiles(demo: Demo, partner: PartnerTenant, plan: dict[str, Any]) -> None:
    tenant = demo.tenant(plan["key"])
    domain, somebody = tenant["domains"][0], tenant["users"][0]
    place = {
        "company_name": tenant["name"],
        "first_name": somebody["givenName"],
        "last_name": somebody["surname"],
        "country": tenant["country"],
        "city": plan["city"],
        "region": plan["state"],
        "address_line1": plan["street"],
        "postal_code": plan["postalCode"],
        "phone_number": "+1 425 555 0100",
    }
    values: dict[Kind, dict[str, Any]] = {
        Kind.ORGANIZATION: {
            **place,
            "domain": domain,
            "email": f"office@{domain}",
            "culture": f"en-{tenant['country']}",
        },
        Kind.BILLING: {**place, "email": f"billing@{domain}", "billing_currency": plan["currency"]},
        Kind.SUPPORT: {"email": f"support@{domain}", "phone_number": "+1 425 555 0199", "website": f"www.{domain}"},
        Kind.NETWORK: {"mpn_id": plan["mpnId"]},
    }
    Profile.objects.bulk_create(
        [Profile(partner=partner, kind=kind, version=1, **said) for kind, said in values.items()]
    )
