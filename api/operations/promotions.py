"""Promotions: what takes something off the price of a SKU for a while."""

from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from api.call import Call
from api.faults import bad_input, not_found
from api.markets import COUNTRY, market, segment
from api.operations.offers import PARTNER_ROLES
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Query, Subject
from api.structs import catalog as shapes
from api.structs.base import Collection
from customers.models import BillingCycle, Promotion, Segment, Sku


def _of(country: str, rows: "QuerySet[Promotion]") -> "QuerySet[Promotion]":
    return rows.filter(sku__in=Sku.objects.sold_in(country)).select_related("sku")


def _list(call: Call) -> Collection[shapes.Promotion]:
    country, wanted = market(call), segment(call, "segment")
    if not wanted:
        raise bad_input(f"segment has to be one of: {', '.join(Segment.values)}.", "segment")
    rows = _of(country, Promotion.objects.in_force(timezone.now())).filter(segment=wanted)
    kept = ("country", "segment")
    return offset(call, rows, _promotion, total=rows.order_by().count(), default=500, kept=kept)


def _get(call: Call) -> shapes.Promotion:
    """Also one that is over: invoices name promotions long after."""
    found = _of(market(call), Promotion.objects.all()).filter(pk=call.code("promotion_id")).first()
    if found is None:
        raise not_found("The promotion")
    return _promotion(found)


def _promotion(row: Promotion) -> shapes.Promotion:
    policy = shapes.PricingPolicy(policy_type="PercentDiscount", value=f"{row.percent_discount / 100:.2f}")
    required = shapes.RequiredProduct(
        product_id=row.sku.product_id,
        sku_id=row.sku.sku_id,
        term=shapes.PromotionTerm(
            duration=row.term_duration, billing_cycle=BillingCycle(row.billing_cycle).name.title().replace("_", "")
        ),
        pricing_policies=[policy],
    )
    return shapes.Promotion(
        id=row.pk,
        name=row.name,
        description=row.description,
        start_date=row.start_date,
        end_date=row.end_date,
        properties=shapes.PromotionProperties(is_auto_applicable=row.is_auto_applicable),
        required_products=[required],
    )


_row = partial(
    Operation, "GET", subject=Subject.DISCOVERY, auth=Auth.APP_USER, auth_2021=Auth.APP_USER, roles=PARTNER_ROLES
)
_SEGMENT = Query("segment", "Whose promotions.", (("type", "string"), ("enum", list(Segment.values))), required=True)

OPERATIONS = [
    _row(
        "productpromotions",
        _list,
        summary="List the promotions in force",
        gives=Collection[shapes.Promotion],
        query=(COUNTRY, _SEGMENT, *OFFSET),
    ),
    _row(
        "productpromotions/{promotion_id}",
        _get,
        summary="Get a promotion",
        gives=shapes.Promotion,
        query=(COUNTRY,),
    ),
]
