"""Pages that show every component once, for axe and for the eye."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

from fluent.charts import Bar, Point
from fluent.shell import AccountCard, Entry, Link, Mfa, Section, Suite

PAGES = ("suite", "suite?wrong=1", "entrance", "entrance?wrong=1", "choose", "plain")


class Everything(forms.Form):
    email = forms.EmailField(label="Email", help_text="The address your organization gave you.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    role = forms.ChoiceField(label="Role", choices=[("a", "Admin agent"), ("b", "Sales agent")])
    method = forms.ChoiceField(
        label="Method",
        choices=[("a", "Authenticator app"), ("b", "Security key")],
        widget=forms.RadioSelect,
        help_text="Pick one.",
    )
    languages = forms.MultipleChoiceField(
        label="Languages", choices=[("a", "English"), ("b", "日本語")], widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(label="I have read what this does")
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))


NAVIGATION = [
    Section([Entry("Overview", "/suite", "home", current=True), Entry("Customers", "/suite", "people", locked=True)]),
    Section(
        [Entry("Customer requests", "/suite", "support"), Entry("Long partner support requests", "/x", "chat")],
        "Support",
    ),
    Section([Entry("Billing", "/suite", "receipt", locked=True), Entry("Service health", "/suite", "heart-pulse")]),
]


def gallery(request: HttpRequest, name: str) -> HttpResponse:
    messages.success(request, "The customer was added.")
    context: dict[str, Any] = {
        "navigation": NAVIGATION,
        "suite": Suite("/", "/search", "/settings", "/help"),
        "account": AccountCard(
            "Alejandra Ruiz",
            "alejandra@contoso.example",
            "Contoso",
            ["Admin agent"],
            Mfa.DONE,
            "/out",
            [Link("Me", "/me")],
        ),
        "branding": "Contoso",
        "identity": "alejandra@contoso.example",
        "back_url": "/entrance",
        "form": Everything({"email": "x"}) if "wrong" in request.GET else Everything(),
        "now": timezone.now(),
        "earlier": timezone.now() - timedelta(hours=5),
        "tabs": [{"label": "Subscriptions", "url": "#", "current": True}, {"label": "Users", "url": "#"}],
        "rows": range(4),
        "bars": [
            Bar("Mon", "Monday: 3 of 8", 3, 8),
            Bar("Tue", "Tuesday: nothing", 0, 0),
            Bar("Wed", "Wednesday", 5, 5),
        ],
        "points": [Point("1", 20), Point("2", 45), Point("3", None), Point("4", 100)],
    }
    if name != "entrance":
        context.pop("back_url")
    return render(request, f"{name}.html", context)


urlpatterns = [path("", include("fluent.urls")), path("<slug:name>", gallery)]
