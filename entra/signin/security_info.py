"""What "My security info" demands of the session, and the sign-in it sends people to.

No shortcut: the page is an application of its own ("My sign-ins"), and every visit without enough evidence goes
through the authorization endpoint like any other client. It redeems no code: it runs at the provider and reads
the evidence of the session itself.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.federation.services import federation_of
from entra.signin.evidence import Evidence, evidence_of
from entra.signin.facts import FederatedMfa
from entra.signin.gather import proof_of
from entra.signin.session import current_session, signed_in_account

CLIENT_ID = "19db86c3-b2b9-44cc-b339-36da233a3be2"
FRESH = timedelta(minutes=15)


class Need(StrEnum):
    """How sure we must be of the person. The value is what the way back is remembered by."""

    VIEW = "view"
    CHANGE = "change"


@dataclass(frozen=True)
class Standing:
    """Who is signed in at the provider, and what the session proves of them."""

    account: User
    evidence: Evidence

    def meets(self, need: Need) -> bool:
        """Viewing takes MFA in this session; changing takes it within the last 15 minutes (M23)."""
        if need is Need.VIEW or not self.evidence.mfa:
            return self.evidence.mfa
        at = self.evidence.auth_time
        return at is not None and at >= timezone.now() - FRESH


def standing(request: HttpRequest) -> Standing | None:
    account, session = signed_in_account(request), current_session(request)
    if account is None or session is None:
        return None
    proofs = [proof_of(event) for event in session.events.filter(account=account)]
    federation = federation_of(account.user_principal_name)
    rejected = federation is not None and federation.federated_idp_mfa_behavior == FederatedMfa.REJECT
    return Standing(account, evidence_of(proofs, trusts_federated_mfa=not rejected))


def sign_in_address(*, need: Need, account: User | None, back_to: str) -> str:
    """The authorize request that would meet `need`; the answer comes to `signed-in` and goes on to `back_to`."""
    wanted: dict[str, str] = {
        "client_id": str(own_application().pk),
        "response_type": "code",
        "redirect_uri": _redirect_uri(),
        "scope": "openid",
        "state": back_to,
        "claims": json.dumps({"id_token": {"amr": {"essential": True, "values": ["mfa"]}}}),
        # Nobody keeps the verifier: the code of this request can never be redeemed.
        "code_challenge": secrets.token_urlsafe(32),
        "code_challenge_method": "S256",
    }
    if account is not None:
        wanted["login_hint"] = account.user_principal_name
    if need is Need.CHANGE:
        wanted["max_age"] = str(int(FRESH.total_seconds()) - 60)
    return f"{reverse('oauth:authorize', args=['organizations'])}?{urlencode(wanted)}"


def own_application() -> Application:
    """The registration of "My sign-ins", made when it is first needed: the page must work in every installation."""
    known = Application.objects.filter(pk=CLIENT_ID, redirect_uris=[_redirect_uri()]).first()
    if known is not None:
        return known
    tenant = Tenant.objects.order_by("created_at").first()
    if tenant is None:
        raise Http404  # no organization yet, so there is nobody whose page it could be
    return register_application(
        client_id=CLIENT_ID,
        tenant=tenant,
        name="My sign-ins",
        redirect_uris=[_redirect_uri()],
        public=True,
        multi_tenant=True,
        preauthorized=True,
    )


def _redirect_uri() -> str:
    return f"{settings.ENTRA_URL}{reverse('security_info:signed_in')}"
