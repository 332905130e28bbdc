"""The access matrix: who may open which part of the portal, and with what proof.

One aligned row per area; the longest matching prefix wins and a path in no row is refused. The middleware,
the `@access_rule` mark, the system checks, the navigation, the help page and *Why can I* all read AREAS.
`decide` is pure: it takes values, returns a Decision, and touches neither a request nor the database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.evidence import Evidence, Outcome, best_proof
from accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = [
    "AREAS",
    "PLANNED",
    "Access",
    "Area",
    "Decision",
    "Evidence",
    "Exempted",
    "Outcome",
    "Reason",
    "Role",
    "Verdict",
]

_View = TypeVar("_View", bound=Callable[..., object])


class Preset(StrEnum):
    """Which pages ask for MFA: those the documents list, or all of them (the real portal since late 2025)."""

    PAGE_LIST = "page-list"
    ALL_PAGES = "all-pages"


@dataclass(frozen=True, slots=True)
class Area:
    """One row of the matrix. `roles` empty means everybody, signed in or not (M16)."""

    id: str
    key: str
    name: "str | Promise" = field(compare=False)
    prefixes: tuple[str, ...]
    roles: frozenset[Role]
    mfa: bool = False
    freshness: timedelta | None = None
    always_readable: bool = False
    needs_directory: bool = False
    """Opened only while the portal knows what the directory says now: roles are granted here, or the platform run."""

    @property
    def public(self) -> bool:
        return not self.roles


def _row(
    id_: str,
    key: str,
    name: "str | Promise",
    prefixes: tuple[str, ...],
    mfa: bool,
    roles: str,
    minutes: int = 0,
    *,
    always_readable: bool = False,
) -> Area:
    letters = {role.letter: role for role in Role}
    freshness = timedelta(minutes=minutes) if minutes else None
    allowed = frozenset(letters[letter] for letter in roles.split())
    return Area(id_, key, name, prefixes, allowed, mfa, freshness, always_readable, freshness is not None)


NO, YES = False, True
EVERYONE = ""
_HELP = ("/dashboard/help", "/dashboard/me", "/dashboard/search")
_STATUS = ("/dashboard/account/security-requirements",)
_CASES = ("/dashboard/v2/support/customers", "/dashboard/support/csp/customers")
_PUBLIC = (
    "/",
    "/oidc/authenticate",
    "/oidc/callback",
    "/oidc/resume",
    "/oidc/step-up",
    "/oidc/backchannel-logout",
    "/oidc/security-events",
    "/oidc/sign-out",
    "/signed-out",
    "/language",
    "/theme",
    "/health-feed",
    "/webhooks/certificate",
    "/security-mails",
    "/healthz",
    "/readyz",
    "/static",
)

# Roles: A Admin agent, S Sales agent, H Helpdesk agent, B Billing admin, G Global admin, Y Security admin,
# U any user of a CSP, advisor or operator tenant, C CPV admin, O Operator (requirement M1 to M20).
# fmt: off
AREAS: tuple[Area, ...] = (
    _row("M1",  "overview",          _("Overview"),          ("/dashboard/overview",),      NO,  "A S H B G Y U"),
    _row("M2",  "service-health",    _("Service health"),    ("/dashboard/servicehealth",), NO,  "A S H B G Y U"),
    _row("M3",  "customers",         _("Customers"),         ("/commerce",),                YES, "A S H"),
    _row("M4",  "customer-requests", _("Customer requests"), _CASES,                        YES, "A H"),
    _row("M5",  "billing",           _("Billing"),           ("/dashboard/billing",),       YES, "A B G"),
    _row("M6",  "security",          _("Security workspace"), ("/dashboard/security",),     YES, "A Y"),
    _row("M8",  "users",             _("User management"),   ("/dashboard/account/users",), YES, "A G", minutes=15),
    _row("M9",  "security-requirements", _("Security requirements status"), _STATUS, NO, "A G C", always_readable=True),
    _row("M16", "public",            _("Public pages"),      _PUBLIC,                       NO,  EVERYONE),
    _row("M20", "api",               _("REST API"),          ("/v1", "/webhooks/v1"),       NO,  EVERYONE),
    _row("M17", "help",              _("Help and profile"),  _HELP,                         NO,  "A S H B G Y U"),
)
_FORGE, _FAULTS = ("/dashboard/help/api/token-forge",), ("/dashboard/help/api/faults",)
# Only where the demo is: the pages exist nowhere else. A token made there can carry MFA, so whoever makes it has it; a
# fault can hit every call of the organization, which a password alone does not decide.
DEMO_AREAS: tuple[Area, ...] = (
    _row("M17", "token-forge",       _("Token forge"),       _FORGE,                        YES, "A S H B G Y U"),
    _row("M17", "faults",            _("Fault injection"),   _FAULTS,                       YES, "A S H B G Y U"),
)
_APPS = ("/dashboard/account/applications",)
# A row moves up together with its first page; until then its paths are 404, as every path in no row.
PLANNED: tuple[Area, ...] = (
    _row("M7",  "partner-requests", _("Partner support requests"), ("/dashboard/support/partner",), NO, "A G"),
    _row("M18", "applications", _("Applications"),           _APPS,                           YES, "A G C"),
    _row("M19", "operator",     _("Operator"),               ("/operator",),                  YES, "O", minutes=15),
)
# fmt: on


class Verdict(StrEnum):
    ALLOW = "allow"
    SIGN_IN = "sign-in"
    VERIFY_MFA = "verify-mfa"
    BLOCKED = "blocked"
    FORBID = "forbid"
    UNREACHABLE = "unreachable"
    """Nothing speaks against it, but the directory's word of this moment is wanted and cannot be had (M22)."""


