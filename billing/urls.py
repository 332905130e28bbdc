from django.urls import path

from billing import views

app_name = "billing"
_ONE = "/invoices/<slug:number>"
urlpatterns = [
    path("", views.invoice_list, name="invoices"),
    path("/unbilled", views.unbilled, name="unbilled"),
    path("/unbilled/file", views.unbilled_file, name="unbilled-file"),
    path(_ONE, views.invoice_detail, name="invoice"),
    path(f"{_ONE}/reconciliation", views.reconciliation, name="reconciliation"),
    path(f"{_ONE}/receipts/<slug:receipt_number>", views.receipt, name="receipt"),
    path(f"{_ONE}/statement", views.statement, name="statement"),
]
