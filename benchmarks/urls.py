"""One page of 25 rows and one query, three times: bare, and behind the decorators of the peers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django_otp.decorators import otp_required

from accounts.access import access_rule
from accounts.models import PartnerTenant


@access_rule("customers")
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"rows": list(PartnerTenant.objects.order_by("display_name")[:25])})


urlpatterns = [
    path("commerce/page", page),
    path("commerce/login", login_required(page)),
    path("commerce/otp", otp_required(page)),
]
