"""What an invoice charges for, in the shape of each billing provider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import PartnerTenant
from api.call import Call
from api.faults import bad_input
from api.moments import NEVER, midnight
from api.money import number
from api.paging import offset, seek, seek_in
from api.structs.base import Collection
from api.structs.line_items import LicenseLine, Line, OneTimeLine, UsageLine
from billing.models import BillingProvider, Invoice, LineItem
from billing.money import Money
from billing.unbilled import Pending, Period, as_lines, current, previous
from billing.unbilled import unbilled as unbilled_charges
from fluent.listing.keyset import Order
from profiles.models import Kind
from profiles.services import profile_of

UNBILLED = "unbilled"
_MOST = 2000
_AS_STORED = Order("id")
_KEPT = ("provider", "invoicelineitemtype", "currencycode", "period")
_PROVIDERS = {
    "office": BillingProvider.OFFICE,
    "azure": BillingProvider.AZURE,
    "onetime": BillingProvider.ONE_TIME,
    "one_time": BillingProvider.ONE_TIME,
    "marketplace": BillingProvider.ONE_TIME,
}
_ALL = "all"
_PERIODS: dict[str, Callable[[UUID, date], Period]] = {"current": current, "previous": previous}
_BILLING, _USAGE = "billinglineitems", "usagelineitems"


def of_invoice(call: Call, invoice: Invoice) -> Collection[Line]:
    """By offset where the path names the provider or the call has an offset, else by continuation token."""
    provider, kind = _asked(call)
    rows = LineItem.objects.visible_to(call.caller).filter(invoice=invoice)
    if kind == _USAGE:  # daily usage is not kept: usage is on the invoice as a whole
        rows = rows.none()
    elif provider != _ALL:
        rows = rows.filter(billing_provider=_PROVIDERS[provider])
    total = rows.count()
    rows = rows.select_related("customer").with_subscription()
    show = partial(_shown, about=_about(call, invoice.number))
    by_offset = "provider" in call.parts or call.given("offset") is not None
    if call.given("seekOperation") is not None or not by_offset:
        return seek(call, rows, _AS_STORED, show, total=total, default=_MOST, most=_MOST, kept=_KEPT)
    return offset(call, rows.order_by("pk"), show, total=total, default=_MOST, most=_MOST, kept=_KEPT)


def unbilled(call: Call) -> Collection[Line]:
    """What the next invoices will have, as of today; by continuation token. Usage is not measured: it has no lines."""
    provider, kind = _asked(call)
    period = _PERIODS.get(call.text("period").lower())
    if period is None:
        raise bad_input("period has to be current or previous.", "period")
    currency = call.text("currencycode").upper()
    if not currency:
        raise bad_input("currencycode is needed for unbilled line items, such as USD.", "currencycode")
    partner = call.caller.tenant
    days = period(partner.pk, timezone.now().date())
    rows = [] if kind == _USAGE else unbilled_charges(partner.pk, days, currency=currency)
    if provider != _ALL:
        rows = [row for row in rows if row.provider == _PROVIDERS[provider]]
    about = _about(call, "")

    def show(page: Sequence[Pending]) -> list[Line]:
        return [_shown(line, about=about) for line in as_lines(page)]

    return seek_in(call, rows, lambda row: row.position, show, default=_MOST, most=_MOST, kept=_KEPT)


def _asked(call: Call) -> tuple[str, str]:
    provider = call.parts.get("provider", call.text("provider")).lower()
    kind = call.parts.get("line_item_type", call.text("invoicelineitemtype")).lower()
    if provider not in {*_PROVIDERS, _ALL}:
        raise bad_input("provider has to be office, azure, onetime, marketplace or all.", "provider")
    if kind not in {_BILLING, _USAGE}:
        raise bad_input("invoicelineitemtype has to be BillingLineItems or UsageLineItems.", "invoicelineitemtype")
    return provider, kind


@dataclass(frozen=True, slots=True)
class _About:
    """What all lines of an answer share. There is no number before there is an invoice."""

    partner: PartnerTenant
    invoice_number: str
    mpn_id: int


def _about(call: Call, invoice_number: str) -> _About:
    return _About(call.caller.tenant, invoice_number, int(profile_of(call.caller, Kind.NETWORK).mpn_id or 0))


def _shown(line: Any, *, about: _About) -> Line:
    """`line` comes with what `with_subscription` adds."""
    return _SHAPES[BillingProvider(line.billing_provider)](line, about)


def _license(line: Any, about: _About) -> LicenseLine:
    subtotal = _amount(line.subtotal, line)
    return LicenseLine(
        **_whose(line, about),
        customer_name=line.customer_name,
        mpn_id=about.mpn_id,
        subscription_id=str(line.subscription_id or ""),
        offer_id=line.offer_id,
        offer_name=line.offer_name,
        billing_cycle_type=(line.billing_cycle or "").upper(),
        subscription_name=line.offer_name,
        subscription_description=line.offer_name,
        subscription_start_date=_moment(line.subscription_start),
        subscription_end_date=_moment(line.subscription_end),
        charge_start_date=midnight(line.charge_start),
        charge_end_date=midnight(line.charge_end),
        charge_type=_charge(line),
        unit_price=number(line.price),
        quantity=line.quantity,
        amount=subtotal,
        subtotal=subtotal,
        tax=number(line.tax),
        total_for_customer=number(line.total),
        currency=line.currency_code,
    )


def _usage(line: Any, about: _About) -> UsageLine:
    return UsageLine(
        **_whose(line, about),
        partner_name=about.partner.display_name,
        customer_company_name=line.customer_name,
        mpn_id=about.mpn_id,
        invoice_number=about.invoice_number,
        subscription_id=str(line.subscription_id or ""),
        subscription_name=line.offer_name,
        subscription_description=line.offer_name,
        billing_cycle_type=(line.billing_cycle or "").capitalize(),
        service_name=line.offer_name,
        sku=line.offer_id,
        consumed_quantity=line.quantity,
        list_price=number(line.price),
        pretax_charges=_amount(line.subtotal, line),
        tax_amount=number(line.tax),
        post_tax_total=number(line.total),
        currency=line.currency_code,
        charge_type=_charge(line),
        charge_start_date=midnight(line.charge_start),
        charge_end_date=midnight(line.charge_end),
    )


def _one_time(line: Any, about: _About) -> OneTimeLine:
    product, _colon, sku = line.offer_id.partition(":")
    customer = line.customer
    return OneTimeLine(
        partner_id=str(about.partner.pk),
        customer_id=str(customer.tenant_id) if customer else "",
        customer_name=line.customer_name,
        customer_domain_name=customer.domain if customer else "",
        customer_country=customer.country if customer else "",
        invoice_number=about.invoice_number,
        mpn_id=str(about.mpn_id),
        reseller_mpn_id=int(customer.associated_partner_id or 0) if customer else 0,
        product_id=product,
        sku_id=sku,
        product_name=line.offer_name,
        sku_name=line.offer_name,
        charge_type=_charge(line),
        unit_price=number(line.price),
        effective_unit_price=number(line.price),
        quantity=line.quantity,
        subtotal=_amount(line.subtotal, line),
        tax_total=number(line.tax),
        total_for_customer=number(line.total),
        currency=line.currency_code,
        subscription_id=str(line.subscription_id or ""),
        subscription_start_date=_moment(line.subscription_start),
        subscription_end_date=_moment(line.subscription_end),
        charge_start_date=midnight(line.charge_start),
        charge_end_date=midnight(line.charge_end),
        term_and_billing_cycle=(line.billing_cycle or "").replace("_", "-").capitalize(),
        pricing_currency=line.currency_code,
        billable_quantity=line.quantity,
    )


_SHAPES: dict[BillingProvider, Callable[[Any, _About], Line]] = {
    BillingProvider.OFFICE: _license,
    BillingProvider.AZURE: _usage,
    BillingProvider.ONE_TIME: _one_time,
}


def _whose(line: LineItem, about: _About) -> dict[str, Any]:
    """The wire says -1 where no indirect reseller is between."""
    customer = line.customer
    return {
        "partner_id": str(about.partner.pk),
        "customer_id": str(customer.tenant_id) if customer else "",
        "domain_name": customer.domain if customer else "",
        "tier2_mpn_id": int(customer.associated_partner_id or -1) if customer else -1,
    }


def _charge(line: LineItem) -> str:
    """As the reconciliation file spells it: `CycleCharge`."""
    return line.charge_type.replace("_", " ").title().replace(" ", "")


def _amount(minor: int, line: LineItem) -> float:
    return number(Money(minor, line.currency_code))


def _moment(day: date | None) -> datetime:
    return midnight(day) if day else NEVER
