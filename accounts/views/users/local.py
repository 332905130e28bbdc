"""User management without a directory API: the people who have signed in, and roles assigned in the portal (M21)."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from accounts.models import User
from accounts.roles import Role
from accounts.users.local import LastAdministrator, NotYours, assign_local_roles, assignable_roles
from accounts.views.users.viewer import viewer_of
from fluent.listing import Column, Kind, Listing


def _roles_of(user: User) -> str:
    return ", ".join(str(role.label) for role in Role if role in user.roles and role is not Role.USER) or "—"


LOCAL_USERS: Listing[User] = Listing(
    name="users",
    caption=_("Users"),
    default_sort="name",
    columns=[
        Column(
            "name",
            _("Name"),
            lambda user: user.display_name,
            sort="display_name",
            link=lambda user: reverse("users:local", args=[user.pk]),
        ),
        Column("sign-in-name", _("User name"), lambda user: user.user_principal_name, sort="user_principal_name"),
        Column("roles", _("Roles"), _roles_of),
        Column(
            "state",
            _("Sign-in"),
            lambda user: _("Enabled") if user.is_active else _("Disabled"),
            kind=Kind.BADGE,
            badge=lambda user: "success" if user.is_active else "danger",
        ),
        Column("known", _("First sign-in"), lambda user: user.created_at, sort="created_at", kind=Kind.DATE),
        Column("subject", _("Subject"), lambda user: user.subject, shown=False),
    ],
)


def local_list(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = User.objects.filter(tenant=viewer.tenant).select_related("tenant")
    return LOCAL_USERS.answer(request, rows, template="accounts/users/local_list.html")


class LocalRolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles assigned here"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label) for role in choices]  # type: ignore[attr-defined]


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
def local_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person the portal knows, and the roles assigned here."""
    if settings.GRAPH_URL:
        raise Http404  # where the directory keeps the roles there is one place to change them
    viewer = viewer_of(request)
    user = get_object_or_404(User.objects.select_related("tenant"), tenant=viewer.tenant, pk=user_id)
    offered = assignable_roles(viewer.user.roles)
    kept = {role for role in Role if role.value in user.local_roles and role not in offered}
    form = LocalRolesForm(request.POST or None, choices=offered, initial={"roles": user.local_roles})
    if request.method == "POST":
        form = LocalRolesForm(request.POST, choices=offered)
        if form.is_valid() and _assign(form, user, viewer.user, kept):
            messages.success(request, gettext("The roles of %(name)s were changed.") % {"name": user.display_name})
            return HttpResponseRedirect(reverse("users:local", args=[user.pk]))
    provided = [role for role in Role if role.value in user.projected_roles]
    context = {"person": user, "form": form, "provided": provided, "kept": sorted(kept)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/local_user.html", context, status=status)


def _assign(form: LocalRolesForm, user: User, by: User, kept: set[Role]) -> bool:
    roles = {Role(name) for name in form.cleaned_data["roles"]} | kept
    actor = by.oid or by.subject
    try:
        assign_local_roles(user=user, roles=roles, by=by.roles, actor=actor)
    except LastAdministrator:
        form.add_error("roles", gettext("This is the last Global admin. Give the role to somebody else first."))
    except NotYours:
        form.add_error("roles", gettext("Your roles do not allow this change."))
    return not form.errors
