"""Giving and taking roles of one person."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.access import access_rule
from accounts.oidc.graph import graph_for
from accounts.roles import Role
from accounts.users.acts import Act, Change
from accounts.users.changes import carry_out
from accounts.users.detail import find_person
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import Viewer, viewer_of


class RolesForm(forms.Form):
    """`shown` is what was ticked when the page was made: only what the person changed is changed."""

    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)
    shown = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, offered: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in offered]
        for name in ("roles", "shown"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def changes(self) -> list[Change]:
        chosen, shown = set(self.cleaned_data["roles"]), set(self.cleaned_data["shown"])
        given = [Change(Act.ADD_ROLE, role) for role in Role if role.value in chosen - shown]
        return given + [Change(Act.REMOVE_ROLE, role) for role in Role if role.value in shown - chosen]


def roles_form(viewer: Viewer, held: frozenset[Role]) -> RolesForm:
    ticked = [role.value for role in viewer.changeable if role in held]
    return RolesForm(offered=viewer.changeable, initial={"roles": ticked, "shown": ticked})


@access_rule("users")
@require_POST
@over_the_directory
def change_roles(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    """Change the roles that were ticked or unticked; roles that are not the viewer's to change are no choices."""
    viewer, graph = viewer_of(request), graph_for(request)
    form = RolesForm(request.POST, offered=viewer.changeable)
    back = HttpResponseRedirect(reverse("users:detail", args=[user_id]))
    if not form.is_valid():
        messages.error(request, gettext("Your roles do not allow this change."))
        return back
    changes = form.changes()
    person = find_person(graph, user_id)
    carry_out(graph=graph, tenant=viewer.tenant, actor=viewer.actor, person=person, changes=changes)
    if changes:
        messages.success(request, gettext("The roles of %(name)s were changed.") % {"name": person.name})
    return back
