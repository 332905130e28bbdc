"""Offers: the catalog as the older resources show it, by market."""

from functools import partial

from django.db.models import QuerySet

from api.call import Call
from api.faults import not_found
from api.markets import COUNTRY, market
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Subject, roles
from api.structs import catalog as shapes
from api.structs.base import Collection, Link, Links
from customers.models import OfferCategory, Sku


def _offers(country: str) -> "QuerySet[Sku]":
    return Sku.objects.sold_in(country).select_related("product").prefetch_related("prerequisites")


def _list(call: Call) -> Collection[shapes.Offer]:
    return _page(call, _offers(market(call)))


def _page(call: Call, rows: "QuerySet[Sku]") -> Collection[shapes.Offer]:
    shown = partial(_offer, call)
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=("country",))


def _get(call: Call) -> shapes.Offer:
    return _offer(call, _one(call))


def _one(call: Call) -> Sku:
    offer = _offers(market(call)).filter(pk=call.code("offer_id")).first()
    if offer is None:
        raise not_found("The offer")
    return offer


def _add_ons(call: Call) -> Collection[shapes.Offer]:
    offer = _one(call)
    return _page(call, _offers(market(call)).filter(prerequisites=offer))


def _offer(call: Call, sku: Sku) -> shapes.Offer:
    country, needed = market(call), [each.pk for each in sku.prerequisites.all()]
    return shapes.Offer(
        id=sku.pk,
        name=sku.title,
        description=sku.description,
        minimum_quantity=sku.minimum_quantity,
        maximum_quantity=sku.maximum_quantity,
        rank=sku.rank,
        uri=f"/offers/{sku.pk}",
        locale=call.locale,
        country=country,
        category=_category(call, OfferCategory(sku.category)),
        prerequisite_offers=needed,
        is_add_on=bool(needed),
        is_available_for_purchase=True,
        billing="usage" if sku.usage_based else "license",
        is_auto_renewable=not sku.is_trial,
        product=shapes.OfferProduct(id=sku.product_id, name=sku.product.title, unit=sku.unit_type),
        unit_type=sku.unit_type,
        links=Links(self_=Link(uri=f"/offers/{sku.pk}?country={country}")),
    )


def _categories(call: Call) -> Collection[shapes.OfferCategory]:
    items = [_category(call, each) for each in OfferCategory]
    uri = f"/offercategories?country={market(call)}"
    return Collection(total_count=len(items), items=items, links=Links(self_=Link(uri=uri)))


def _category(call: Call, category: OfferCategory) -> shapes.OfferCategory:
    return shapes.OfferCategory(
        id=category.value, name=str(category.label), rank=category.rank, locale=call.locale, country=market(call)
    )


PARTNER_ROLES = roles("A S H B G")
_row = partial(
    Operation,
    "GET",
    subject=Subject.DISCOVERY,
    auth=Auth.APP_USER,
    auth_2021=Auth.BOTH,
    roles=PARTNER_ROLES,
    gives=Collection[shapes.Offer],
    query=(COUNTRY, *OFFSET),
)

OPERATIONS = [
    _row("offers", _list, summary="List the offers of a market"),
    _row("offers/{offer_id}", _get, summary="Get an offer", gives=shapes.Offer, query=(COUNTRY,)),
    _row("offers/{offer_id}/addons", _add_ons, summary="List the add-ons of an offer"),
    _row(
        "offercategories",
        _categories,
        summary="List the categories of offers",
        gives=Collection[shapes.OfferCategory],
        query=(COUNTRY,),
    ),
]