class Reason(StrEnum):
    PUBLIC = "public"
    NOT_SIGNED_IN = "not-signed-in"
    ROLE_MISSING = "role-missing"
    NO_MFA_NEEDED = "no-mfa-needed"
    MFA_PROVEN = "mfa-proven"
    EXEMPTED = "exempted"
    MFA_MISSING = "mfa-missing"
    MFA_NOT_FRESH = "mfa-not-fresh"
    MFA_INCOMPATIBLE = "mfa-incompatible"
    DIRECTORY_UNREACHABLE = "directory-unreachable"


@dataclass(frozen=True, slots=True)
class Exempted:
    """A granted technical exception as `decide` needs it: which areas, until when (X4)."""

    areas: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One question the decision asked, and the answer, for *Why can I / can't I*."""

    question: "str | Promise"
    passed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Verdict
    reason: Reason
    trace: tuple[Step, ...] = field(default=(), compare=False)


def decide(
    rule: Area,
    roles: frozenset[Role] | None,
    evidence: Iterable[Evidence],
    exemption: Exempted | None,
    now: datetime,
) -> Decision:
    """Decide about one area for one person. `roles` is None for somebody who is not signed in."""
    if rule.public:
        return Decision(Verdict.ALLOW, Reason.PUBLIC, (Step(_("Is the page public?"), True),))
    if roles is None:
        return Decision(Verdict.SIGN_IN, Reason.NOT_SIGNED_IN, (Step(_("Signed in?"), False),))
    trace: tuple[Step, ...] = (Step(_("Signed in?"), True),)
    trace += (Step(_("Is one of your roles allowed?"), bool(roles & rule.roles)),)
    # M12: somebody whose role is not allowed is never asked for MFA, so the role comes first.
    if not roles & rule.roles:
        return Decision(Verdict.FORBID, Reason.ROLE_MISSING, trace)
    trace += (Step(_("Is the page open without multifactor authentication?"), not rule.mfa),)
    if not rule.mfa:
        return Decision(Verdict.ALLOW, Reason.NO_MFA_NEEDED, trace)
    outcome, reason, last = _judge_proof(rule, tuple(evidence), exemption, now)
    return Decision(outcome, reason, trace + last)


def _judge_proof(
    rule: Area, evidence: tuple[Evidence, ...], exemption: Exempted | None, now: datetime
) -> tuple[Verdict, Reason, tuple[Step, ...]]:
    proof = best_proof(evidence)
    trace: tuple[Step, ...] = (Step(_("Was multifactor authentication proven in this session?"), proof is not None),)
    if proof is not None:
        fresh = rule.freshness is None or proof.is_fresh(rule.freshness, now)
        if rule.freshness is not None:
            trace += (Step(_("Was it proven recently enough?"), fresh),)
        if fresh:
            return Verdict.ALLOW, Reason.MFA_PROVEN, trace
    exempted = exemption is not None and rule.key in exemption.areas and now < exemption.until
    trace += (Step(_("Does a technical exception cover you?"), exempted),)
    if exempted:
        return Verdict.ALLOW, Reason.EXEMPTED, trace
    compatible = not (evidence and evidence[-1].outcome is Outcome.INCOMPATIBLE)
    trace += (Step(_("Can your organization's multifactor authentication be recognized?"), compatible),)
    if not compatible:
        return Verdict.BLOCKED, Reason.MFA_INCOMPATIBLE, trace
    return Verdict.VERIFY_MFA, Reason.MFA_MISSING if proof is None else Reason.MFA_NOT_FRESH, trace


def unconfirmed(decision: Decision) -> Decision:
    """Return what becomes of an ALLOW when the directory cannot be reached."""
    trace = (*decision.trace, Step(_("Can the directory be reached?"), False))
    return Decision(Verdict.UNREACHABLE, Reason.DIRECTORY_UNREACHABLE, trace)


def under_preset(areas: Iterable[Area], preset: Preset, maximum_age: timedelta | None) -> tuple[Area, ...]:
    """Return the rows as the settings ACCESS_PRESET and MFA_MAXIMUM_AGE make them."""
    rows = []
    for area in areas:
        mfa = area.mfa or (preset is Preset.ALL_PAGES and not area.public and not area.always_readable)
        ages = [age for age in (area.freshness, maximum_age) if age is not None]
        rows.append(replace(area, mfa=mfa, freshness=min(ages) if mfa and ages else None))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Access:
    """What the middleware found out about this request's person; `decide` answers from it without a query."""

    areas: tuple[Area, ...]
    roles: frozenset[Role] | None
    evidence: tuple[Evidence, ...]
    exemption: Exempted | None
    now: datetime

    def decide(self, area: Area) -> Decision:
        return decide(area, self.roles, self.evidence, self.exemption, self.now)

    def keys(self, *outcomes: Verdict) -> frozenset[str]:
        return frozenset(area.key for area in self.areas if self.decide(area).outcome in outcomes)


def allowed_area_keys(request: "HttpRequest") -> frozenset[str]:
    """Keys of the areas this person may open right now, without a further verification."""
    return cast("Access", request.access).keys(Verdict.ALLOW)  # type: ignore[attr-defined]


def held_area_keys(request: "HttpRequest") -> frozenset[str]:
    """Keys of the areas whose role this person holds, whether or not MFA was proven yet."""
    access = cast("Access", request.access)  # type: ignore[attr-defined]
    return access.keys(Verdict.ALLOW, Verdict.VERIFY_MFA, Verdict.BLOCKED)


def access_rule(key: str) -> Callable[[_View], _View]:
    """Mark a view with the area it belongs to. The mark is checked against the path at start, never trusted."""

    def mark(view: _View) -> _View:
        view.access_area = key  # type: ignore[attr-defined]
        return view

    return mark
