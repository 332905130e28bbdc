"""Products, their SKUs, and where those are available."""

from functools import partial

from django.db.models import QuerySet

from api.call import Call
from api.faults import bad_input, not_found
from api.markets import COUNTRY, SEGMENT, chosen, market, segment
from api.operations.offers import PARTNER_ROLES
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Query, Subject
from api.structs import catalog as shapes
from api.structs.base import Collection, Link, Links
from customers.currencies import currency_symbol, market_currency
from customers.models import Availability, Product, ProductType, Sku, TermDuration

_VIEWS = {
    "Azure": ProductType.AZURE.value,
    "AzureReservations": "",
    "AzureReservationsVM": "",
    "AzureReservationsSQL": "",
    "AzureReservationsCosmosDb": "",
    "MicrosoftAzure": ProductType.AZURE.value,
    "OnlineServices": ProductType.ONLINE_SERVICES.value,
    "Software": "",
    "SoftwareSUSELinux": "",
    "SoftwarePerpetual": "",
    "SoftwareSubscriptions": "",
}
"""Catalog views that clients may name, and the type of product they show; this catalog has no other types."""
_KEPT = ("country", "targetView", "targetSegment")


def _list(call: Call) -> Collection[shapes.Product]:
    country, view = market(call), chosen(call, "targetView", _VIEWS)
    if not view:
        raise bad_input(f"targetView has to be one of: {', '.join(_VIEWS)}.", "targetView")
    rows = Product.objects.sold_in(country, segment(call)).filter(product_type=_VIEWS[view]).order_by("title", "pk")
    shown = partial(_product, country)
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=_KEPT)


def _get(call: Call) -> shapes.Product:
    return _product(market(call), _one(call))


def _one(call: Call) -> Product:
    product = Product.objects.sold_in(market(call)).filter(pk=call.code("product_id")).first()
    if product is None:
        raise not_found("The product")
    return product


def _product(country: str, product: Product) -> shapes.Product:
    path = f"/products/{product.pk}"
    return shapes.Product(
        id=product.pk,
        title=product.title,
        description=product.description,
        product_type=shapes.ItemType(
            id=product.product_type, display_name=str(ProductType(product.product_type).label)
        ),
        is_microsoft_product=product.is_microsoft_product,
        publisher_name=product.publisher_name,
        links=shapes.ProductLinks(
            self_=Link(uri=f"{path}?country={country}"), skus=Link(uri=f"{path}/skus?country={country}")
        ),
    )


def _skus_of(product: Product, country: str, wanted: str = "") -> "QuerySet[Sku]":
    rows = Sku.objects.sold_in(country, wanted).filter(product=product)
    return rows.with_prices(market_currency(country))


def _skus(call: Call) -> Collection[shapes.Sku]:
    country = market(call)
    rows = _skus_of(_one(call), country, segment(call))
    shown = partial(_sku, country)
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=_KEPT)


def _get_sku(call: Call) -> shapes.Sku:
    return _sku(market(call), _one_sku(call, _one(call)))


def _one_sku(call: Call, product: Product) -> Sku:
    sku = _skus_of(product, market(call)).filter(sku_id=call.code("sku_id")).first()
    if sku is None:
        raise not_found("The SKU")
    return sku


def _sku(country: str, sku: Sku) -> shapes.Sku:
    path, needed = f"/products/{sku.product_id}/skus/{sku.sku_id}", [each.pk for each in sku.prerequisites.all()]
    return shapes.Sku(
        id=sku.sku_id,
        product_id=sku.product_id,
        title=sku.title,
        description=sku.description,
        minimum_quantity=sku.minimum_quantity,
        maximum_quantity=sku.maximum_quantity,
        is_trial=sku.is_trial,
        supported_billing_cycles=sorted({price.billing_cycle for price in sku.prices.all()}),
        purchase_prerequisites=[],
        inventory_variables=[],
        provisioning_variables=["ParentSubscriptionId"] if needed else [],
        dynamic_attributes={"isAddon": bool(needed), "prerequisiteSkus": needed, "unitOfMeasure": sku.unit_type},
        links=shapes.SkuLinks(
            self_=Link(uri=f"{path}?country={country}"),
            availabilities=Link(uri=f"{path}/availabilities?country={country}"),
        ),
    )


def _availabilities(call: Call) -> Collection[shapes.Availability]:
    product = _one(call)
    sku = _one_sku(call, product)
    rows, wanted = sku.availabilities.filter(country=market(call)), segment(call)
    rows = rows.filter(segment=wanted) if wanted else rows
    shown = partial(_availability, product, sku)
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=_KEPT)


def _get_availability(call: Call) -> shapes.Availability:
    product = _one(call)
    sku = _one_sku(call, product)
    rows = sku.availabilities.filter(country=market(call))
    found = rows.filter(availability_id=call.code("availability_id")).first()
    if found is None:
        raise not_found("The availability")
    return _availability(product, sku, found)


def _availability(product: Product, sku: Sku, row: Availability) -> shapes.Availability:
    country, currency = row.country, market_currency(row.country)
    path = f"/products/{product.pk}/skus/{sku.sku_id}/availabilities/{row.availability_id}"
    sold = {price.term_duration for price in sku.prices.all()}
    return shapes.Availability(
        id=row.availability_id,
        product_id=product.pk,
        sku_id=sku.sku_id,
        catalog_item_id=row.catalog_item_id,
        default_currency=shapes.Currency(code=currency, symbol=currency_symbol(currency)),
        segment=row.segment,
        country=country,
        is_purchasable=bool(sold),
        is_renewable=not sku.is_trial,
        terms=[
            shapes.Term(duration=term.value, description=str(term.label)) for term in TermDuration if term.value in sold
        ],
        product=_product(country, product),
        sku=_sku(country, sku),
        links=Links(self_=Link(uri=f"{path}?country={country}")),
    )


_row = partial(
    Operation, "GET", subject=Subject.DISCOVERY, auth=Auth.APP_USER, auth_2021=Auth.BOTH, roles=PARTNER_ROLES
)
_VIEW = Query("targetView", "A view of the catalog.", (("type", "string"), ("enum", list(_VIEWS))), required=True)
_SKU = "products/{product_id}/skus/{sku_id}"

OPERATIONS = [
    _row(
        "products",
        _list,
        summary="List the products of a market",
        gives=Collection[shapes.Product],
        query=(COUNTRY, _VIEW, SEGMENT, *OFFSET),
    ),
    _row("products/{product_id}", _get, summary="Get a product", gives=shapes.Product, query=(COUNTRY,)),
    _row(
        "products/{product_id}/skus",
        _skus,
        summary="List the SKUs of a product",
        gives=Collection[shapes.Sku],
        query=(COUNTRY, SEGMENT, *OFFSET),
    ),
    _row(_SKU, _get_sku, summary="Get a SKU", gives=shapes.Sku, query=(COUNTRY,)),
    _row(
        f"{_SKU}/availabilities",
        _availabilities,
        summary="List the availabilities of a SKU",
        gives=Collection[shapes.Availability],
        query=(COUNTRY, SEGMENT, *OFFSET),
    ),
    _row(
        f"{_SKU}/availabilities/{{availability_id}}",
        _get_availability,
        summary="Get an availability",
        gives=shapes.Availability,
        query=(COUNTRY,),
    ),
]
