"""Who is asking, and what the matrix says: the values that `decide` takes, read from the database."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.access import Access, Area, Decision, Exempted, Verdict
from accounts.matrix import live_areas
from accounts.models import Exemption, PortalSession, User


def identify(request: HttpRequest) -> None:
    """Set `request.portal_session`, `request.user` and `request.access` from the session cookie."""
    now = timezone.now()
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    session = sessions.current_session(key, now) if key else None
    request.portal_session = session  # type: ignore[attr-defined]
    request.user = session.user if session else AnonymousUser()
    request.access = access_of(session, now=now)  # type: ignore[attr-defined]


def access_of(session: PortalSession | None, *, now: datetime) -> Access:
    if session is None:
        return Access(live_areas(), None, (), None, now)
    return Access(live_areas(), session.user.roles, session.evidence, None, now)


def judge(request: HttpRequest, area: Area) -> Decision:
    """Decide; a granted exception is looked up only when it could make a difference."""
    access: Access = request.access  # type: ignore[attr-defined]
    decision = access.decide(area)
    session = sessions.of(request)
    if session is None or decision.outcome not in {Verdict.VERIFY_MFA, Verdict.BLOCKED}:
        return decision
    exemption = exemption_of(session.user, now=access.now)
    if exemption is None:
        return decision
    request.access = Access(access.areas, access.roles, access.evidence, exemption, access.now)  # type: ignore[attr-defined]
    decided: Decision = request.access.decide(area)  # type: ignore[attr-defined]
    return decided


def exemption_of(user: User, *, now: datetime) -> Exempted | None:
    granted = list(Exemption.objects.covering(user, now=now))
    if not granted:
        return None
    areas = frozenset(key for exemption in granted for key in exemption.areas)
    return Exempted(areas, min(exemption.until for exemption in granted))
