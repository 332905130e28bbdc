from django.urls import path

from webhooks.delivery import CERTIFICATE_PATH
from webhooks.views import signing_certificate

urlpatterns = [path(CERTIFICATE_PATH.removeprefix("/"), signing_certificate, name="webhook-certificate")]
