"""The sign-in report (Q7): who signed in with and without MFA, and why it was asked for or not."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access_rule, held_area_keys
from accounts.oidc.graph import graph_as_application
from customers.http import PartnerRequest
from fluent.listing.columns import cells
from fluent.listing.export import as_attachment, csv_lines
from fluent.listing.page import Heading, Page
from fluent.listing.query import ListQuery
from msgraph.client import GraphClient, GraphRefused, part
from security.sign_ins.asked import (
    APPLICATION,
    CHOICES,
    FILTERS,
    PERIOD,
    condition_of,
    continued,
    read_query,
    token_for,
)
from security.sign_ins.columns import COLUMNS, RESULTS, mfa_badge, policies_text, protocol_text
from security.sign_ins.export import MOST, rows_for_file
from security.sign_ins.row import SignIn, sign_in_of
from security.sign_ins.why import why
from security.trouble import read_as_application

PATH = "beta/auditLogs/signIns"  # the steps of a sign-in are in beta alone
PERMISSION = "AuditLog.Read.All"
_PAGE_SIZE = "30"
R = TypeVar("R")


@access_rule("security")
@require_safe
@read_as_application(PERMISSION)
def sign_in_list(request: PartnerRequest) -> HttpResponseBase:
    graph, query = graph_as_application(request.user.tenant_id), read_query(request.GET)
    if request.GET.get("format") == "csv":
        return _file(graph, query)
    address = continued(request.GET.get("after", ""), request.user.tenant_id, query)
    found = _narrowed(query, lambda: graph.page(PATH, continued=address, **asked_of(query, _PAGE_SIZE)))
    rows = [sign_in_of(row) for row in found.rows]
    after = token_for(found.next, request.user.tenant_id, query)
    page = _page(request, query, rows, after=after, first=not address)
    status = HTTPStatus.BAD_REQUEST if page.problems else HTTPStatus.OK
    return render(request, "security/sign_ins.html", {"page": page, "most": MOST}, status=status)


@access_rule("security")
@require_safe
@read_as_application(PERMISSION)
def sign_in_detail(request: PartnerRequest, sign_in_id: UUID) -> HttpResponse:
    row = sign_in_of(graph_as_application(request.user.tenant_id).get(f"{PATH}/{part(sign_in_id)}"))
    context = {
        "row": row,
        "why": why(row),
        "result": RESULTS[row.result],
        "mfa": mfa_badge(row),
        "policies": policies_text(row),
        "protocol": protocol_text(row),
        "opens_users": "users" in held_area_keys(request),
    }
    return render(request, "security/sign_in.html", context)


def asked_of(query: ListQuery, top: str) -> dict[str, str]:
    condition = condition_of(query)
    return {"orderby": "createdDateTime desc", "top": top, **({"filter": condition} if condition else {})}


def _file(graph: GraphClient, query: ListQuery) -> HttpResponseBase:
    """The newest that match. What fails at the start is a page; later the file says that it ends early."""
    if query.problems:
        return _unclear(query)
    rows = _narrowed(query, lambda: rows_for_file(graph, PATH, asked_of(query, "1000")))
    if query.problems:
        return _unclear(query)
    lines = csv_lines([str(column.title) for column in COLUMNS], rows)
    return as_attachment(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), "sign-ins")


def _unclear(query: ListQuery) -> HttpResponse:
    """A file with other rows than asked for would go unnoticed."""
    text = "\n".join(query.problems)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=HTTPStatus.BAD_REQUEST)


def _narrowed(query: ListQuery, read: Callable[[], R]) -> R:
    """What is read; once more without the filter by MFA at a directory that does not know it, and that is a problem."""
    try:
        return read()
    except GraphRefused as refused:
        if refused.status != HTTPStatus.BAD_REQUEST or "mfa" not in query.chosen:
            raise
        del query.chosen["mfa"]
        query.problems.append(_("Your directory cannot narrow sign-ins by MFA; all of them are shown."))
        return read()


def _page(request: PartnerRequest, query: ListQuery, rows: list[SignIn], *, after: str, first: bool) -> Page:
    columns = [column for column in COLUMNS if column.shown]
    return Page(
        name="sign-ins",
        caption=_("Sign-ins"),
        headings=[Heading(column.title, "", "start") for column in columns],
        rows=[cells(columns, row) for row in rows],
        filters=_form(query),
        searchable=True,
        placeholder=_("Start of a name or user name"),
        text=query.text,
        sort=query.sort,
        asked_sort="",
        narrowed=query.narrowed or not first,
        problems=query.problems,
        total=None,
        at_least=False,
        previous="" if first else _url(query),
        next=_url(query, after=after) if after else "",
        clear_url=request.path,
        export_url=_url(query, format="csv"),
    )


def _url(query: ListQuery, **extra: str) -> str:
    data = QueryDict(mutable=True)
    if query.text:
        data["q"] = query.text
    data.update(query.conditions)
    data.update(extra)
    return f"?{data.urlencode()}"


def _form(query: ListQuery) -> forms.Form:
    form: forms.Form = forms.Form(initial=query.conditions, use_required_attribute=False)
    fields: dict[str, Any] = {
        each.key: forms.ChoiceField(label=str(each.title), choices=[("", _("All")), *CHOICES[each.key]])
        for each in FILTERS
    }
    form.fields.update(fields | {APPLICATION: forms.CharField(label=_("Application"))} | PERIOD.fields())
    return form
