"""Letting somebody in: a guest of another organization, or a first sign-in without a method."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.audit import AccountsAction
from accounts.models import PartnerTenant
from accounts.redirects import sign_in_url
from accounts.users.mails import mail_pass_issued
from accounts.users.person import Person
from activity.services import record_audit
from msgraph.client import GraphClient, GraphUnavailable


def issue_pass(
    *, graph: GraphClient, tenant: PartnerTenant, actor: str, person: Person, minutes: int, once: bool
) -> str:
    """Make a temporary access pass and return it: the only time anybody sees it. Raises GraphRefused."""
    wanted = {"lifetimeInMinutes": minutes, "isUsableOnce": once}
    answer = graph.post(f"users/{person.id}/authentication/temporaryAccessPassMethods", wanted)
    text = str(answer.get("temporaryAccessPass") or "")
    if not text:
        raise GraphUnavailable("no pass in the answer")
    with transaction.atomic():
        detail = {"user": str(person.id), "minutes": minutes, "once": once}
        _audit(AccountsAction.PASS_ISSUED, tenant, actor, person.sign_in_name, detail)
        mail_pass_issued(tenant, person, minutes)
    return text


def invite_guest(*, graph: GraphClient, tenant: PartnerTenant, actor: str, address: str, name: str) -> UUID:
    """Invite somebody by mail address and return the guest's id. The directory mails them. Raises GraphRefused."""
    invitation = {
        "invitedUserEmailAddress": address,
        "invitedUserDisplayName": name,
        "inviteRedirectUrl": f"{settings.PORTAL_URL}{sign_in_url('/', tenant.pk)}",
        "sendInvitationMessage": True,
    }
    answer = graph.post("invitations", invitation)
    try:
        invited = UUID(str(answer["invitedUser"]["id"]))
    except (KeyError, TypeError, ValueError) as error:
        raise GraphUnavailable("no invited user in the answer") from error
    with transaction.atomic():
        _audit(AccountsAction.GUEST_INVITED, tenant, actor, address, {"user": str(invited)})
    return invited


def _audit(action: AccountsAction, tenant: PartnerTenant, actor: str, subject: str, detail: dict[str, object]) -> None:
    record_audit(action=action, actor=actor, tenant_id=tenant.pk, subject=subject, detail=detail)
