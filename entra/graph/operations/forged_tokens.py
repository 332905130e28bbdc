"""The demo's token forge, for the portal alone: a person who has verified has a token made in their own tenant.

For themselves, or, as an administrator of the tenant, for anybody there and for its applications.
"""

import re
import uuid
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from django.conf import settings
from msgspec import Meta

from entra.apps.administration import app_roles
from entra.apps.models import Application
from entra.apps.permissions import GraphPermission as P
from entra.apps.permitted import applications_in
from entra.apps.resources import graph, partner_center
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.directory.services import group_ids
from entra.graph.errors import GraphError
from entra.graph.operation import Answer, Call, Caller, Operation
from entra.oauth.forge import Flaw, Order, forge

PATH = "forgedTokens"
_YEAR = 366 * 24 * 60
_URI = re.compile(r"(https|api)://[!-~]{1,200}")
Amr = Literal["pwd", "otp", "rsa", "fido", "hwk", "wia", "fed", "mfa"]


class Denied(StrEnum):
    """Which part of the order is refused: the codes that the portal shows beside the field."""

    PERSON = "Forge_Person"
    APPLICATION = "Forge_Application"
    AUDIENCE = "Forge_Audience"
    ADMINISTRATORS_ONLY = "Forge_AdministratorsOnly"
    NO_APP_ROLE = "Forge_NoAppRole"


class Wanted(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """`person` is a user principal name in the caller's tenant, "" for the caller, null for the application itself.

    Times are in minutes.
    """

    application: uuid.UUID
    person: Annotated[str, Meta(max_length=254)] | None
    version: Literal["1.0", "2.0"]
    audience: Annotated[str, Meta(max_length=210)]
    amr: Annotated[list[Amr], Meta(max_length=8)]
    acr: Literal["", "0", "1"]
    proven_ago: Annotated[int, Meta(ge=0, le=_YEAR)]
    claims_challenges: bool
    lifetime: Annotated[int, Meta(ge=1, le=24 * 60)]
    flaw: Flaw


def make(call: Call) -> Answer:
    caller, wanted = call.caller, call.body_as(Wanted)
    if str(caller.application.pk) != settings.PARTNER_CENTER_SERVER:
        raise GraphError.denied("Only the portal's own page may ask for this.")
    order = Order(
        tenant=caller.tenant,
        person=_person(caller, wanted.person),
        application=_application(caller.tenant, wanted.application),
        version=wanted.version,
        audience=_audience(wanted.audience),
        amr=tuple(wanted.amr),
        acr=wanted.acr,
        proven_ago=timedelta(minutes=wanted.proven_ago),
        takes_claims_challenges=wanted.claims_challenges,
        lifetime=timedelta(minutes=wanted.lifetime),
        flaw=wanted.flaw,
    )
    if (
        order.person is None
        and not order.audience
        and not app_roles(application=order.application, tenant=order.tenant, resource=partner_center())
    ):
        raise _denied(Denied.NO_APP_ROLE, "The application has no application permission of Partner Center here.")
    return {"token": forge(order, actor=caller.actor)}


def _person(caller: Caller, name: str | None) -> User | None:
    """The account the token is for. Raises GraphError; who is not found and who is disabled look the same."""
    account = caller.account
    if account is not None and name is not None and name.strip().lower() in {"", account.user_principal_name}:
        return account
    if not is_administrator(caller):
        raise _denied(Denied.ADMINISTRATORS_ONLY, "Only Global admins and Admin agents forge tokens for others.")
    if name is None:
        return None
    people = User.objects.select_related("tenant", "home_account").filter(tenant=caller.tenant)
    found = people.filter(user_principal_name=name.strip().lower(), account_enabled=True).first()
    if found is None or not found.home.account_enabled:
        raise _denied(Denied.PERSON, "Nobody of this name can sign in to this tenant.")
    return found


def is_administrator(caller: Caller) -> bool:
    """Whether the caller is a Global admin or an Admin agent (member of AdminAgents, also nested; M21)."""
    if caller.account is None:
        return False
    if DirectoryRole.GLOBAL_ADMINISTRATOR.value in caller.roles:
        return True
    agents = Group.objects.filter(tenant=caller.tenant, display_name="AdminAgents").first()
    return agents is not None and agents.pk in group_ids(caller.account)


def _application(tenant: Tenant, client_id: uuid.UUID) -> Application:
    """One of the tenant, or one of another tenant that is in use here. Raises GraphError."""
    found = applications_in(tenant).filter(pk=client_id, enabled=True).first()
    if found is None:
        raise _denied(Denied.APPLICATION, "The tenant has no application of this id.")
    return found


def _audience(named: str) -> str:
    """Never an application's id: a token for one could pass for an ID token. Raises GraphError."""
    if named in {"", partner_center().audience}:
        return ""
    if named == "graph":
        return graph().audience
    if not _URI.fullmatch(named):
        raise _denied(Denied.AUDIENCE, "The audience has to be an https or api URI.")
    return named


def _denied(code: Denied, message: str) -> GraphError:
    return GraphError(HTTPStatus.FORBIDDEN, code.value, message)


OURS = [Operation("POST", PATH, make, frozenset({P.USER_READ_WRITE_ALL}), app_only=False, mfa=True)]
