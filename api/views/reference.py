"""The reference of the REST API, made from the registry: pages, and the OpenAPI document to download."""

from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from api.examples import curl
from api.openapi import as_json, configured, operation_id, role_labels
from api.operations import OPERATIONS
from api.registry import Edition, Subject
from api.schema_rows import rows_of


@require_safe
@access_rule("help")
def reference(request: HttpRequest) -> HttpResponse:
    ordered = sorted(OPERATIONS, key=lambda row: list(Subject).index(row.subject))
    edition = Edition(settings.API_EDITION)
    groups = [
        (subject.label, [(row, operation_id(row), row.takes_app_only(edition)) for row in rows])
        for subject, rows in groupby(ordered, key=lambda row: row.subject)
    ]
    return render(request, "api/reference.html", {"groups": groups, "edition": edition.value})


@require_safe
@access_rule("help")
def operation(request: HttpRequest, key: str) -> HttpResponse:
    row = next((row for row in OPERATIONS if operation_id(row) == key), None)
    if row is None:
        raise Http404
    document = configured()
    described = document["paths"][row.path][row.method.lower()]
    responses = described["responses"]
    context = {
        "row": row,
        "roles": role_labels(row),
        "app_only": row.takes_app_only(Edition(settings.API_EDITION)),
        "parameters": described["parameters"],
        "refusals": [(status, said["description"]) for status, said in responses.items() if status >= "400"],
        "takes": rows_of(described.get("requestBody", {}).get("content", {}), document),
        "gives": rows_of(responses[str(int(row.status))].get("content", {}), document),
        "example": curl(row),
    }
    return render(request, "api/operation.html", context)


@require_safe
@access_rule("help")
def openapi(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(as_json(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="partner-center-openapi.json"'
    return response
