"""The list of people: from the directory, or where there is none the people the portal knows."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.models import User
from accounts.oidc.graph import NoDirectory, graph_for
from accounts.roles import Role
from accounts.users.assignment import kept_roles
from accounts.users.columns import COLUMNS, FILTERS, REPORT_COLUMNS, REPORT_FILTERS
from accounts.users.finding import Found, LastSignIn, Wanted, everybody, find
from accounts.users.person import AccountClass, Person
from accounts.views.users.local import local_list
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import Viewer, viewer_of
from fluent.listing.columns import Choices, Column, cells
from fluent.listing.export import as_attachment, csv_lines
from fluent.listing.page import Heading, Page
from fluent.listing.query import ListQuery, read
from msgraph.client import GraphClient

_SALT = "accounts.users.list"
_DEFAULT_SORT = "name"


@access_rule("users")
@require_safe
@over_the_directory
def user_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody in the organization's directory, searched, filtered and paged there."""
    try:
        graph = graph_for(request)
    except NoDirectory:
        return local_list(request)
    viewer = viewer_of(request)
    query = _read(request.GET, viewer)
    wanted = _wanted(query)
    if request.GET.get("format") == "csv":
        return _file(graph, viewer, wanted, query)
    continued = _continued(request, viewer, query)
    found = find(graph, viewer.tenant, wanted, reports=viewer.reports, continued=continued)
    page = _page(request, viewer, query, found, first=not continued)
    status = HTTPStatus.BAD_REQUEST if page.problems else HTTPStatus.OK
    context = {"page": page, "partial": found.partial, "viewer": viewer, "looked_on": bool(found.next)}
    return render(request, "accounts/users/list.html", context, status=status)


def _columns(viewer: Viewer) -> list[Column[Any]]:
    return [*COLUMNS, *REPORT_COLUMNS] if viewer.reports else list(COLUMNS)


def _choices(viewer: Viewer) -> dict[str, Choices]:
    roles = [(role.value, role.label) for role in kept_roles(viewer.tenant)]
    return {"role": roles} | {
        each.key: each.choices(User.objects.none()) for each in _filters(viewer) if each.key != "role"
    }


def _filters(viewer: Viewer) -> list[Any]:
    return [*FILTERS, *REPORT_FILTERS] if viewer.reports else list(FILTERS)


def _read(data: QueryDict, viewer: Viewer) -> ListQuery:
    query = read(
        data,
        columns=_columns(viewer),
        filters=_filters(viewer),
        choices=_choices(viewer),
        default_sort=_DEFAULT_SORT,
    )
    if data.get("format", "csv") != "csv":
        query.problems.append(_("The list can be exported as csv only."))
    return query


def _wanted(query: ListQuery) -> Wanted:
    chosen = query.chosen
    return Wanted(
        text=query.text,
        role=Role(chosen["role"]) if "role" in chosen else None,
        registered=chosen["mfa"] == "registered" if "mfa" in chosen else None,
        guest=chosen["type"] == "guest" if "type" in chosen else None,
        account_class=AccountClass(chosen["class"]) if "class" in chosen else None,
        last=LastSignIn(chosen["last"]) if "last" in chosen else None,
        by_sign_in_name=query.sort.removeprefix("-") == "sign-in-name",
        descending=query.sort.startswith("-"),
    )


def _file(graph: GraphClient, viewer: Viewer, wanted: Wanted, query: ListQuery) -> HttpResponseBase:
    """Everybody the filters leave, row by row. What fails at the start is a page; later the file breaks off."""
    if query.problems:  # a file with other rows than asked for would go unnoticed
        text = "\n".join(query.problems)
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=HTTPStatus.BAD_REQUEST)
    people = everybody(graph, viewer.tenant, wanted, reports=viewer.reports)
    first = list(_taken(people, 1))
    rows = ([(column.plain or column.value)(person) for column in _columns(viewer)] for person in chain(first, people))
    titles = [str(column.title) for column in _columns(viewer)]
    return as_attachment(
        StreamingHttpResponse(csv_lines(titles, rows), content_type="text/csv; charset=utf-8"), "users"
    )


def _taken(people: Iterator[Person], count: int) -> Iterator[Person]:
    for _number, person in zip(range(count), people, strict=False):
        yield person


def _continued(request: HttpRequest, viewer: Viewer, query: ListQuery) -> str:
    """The directory's own address of the page asked for, out of a token that only the portal can make."""
    token = request.GET.get("after", "")
    if not token:
        return ""
    try:
        state, address = signing.loads(token, salt=_SALT)
        if state != _state(viewer, query):
            raise signing.BadSignature
    except (signing.BadSignature, ValueError, TypeError):
        query.problems.append(_("The link to this page of the list is not valid; the list starts anew."))
        return ""
    return str(address)


def _state(viewer: Viewer, query: ListQuery) -> list[Any]:
    """What a token is good for: this list in this order, for people of this tenant who see as much."""
    return [str(viewer.tenant.pk), viewer.reports, query.text, sorted(query.chosen.items()), query.sort]


def _page(request: HttpRequest, viewer: Viewer, query: ListQuery, found: Found, *, first: bool) -> Page:
    after = signing.dumps((_state(viewer, query), found.next), salt=_SALT, compress=True) if found.next else ""
    columns = [column for column in _columns(viewer) if column.shown]
    return Page(
        name="users",
        caption=_("Users"),
        headings=[Heading(column.title, column.key if column.sort else "", "start") for column in columns],
        rows=[cells(columns, person) for person in found.people],
        filters=_form(viewer, query),
        searchable=True,
        placeholder=_("Start of a name or user name"),
        text=query.text,
        sort=query.sort,
        asked_sort=query.sort if query.sort != _DEFAULT_SORT else "",
        narrowed=query.narrowed or not first,
        problems=query.problems,
        total=found.count,
        at_least=False,
        previous="",
        next=_url(query, after=after) if after else "",
        clear_url=request.path,
        export_url=_url(query, format="csv"),
    )


def _url(query: ListQuery, **extra: str) -> str:
    data = QueryDict(mutable=True)
    if query.text:
        data["q"] = query.text
    data.update(query.chosen)
    if query.sort != _DEFAULT_SORT:
        data["sort"] = query.sort
    data.update(extra)
    return f"?{data.urlencode()}"


def _form(viewer: Viewer, query: ListQuery) -> forms.Form:
    form, choices = forms.Form(initial=query.chosen, use_required_attribute=False), _choices(viewer)
    for each in _filters(viewer):
        form.fields[each.key] = forms.ChoiceField(label=str(each.title), choices=[("", _("All")), *choices[each.key]])
    return form
