"""The demo's own pages."""

from django.urls import path

from entra.signin.views.demo import outbox, outbox_mail, personas

app_name = "demo"
urlpatterns = [
    path("personas", personas, name="personas"),
    path("outbox", outbox, name="outbox"),
    path("outbox/<str:mail_id>", outbox_mail, name="mail"),
]
