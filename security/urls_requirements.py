from django.urls import path

from security import views

app_name = "requirements"
urlpatterns = [
    path("", views.status, name="status"),
    path("/recompute", views.recompute, name="recompute"),
    path("/mails", views.mails, name="mails"),
    path("/mails/add", views.add_mail, name="mail-add"),
    path("/mails/<uuid:subscription_id>", views.mail_choices, name="mail"),
    path("/mails/<uuid:subscription_id>/ask-again", views.ask_mail_again, name="mail-ask-again"),
    path("/mails/<uuid:subscription_id>/remove", views.remove_mail, name="mail-remove"),
    path("/metrics", views.metrics, name="metrics"),
    path("/causes", views.causes, name="causes"),
    path("/causes/<int:finding_id>", views.cause, name="cause"),
    path("/accounts", views.accounts, name="accounts"),
    path("/portal-requests", views.portal_requests, name="portal-requests"),
    path("/portal-requests/file", views.portal_requests_file, name="portal-requests-file"),
    path("/api-requests", views.api_requests, name="api-requests"),
    path("/api-requests/file", views.api_requests_file, name="api-requests-file"),
    path("/api-requests/all", views.all_api_requests, name="all-api-requests"),
]
