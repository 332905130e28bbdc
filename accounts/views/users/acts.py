"""Disabling and enabling, ending sessions, asking for a new registration: each confirmed, each one POST."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from accounts.oidc.graph import graph_for
from accounts.users.acts import Act, Change
from accounts.users.changes import carry_out
from accounts.users.detail import find_person
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before, and said after."""

    title: Promise
    text: Promise
    button: Promise
    done: Promise
    acts: Sequence[Act]
    kind: str = "danger"


QUESTIONS = {
    "disable": Question(
        _("Disable %(name)s?"),
        _("%(name)s is signed out everywhere and can no longer sign in. You can enable the account again."),
        _("Disable"),
        _("%(name)s was disabled."),
        (Act.DISABLE,),
    ),
    "enable": Question(
        _("Enable %(name)s?"),
        _("%(name)s can sign in again, with the roles of before."),
        _("Enable"),
        _("%(name)s was enabled."),
        (Act.ENABLE,),
        kind="primary",
    ),
    "revoke-sessions": Question(
        _("Sign %(name)s out everywhere?"),
        _("%(name)s has to sign in again in every browser and application. This cannot be undone."),
        _("Sign out everywhere"),
        _("%(name)s was signed out everywhere."),
        (Act.REVOKE_SESSIONS,),
    ),
    "require-registration": Question(
        _("Require %(name)s to register again?"),
        _(
            "All verification methods of %(name)s are removed and %(name)s is signed out everywhere. A method has to"
            " be registered at the next sign-in that asks for one. This cannot be undone."
        ),
        _("Remove the methods"),
        _("%(name)s has to register a verification method again."),
        (Act.REQUIRE_REGISTRATION, Act.REVOKE_SESSIONS),
    ),
}


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@over_the_directory
def act(request: HttpRequest, user_id: UUID, name: str) -> HttpResponseBase:
    """Ask, then do. For Global admins: the directory refuses the others, and no page offers it to them."""
    viewer, question = viewer_of(request), QUESTIONS.get(name)
    if question is None or not viewer.everything:
        raise Http404
    graph = graph_for(request)
    person = find_person(graph, user_id)
    names = {"name": person.name}
    if request.method == "POST":
        changes = [Change(one) for one in question.acts]
        carry_out(graph=graph, tenant=viewer.tenant, actor=viewer.actor, person=person, changes=changes)
        messages.success(request, question.done % names)
        return HttpResponseRedirect(reverse("users:detail", args=[user_id]))
    context = {
        "person": person,
        "question": question,
        "title": question.title % names,
        "text": question.text % names,
        "is_self": str(user_id) == viewer.user.oid,
    }
    return render(request, "accounts/users/confirm.html", context)
