"""The lines of an invoice, one shape a billing provider."""

from datetime import datetime

from api.structs.base import Attributes, Shape


class LicenseLine(Shape, frozen=True):
    partner_id: str
    customer_id: str
    customer_name: str
    mpn_id: int
    tier2_mpn_id: int
    subscription_id: str
    offer_id: str
    offer_name: str
    domain_name: str
    billing_cycle_type: str
    subscription_name: str
    subscription_description: str
    subscription_start_date: datetime
    subscription_end_date: datetime
    charge_start_date: datetime
    charge_end_date: datetime
    charge_type: str
    unit_price: float
    quantity: int
    amount: float
    subtotal: float
    tax: float
    total_for_customer: float
    currency: str
    total_other_discount: float = 0.0
    invoice_line_item_type: str = "billing_line_items"
    billing_provider: str = "office"
    attributes: Attributes = Attributes(object_type="LicenseBasedLineItem")


class UsageLine(Shape, frozen=True):
    partner_id: str
    partner_name: str
    customer_id: str
    customer_company_name: str
    domain_name: str
    mpn_id: int
    tier2_mpn_id: int
    invoice_number: str
    subscription_id: str
    subscription_name: str
    subscription_description: str
    billing_cycle_type: str
    service_name: str
    sku: str
    consumed_quantity: int
    list_price: float
    pretax_charges: float
    tax_amount: float
    post_tax_total: float
    currency: str
    charge_type: str
    charge_start_date: datetime
    charge_end_date: datetime
    detail_line_item_id: int = 1
    included_quantity: int = 0
    invoice_line_item_type: str = "billing_line_items"
    billing_provider: str = "azure"
    attributes: Attributes = Attributes(object_type="UsageBasedLineItem")


class OneTimeLine(Shape, frozen=True):
    partner_id: str
    customer_id: str
    customer_name: str
    customer_domain_name: str
    customer_country: str
    invoice_number: str
    mpn_id: str
    reseller_mpn_id: int
    product_id: str
    sku_id: str
    product_name: str
    sku_name: str
    charge_type: str
    unit_price: float
    effective_unit_price: float
    quantity: int
    subtotal: float
    tax_total: float
    total_for_customer: float
    currency: str
    subscription_id: str
    subscription_start_date: datetime
    subscription_end_date: datetime
    charge_start_date: datetime
    charge_end_date: datetime
    term_and_billing_cycle: str
    pricing_currency: str
    billable_quantity: int
    invoice_line_item_type: str = "billing_line_items"
    billing_provider: str = "one_time"
    attributes: Attributes = Attributes(object_type="OneTimeInvoiceLineItem")


Line = LicenseLine | UsageLine | OneTimeLine
