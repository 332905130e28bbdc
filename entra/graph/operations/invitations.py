"""Inviting guests. Who is invited may come in at once: there is no redemption to wait for."""

import uuid
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from entra.apps.permissions import GraphPermission as P
from entra.directory.administration.invitations import invite_guest
from entra.graph.errors import GraphError
from entra.graph.operation import Answer, Call, Need, Operation

INVITE = frozenset({P.USER_INVITE_ALL, P.USER_READ_WRITE_ALL, P.DIRECTORY_ACCESS_AS_USER})


class Invitation(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    invited_user_email_address: Annotated[str, Meta(min_length=3, max_length=254)]
    invite_redirect_url: Annotated[str, Meta(max_length=2000)]
    send_invitation_message: bool = False
    invited_user_display_name: Annotated[str, Meta(max_length=200)] = ""
    invited_user_type: Literal["Guest"] = "Guest"


def invite(call: Call) -> Answer:
    asked, caller = call.body_as(Invitation), call.caller
    _check_address(asked.invite_redirect_url)
    guest = invite_guest(
        tenant=caller.tenant,
        address=asked.invited_user_email_address,
        display_name=asked.invited_user_display_name,
        inviter=caller.account.display_name if caller.account else caller.application.name,
        mail_link=asked.invite_redirect_url if asked.send_invitation_message else "",
        actor=caller.actor,
    )
    return {
        "id": str(uuid.uuid4()),
        "invitedUserEmailAddress": asked.invited_user_email_address,
        "invitedUserDisplayName": guest.display_name,
        "invitedUserType": "Guest",
        "inviteRedirectUrl": asked.invite_redirect_url,
        "inviteRedeemUrl": asked.invite_redirect_url,
        "sendInvitationMessage": asked.send_invitation_message,
        "status": "Completed",
        "invitedUser": {"id": str(guest.pk)},
    }


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable():
        raise GraphError.bad_request("inviteRedirectUrl has to be an http or https address.")


OPERATIONS = [Operation("POST", "invitations", invite, INVITE, Need.GLOBAL, mfa=True, status=HTTPStatus.CREATED)]
