"""The admin center among the provider's applications."""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from entra.apps.credentials import secret_is_valid
from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant

CLIENT_ID = "7c3f0ad2-9a55-4e0c-8d3b-5f1f3d1f6a0e"


class NoOrganization(Exception):
    """There is no tenant yet, so nobody whose admin center it could be."""


def redirect_uri() -> str:
    return f"{settings.ENTRA_URL}{reverse('admincenter:callback')}"


def signed_out_uri() -> str:
    return f"{settings.ENTRA_URL}{reverse('admincenter:signed_out')}"


def client_secret() -> str:
    """The same in every process and nowhere stored: it follows from the provider's own key."""
    return salted_hmac("entra.admincenter.client", CLIENT_ID, algorithm="sha256").hexdigest()


def ensure_registered() -> None:
    """Register the admin center when it is first needed, or after its address changed. Raises NoOrganization."""
    known = Application.objects.filter(pk=CLIENT_ID, redirect_uris=[redirect_uri()]).first()
    if known is not None and secret_is_valid(known, client_secret()):
        return
    tenant = Tenant.objects.order_by("created_at").first()
    if tenant is None:
        raise NoOrganization
    register_application(
        client_id=CLIENT_ID,
        tenant=known.tenant if known else tenant,
        name="Admin center",
        redirect_uris=[redirect_uri()],
        post_logout_redirect_uris=[signed_out_uri()],
        secret=client_secret(),
        multi_tenant=True,
        preauthorized=True,
    )
