"""The help pages (M17)."""

from django.urls import path

from partnercenter import help as pages

app_name = "help"
urlpatterns = [
    path("", pages.index, name="index"),
    path("/terms", pages.terms, name="terms"),
    path("/mfa-questions", pages.questions, name="questions"),
    path("/verification-examples", pages.verification_examples, name="verification-examples"),
    path("/verification-examples/<slug:slug>", pages.verification_example, name="verification-example"),
]
