"""Asking people to register: an act of user management, under the rule of its row (M8)."""

from django.urls import path

from security import views

app_name = "asking"
urlpatterns = [
    path("", views.ask_list, name="list"),
    path("/preview", views.ask_preview, name="preview"),
    path("/send", views.ask_send, name="send"),
]
