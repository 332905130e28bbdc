"""Where the links of mails lead, signed in or not (M16)."""

from django.urls import path

from security import views

app_name = "security-mails"
urlpatterns = [
    path("/confirm/<str:token>", views.confirm_mail, name="confirm"),
    path("/unsubscribe/<str:token>", views.unsubscribe_mail, name="unsubscribe"),
]
