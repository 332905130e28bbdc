"""The federation claim inspector: what third parties answered, and whether it proves MFA (V4, V7, V8, V9)."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access_rule, held_area_keys
from accounts.oidc.graph import graph_as_application
from customers.http import PartnerRequest
from security.claims.pasted import LONGEST, read_pasted
from security.claims.said import Said, Source, Unreadable
from security.claims.verdict import Finding, judge
from security.claims.words import (
    BEHAVIORS,
    COUNT_PROOFS,
    NOT_COUNTED,
    PROBLEMS,
    RESULTS,
    VERDICTS,
    lines_for,
    refusal_text,
)
from security.federation import PERMISSION, Answers, answer_of, answers_of, parties_of
from security.trouble import read_as_application

_SHOWN = 100
_LONGEST_KEY = 253  # of a domain's name


class PasteForm(forms.Form):
    """The name of its field says to the gate that it is never kept, not even while somebody verifies."""

    pasted_token = forms.CharField(
        label=_("Assertion or token"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "SAML as XML, the value of SAMLResponse, or a JWT. It is read here and forgotten: nothing is stored."
        ),
        error_messages={"max_length": _("The text is too large: more than 256 KB are not read.")},
    )
    said: Said | None = None

    def clean_pasted_token(self) -> str:
        text: str = self.cleaned_data["pasted_token"]
        try:
            self.said = read_pasted(text)
        except Unreadable as error:
            raise forms.ValidationError(PROBLEMS[error.problem]) from error
        return ""


@access_rule("security")
@require_safe
@read_as_application(PERMISSION, "Domain.Read.All")
def federation(request: PartnerRequest) -> HttpResponse:
    graph, party = graph_as_application(request.user.tenant_id), request.GET.get("party", "")[:_LONGEST_KEY]
    answers = answers_of(graph, party)
    parties = [] if party else parties_of(graph, answers.rows)
    context = {
        "party_name": (answers.rows[0].party if answers.rows else party) if party else "",
        "party": party,
        "answers": answers,
        "not_counted": COUNT_PROOFS if any(one.behavior == NOT_COUNTED for one in parties) else None,
        "parties": [(one, *BEHAVIORS.get(one.behavior, ("", ""))) for one in parties],
        "rows": _rows(answers),
        "shown": _SHOWN,
        "more": answers.more or len(answers.rows) > _SHOWN,
    }
    return render(request, "security/federation.html", context)


@access_rule("security")
@require_safe
@read_as_application(PERMISSION)
def answer(request: PartnerRequest, answer_id: UUID) -> HttpResponse:
    row = answer_of(graph_as_application(request.user.tenant_id), answer_id)
    if row is None:
        raise Http404
    context = {
        "row": row,
        "result": RESULTS[row.result],
        "refusal": refusal_text(row.refusal),
        "opens_users": "users" in held_area_keys(request),
        **_judged(row.said, row.finding),
    }
    return render(request, "security/answer.html", context)


@sensitive_post_parameters("pasted_token")
@access_rule("security")
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: PartnerRequest) -> HttpResponse:
    """What somebody pasted: shown once, in the answer to the form, and kept nowhere."""
    form = PasteForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid() and form.said is not None:
        context |= {"form": PasteForm(), **_judged(form.said, judge(form.said))}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "security/inspect.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _rows(answers: Answers) -> list[tuple[object, ...]]:
    return [(row, RESULTS[row.result], VERDICTS[row.finding.verdict]) for row in answers.rows[:_SHOWN]]


def _judged(said: Said, finding: Finding) -> dict[str, object]:
    return {
        "said": said,
        "finding": finding,
        "verdict": VERDICTS[finding.verdict],
        "lines": lines_for(finding.verdict),
        "is_assertion": said.source is Source.ASSERTION,
    }
