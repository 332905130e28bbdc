"""What the demo's partners state about customers: accepted agreements, spending budgets, and a validation code."""

from datetime import timedelta
from typing import Any

from accounts.models import PartnerTenant
from customers.agreements import TEMPLATES
from customers.models import Agreement, Customer, SpendingBudget, ValidationCode
from partnercenter.demo.world import Demo, numbers


def seed_standing(demo: Demo, partner: PartnerTenant, plan: dict[str, Any], customers: list[Customer]) -> None:
    random, template = numbers("standing", plan["key"]), TEMPLATES[0]
    buyers = Customer.objects.filter(pk__in=[each.pk for each in customers], subscriptions__isnull=False).distinct()
    Agreement.objects.bulk_create(
        Agreement(
            customer=customer,
            type=template.type,
            template_id=template.id,
            date_agreed=customer.created_at + timedelta(hours=2),
            first_name=customer.billing_profile.first_name,
            last_name=customer.billing_profile.last_name,
            email=customer.email,
            confirmed_by=demo.tenant(plan["key"])["users"][0]["id"],
        )
        for customer in buyers.select_related("billing_profile").order_by("pk")
    )
    metered = buyers.filter(subscriptions__unit_type="Usage").order_by("pk")
    SpendingBudget.objects.bulk_create(
        SpendingBudget(
            customer=customer, amount=random.choice([100_000, 250_000, 500_000]), currency_code=plan["currency"]
        )
        for customer in metered
    )
    ValidationCode.objects.create(partner=partner, validation_id="12345", organization_name="City of Bellevue")
