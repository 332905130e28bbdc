"""Fills the portal with the demo world; a second run changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from partnercenter.demo.billing import seed_invoices
from partnercenter.demo.catalog import seed_catalog
from partnercenter.demo.customers import seed_customers
from partnercenter.demo.incidents import seed_incidents
from partnercenter.demo.orders import seed_add_ons, seed_orders
from partnercenter.demo.partners import enrol_partners
from partnercenter.demo.profiles import seed_profiles
from partnercenter.demo.requests import seed_requests
from partnercenter.demo.standing import seed_standing
from partnercenter.demo.world import Demo


class Command(BaseCommand):
    help = "Enrols the demo partners and fills them with customers, invoices and requests. Safe to repeat."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            message = "Demo data is loaded in demo mode only (DEMO=1)."
            raise CommandError(message)
        demo = Demo(folder=settings.BASE_DIR / "demo", now=timezone.now())
        partners = enrol_partners(demo)
        seed_catalog(demo)
        seed_incidents(demo)
        for plan in demo.catalog["partners"]:
            partner = partners[plan["key"]]
            if Customer.objects.filter(partner=partner).exists():
                continue
            seed_profiles(demo, partner, plan)
            customers = seed_customers(demo, partner, plan)
            seed_add_ons(demo, partner, plan)
            seed_orders(partner, plan)
            seed_invoices(demo, partner, plan)
            seed_standing(demo, partner, plan, customers)
            seed_requests(demo, partner, plan, customers)
            self.stdout.write(f"{partner.display_name}: {len(customers)} customers, {plan['requests']} requests")
