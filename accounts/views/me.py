"""Pages about the signed-in person: profile, *Why can I / can't I*, and a form that waited for verification."""

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import held_posts, refusals, sessions
from accounts.access import Area, Verdict, access_rule
from accounts.evidence import best_proof
from accounts.gate import judge
from accounts.matrix import find_area, live_areas, segments
from accounts.models import HeldPost
from accounts.roles import Role
from secretstore import SecretUnreadable


@access_rule("help")
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who the portal thinks this is: account, roles that count, and what was proven in this session."""
    session = sessions.of(request)
    if session is None:
        raise Http404
    context = {
        "session": session,
        "roles": [role for role in Role if role in session.user.roles and role is not Role.USER],
        "proof": best_proof(session.evidence),
        "evidence": session.evidence,
        "others": sessions.others(session),
    }
    return render(request, "accounts/profile.html", context)


@access_rule("help")
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere else (ASVS 7.4.3)."""
    session = sessions.of(request)
    if session is None:
        raise Http404
    ended = sessions.end_others(session)
    message = ngettext("%(count)d other session was ended.", "%(count)d other sessions were ended.", ended)
    messages.success(request, message % {"count": ended})
    return HttpResponseRedirect(reverse("accounts:profile"))


class WhyForm(forms.Form):
    path = forms.CharField(label=_("Page address or path"), max_length=2000)

    def clean_path(self) -> str:
        """Accept a pasted address of this portal as well as a bare path."""
        typed = self.cleaned_data["path"].strip()
        try:
            path = urlsplit(typed).path
        except ValueError:  # such as `http://[`: no row of the matrix covers it, and the page says so
            path = typed
        return path if path.startswith("/") else f"/{path}"


@access_rule("help")
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Explain the decision about any page, from the same table and the same `decide` that enforce it."""
    form = WhyForm(request.GET if "path" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        area = _area(form.cleaned_data["path"])
        context |= {"path": form.cleaned_data["path"], "area": area}
        if area is not None:
            context["decision"] = judge(request, area)
            context["needed"] = [role for role in Role if role in area.roles]
    return render(request, "accounts/why.html", context)


def _area(path: str) -> Area | None:
    parts = segments(path)
    return find_area(live_areas(), parts) if parts is not None else None


@access_rule("help")
@require_safe
def held(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """Show a held form again, filled in. Only the person's own click sends it, with a new CSRF token."""
    session = sessions.of(request)
    if session is None:
        raise Http404
    try:
        post = held_posts.of_session(session).get(pk=held_id)
        fields = held_posts.fields_of(post)
        area = _area(post.path.partition("?")[0])
    except (HeldPost.DoesNotExist, SecretUnreadable):
        return render(request, "accounts/held_gone.html", status=410)
    outcome = judge(request, area).outcome if area is not None else Verdict.ALLOW
    if area is not None and outcome is Verdict.BLOCKED:
        return refusals.blocked(request, area)  # another step-up is for the person to start, or it would be a loop
    if outcome is Verdict.VERIFY_MFA:
        request.operation = None  # type: ignore[attr-defined] # a redirect to step-up is no operation (Q10)
        return HttpResponseRedirect(f"{reverse('oidc_step_up')}?{urlencode({'held': post.pk})}")
    uploads = list(post.uploads.all())
    context = {"post": post, "form": held_form(post, fields), "uploads": uploads, "multipart": bool(uploads)}
    return render(request, "accounts/held.html", context)


class SeveralValues(forms.Field):
    """A field that was sent with several values, such as check boxes; all of them are sent again."""

    widget = forms.MultipleHiddenInput
    hidden_widget = forms.MultipleHiddenInput


def held_form(post: HeldPost, kept: list[tuple[str, str]]) -> forms.Form:
    """Return a form with the kept fields under their own names, so that the page they belong to reads them."""
    values: dict[str, list[str]] = {}
    for name, value in kept:
        values.setdefault(name, []).append(value)
    values.pop("csrfmiddlewaretoken", None)
    form = forms.Form(use_required_attribute=False)  # which fields are required is for their own page to say
    for name, given in values.items():
        form.fields[name] = _held_field(name, given)
    form.fields[held_posts.HELD_FIELD] = forms.CharField(widget=forms.HiddenInput, initial=str(post.pk))
    return form


def _held_field(name: str, given: list[str]) -> forms.Field:
    if len(given) > 1:
        return SeveralValues(initial=given)
    # The form's own label where it is named like the field, in the person's language; else the name itself.
    label = gettext(name.replace("_", " ").replace("-", " ").capitalize())
    long = "\n" in given[0] or len(given[0]) > 80
    return forms.CharField(label=label, initial=given[0], widget=forms.Textarea if long else forms.TextInput)
