"""The sign-in pages. Each step's URL bears the name of its `Step`."""

from django.urls import path

from entra.signin.views.step import step

app_name = "signin"
urlpatterns = [
    path("<str:interaction_id>", step, name="step"),
]
