"""Declarative lists: search, filters, sorting, keyset paging and CSV export from one declaration.

    LISTING = Listing(
        name="customers",
        columns=[Column("name", _("Name"), lambda c: c.company_name, sort="company_name"), ...],
        filters=[Filter("status", _("Status"), "state", choices=...)],
        search=("search_text",),
        default_sort="name",
    )

    def customer_list(request):
        return LISTING.answer(request, Customer.objects.visible_to(request.user), total=..., template="...")

The template extends `fluent/suite.html` and includes `fluent/listing.html`, which reads `page`.
"""

from fluent.listing.columns import Column, Filter, Kind
from fluent.listing.listing import Listing
from fluent.listing.page import Page
from fluent.listing.period import Period
from fluent.listing.text import folded, matching

__all__ = ["Column", "Filter", "Kind", "Listing", "Page", "Period", "folded", "matching"]
