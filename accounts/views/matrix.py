"""The access matrix as a help page, generated from the table that is enforced."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Area, access_rule
from accounts.matrix import live_areas
from accounts.roles import PARTNER_ROLES, Role


@dataclass(frozen=True, slots=True)
class MatrixRow:
    area: Area
    ticks: tuple[bool, ...]
    minutes: int

    @property
    def open_to_all(self) -> bool:
        return Role.USER in self.area.roles


@access_rule("help")
@require_safe
def access_matrix(request: HttpRequest) -> HttpResponse:
    columns = [role for role in Role if role in PARTNER_ROLES] + [Role.USER]
    rows = [
        MatrixRow(
            area,
            tuple(role in area.roles for role in columns),
            int(area.freshness.total_seconds() // 60) if area.freshness else 0,
        )
        for area in live_areas()
        if not area.public
    ]
    return render(request, "accounts/access_matrix.html", {"columns": columns, "rows": rows})
