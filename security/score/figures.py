"""What the score rests on, out of what the portal knows of one partner tenant."""

from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import PartnerTenant
from customers.models import Customer, Relationship
from security.models import AccountStatus, SecurityAlert, SecurityContact
from security.score.rules import Figures, Score, Share, weigh

_MONTH = timedelta(days=30)
_BILLED = (Relationship.RESELLER, Relationship.INDIRECT_RESELLER)


def figures_of(tenant: PartnerTenant, *, now: datetime) -> Figures:
    """Four queries. An alert that nobody acted upon yet counts with the time since it was detected."""
    accounts = _accounts(tenant)
    waited = ExpressionWrapper(Coalesce(F("acted_at"), Value(now)) - F("detected_at"), output_field=DurationField())
    recent = SecurityAlert.objects.filter(tenant=tenant, detected_at__gt=now - _MONTH)
    alerts = recent.aggregate(count=Count("pk"), response=Avg(waited))
    customers = Customer.objects.filter(partner=tenant, relationship_to_partner__in=_BILLED)
    budgets = customers.aggregate(all=Count("pk"), done=Count("spending_budget"))
    return Figures(
        admins=Share(accounts["admins_done"], accounts["admins"]) if accounts["admins"] else None,
        everybody=Share(accounts["done"], accounts["all"]) if accounts["all"] else None,
        alerts=alerts["count"],
        response=alerts["response"],
        contact=SecurityContact.objects.filter(tenant=tenant).exists(),
        budgets=Share(budgets["done"], budgets["all"]),
    )


def score_of(tenant: PartnerTenant, *, now: datetime) -> Score:
    return weigh(figures_of(tenant, now=now), today=now.date(), programs=tenant.program_set)


def _accounts(tenant: PartnerTenant) -> dict[str, int]:
    """Enabled accounts and administrators, and those of them with MFA enforced, as the last reading found."""
    enforced = ~Q(enforced_by="")
    return AccountStatus.objects.filter(tenant=tenant, enabled=True).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=enforced),
        admins=Count("pk", filter=Q(is_admin=True)),
        admins_done=Count("pk", filter=Q(is_admin=True) & enforced),
    )
