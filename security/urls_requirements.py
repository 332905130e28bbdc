from django.urls import path

from security import views

app_name = "requirements"
urlpatterns = [
    path("", views.status, name="status"),
    path("/recompute", views.recompute, name="recompute"),
    path("/metrics", views.metrics, name="metrics"),
    path("/accounts", views.accounts, name="accounts"),
    path("/portal-requests", views.portal_requests, name="portal-requests"),
    path("/portal-requests/file", views.portal_requests_file, name="portal-requests-file"),
    path("/api-requests", views.api_requests, name="api-requests"),
    path("/api-requests/file", views.api_requests_file, name="api-requests-file"),
    path("/api-requests/all", views.all_api_requests, name="all-api-requests"),
]
