"""What stands in for the events while they do not arrive: the provider is asked about each session (M22)."""

import logging
from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest

from accounts import sessions
from accounts.access import Access, Area, Decision, Verdict, unconfirmed
from accounts.audit import AccountsAction
from accounts.events.feed import events_are_current
from accounts.events.services import change_roles
from accounts.gate import access_of
from accounts.models import PortalSession
from accounts.oidc.introspection import ask_about
from accounts.oidc.provider import ProviderUnavailable
from activity.services import record_audit

logger = logging.getLogger(__name__)


def confirm(request: HttpRequest, area: Area, decision: Decision) -> Decision:
    """Let nobody into an area that needs the directory's word of this moment without it (M8, M19).

    While events arrive the portal has it. Else the provider is asked; its answer may take a role or the session away.
    """
    session = sessions.of(request)
    if session is None or not area.needs_directory or decision.outcome is not Verdict.ALLOW:
        return decision
    access: Access = request.access  # type: ignore[attr-defined]
    try:
        counts = still_counts(session)
    except ProviderUnavailable as error:
        logger.warning("The directory's word is needed and cannot be had: %s", error)
        return unconfirmed(decision)
    access = replace(access, roles=session.user.roles) if counts else access_of(None, now=access.now)
    request.access = access  # type: ignore[attr-defined]
    return access.decide(area)


def still_counts(session: PortalSession) -> bool:
    """Tell whether the session still stands; roles of `session.user` are then those of this moment.

    Without recent events the provider is asked; a session that it no longer knows ends here.
    Raises ProviderUnavailable when nobody can tell.
    """
    if events_are_current():
        return True
    said = ask_about(session)
    if said is None:
        _end(session)
        return False
    if "groups" in said or "wids" in said:  # a provider that leaves both out says nothing about roles here
        change_roles(session.user, said)
    return True


@transaction.atomic
def _end(session: PortalSession) -> None:
    user = session.user
    sessions.end(session)
    record_audit(
        action=AccountsAction.SESSIONS_ENDED,
        actor="provider",
        tenant_id=user.tenant_id,
        subject=user.user_principal_name or user.display_name,
        detail={"sessions": 1, "all": False},
    )
