from django.urls import path

from benchmarks.api_peers.drf import customers as drf
from benchmarks.api_peers.ninja_api import api as ninja
from benchmarks.api_peers.plain import customers as plain

urlpatterns = [path("plain/customers", plain), path("drf/customers", drf), path("ninja/", ninja.urls)]
