"""The switches any service offers; public."""

from django.urls import path

from fluent import views

app_name = "fluent"
urlpatterns = [
    path("language", views.language, name="language"),
    path("theme", views.theme, name="theme"),
]
