"""The demo's customers with billing profiles, contacts and subscriptions."""

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from accounts.models import PartnerTenant
from customers.models import BillingProfile, Contact, Customer, CustomerCount, Relationship, Subscription
from customers.models.customer import CustomerState
from customers.models.subscription import BillingCycle, SubscriptionStatus, TermDuration
from customers.services.customers import search_text
from partnercenter.demo.world import Demo, numbers, random_uuid

_TERM_DAYS = {TermDuration.MONTH: 30, TermDuration.YEAR: 365, TermDuration.THREE_YEARS: 1095}


def seed_customers(demo: Demo, partner: PartnerTenant, plan: dict[str, Any]) -> list[Customer]:
    """Customers in the order they were added. The same organization has the same directory with every partner."""
    random = numbers("customers", plan["key"])
    chosen = random.sample(demo.catalog["customers"], plan["customers"])
    for position, key in enumerate(plan.get("alsoServes", ())):
        chosen[position] = _tenant_as_customer(demo.tenant(key))
    customers = Customer.objects.bulk_create([_customer(demo, partner, each, random) for each in chosen])
    BillingProfile.objects.bulk_create(
        [_profile(demo, customer, each, random) for customer, each in zip(customers, chosen, strict=True)]
    )
    Contact.objects.bulk_create(
        [contact for customer, each in zip(customers, chosen, strict=True)
         for contact in _contacts(demo, customer, each, random)]
    )  # fmt: skip
    Subscription.objects.bulk_create(
        [subscription for customer in customers for subscription in _subscriptions(demo, customer, random)]
    )
    CustomerCount.objects.update_or_create(partner=partner, defaults={"total": len(customers)})
    return customers


def _tenant_as_customer(tenant: dict[str, Any]) -> dict[str, Any]:
    place = {"city": "Redmond", "postalCode": "98052"}
    return {
        "name": tenant["name"],
        "domain": tenant["domains"][0],
        "country": tenant["country"],
        "language": "en",
        "tenantId": tenant["id"],
        **place,
    }


def _customer(demo: Demo, partner: PartnerTenant, each: dict[str, Any], random: Random) -> Customer:
    tenant_id = UUID(each["tenantId"]) if "tenantId" in each else uuid5(NAMESPACE_DNS, each["domain"])
    added = demo.now - timedelta(days=random.randint(40, 820), minutes=random.randint(0, 1440))
    indirect = "csp-indirect-provider" in partner.programs and random.random() < 0.5
    relationship = Relationship.INDIRECT_RESELLER if indirect else Relationship.RESELLER
    if random.random() < 0.1:
        relationship = Relationship.ADVISOR
    return Customer(
        tenant_id=tenant_id,
        partner=partner,
        company_name=each["name"],
        domain=each["domain"],
        email=f"office@{each['domain']}",
        country=each["country"],
        relationship_to_partner=relationship,
        associated_partner_id="4390934" if relationship == Relationship.INDIRECT_RESELLER else "",
        state=random.choices(list(CustomerState), weights=(90, 6, 4))[0],
        created_at=added,
        updated_at=added,
        search_text=search_text(company_name=each["name"], domain=each["domain"], tenant_id=tenant_id),
    )


def _name(demo: Demo, language: str, random: Random) -> tuple[str, str]:
    """First and last name; Japanese names are written last name first."""
    one, other = random.choice(demo.catalog["people"][language]).split(" ", 1)
    return (other, one) if language == "ja" else (one, other)


def _profile(demo: Demo, customer: Customer, each: dict[str, Any], random: Random) -> BillingProfile:
    first, last = _name(demo, each["language"], random)
    return BillingProfile(
        customer=customer,
        first_name=first,
        last_name=last,
        email=customer.email,
        phone_number=f"+{random.randint(1, 81)} {random.randint(200, 899)} 555 {random.randint(100, 199):04d}",
        culture=f"{each['language']}-{each['country']}",
        language=each["language"],
        address_line1=random.choice(demo.catalog["streets"][each["language"]]),
        city=each["city"],
        postal_code=each["postalCode"],
    )


def _contacts(demo: Demo, customer: Customer, each: dict[str, Any], random: Random) -> list[Contact]:
    contacts = []
    for number in range(random.randint(1, 3)):
        first, last = _name(demo, each["language"], random)
        title = random.choice(demo.catalog["jobTitles"][each["language"]])
        email = f"contact{number + 1}@{customer.domain}"
        contacts.append(Contact(customer=customer, first_name=first, last_name=last, job_title=title, email=email))
    return contacts


def _subscriptions(demo: Demo, customer: Customer, random: Random) -> list[Subscription]:
    if customer.relationship_to_partner == Relationship.ADVISOR:
        return []
    offers = random.sample(demo.catalog["offers"], random.randint(1, 4))
    return [_subscription(demo.now.date(), customer, offer, random) for offer in offers]


def _subscription(today: date, customer: Customer, offer: dict[str, Any], random: Random) -> Subscription:
    start = customer.created_at.date() + timedelta(days=random.randint(0, 30))
    usage = offer["provider"] == "azure"
    term = TermDuration.MONTH if usage else random.choice([TermDuration.MONTH, TermDuration.YEAR, TermDuration.YEAR])
    days = _TERM_DAYS[term]
    ends = start + timedelta(days=days * ((today - start).days // days + 1))
    status = random.choices([SubscriptionStatus.ACTIVE, SubscriptionStatus.SUSPENDED], weights=(94, 6))[0]
    created = customer.created_at
    return Subscription(
        id=random_uuid(random),
        customer=customer,
        offer_id=offer["id"],
        offer_name=offer["name"],
        friendly_name=offer["name"],
        quantity=1 if usage else random.choice([3, 5, 8, 12, 25, 40, 80, 150, 320]),
        unit_type="Usage" if usage else "Licenses",
        status=status,
        term_duration=term,
        billing_cycle=BillingCycle.MONTHLY,
        auto_renew_enabled=random.random() < 0.8,
        creation_date=created,
        effective_start_date=start,
        commitment_end_date=ends,
    )
