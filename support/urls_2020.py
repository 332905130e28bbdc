"""The address customer requests had in 2020: the same area, redirected inside it (M4)."""

from django.urls import path

from support import views

urlpatterns = [
    path("", views.moved, name="support-moved"),
    path("/<path:rest>", views.moved, name="support-moved-rest"),
]
