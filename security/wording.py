"""The metrics in words and signs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from activity.rollups import Share
from security.forecast import NoPace
from security.metrics import Measure, Metric, Standing
from security.problems import Problem


@dataclass(frozen=True, slots=True)
class Look:
    label: Promise
    badge: str
    icon: str


LOOKS = {
    Standing.MET: Look(_("Target reached"), "success", "check-circle"),
    Standing.BELOW: Look(_("Below the target"), "warning", "warning"),
    Standing.NOTHING: Look(_("Nothing to measure"), "neutral", "info"),
    Standing.UNREAD: Look(_("Directory not read"), "danger", "error"),
    Standing.PENDING: Look(_("Not computed yet"), "neutral", "hourglass"),
}


MEASURES: dict[Measure, Promise] = {
    Measure.ACCOUNTS: _("Accounts with MFA enforced"),
    Measure.PORTAL: _("Through Partner Center"),
    Measure.API: _("Through API or SDK"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A metric as pages show it. `fraction` is empty where there is no figure."""

    percent: str
    fraction: str
    look: Look
    standing: Standing


def shown(metric: Metric, fraction: Callable[[Share], str]) -> Shown:
    told = fraction(metric.share) if metric.percent is not None else ""
    return Shown(percent(metric.percent), told, LOOKS[metric.standing], metric.standing)


def advice(problem: str) -> Promise:
    """What somebody can do about a directory that was not read."""
    return _ADVICE.get(problem, _CONSENT)


_CONSENT = _(
    "A Global admin of your organization checks in the directory that the portal's application is enabled and has "
    "consent to read users, policies and sign-ins. Then try again."
)
_ADVICE: dict[str, Promise] = {
    Problem.NO_DIRECTORY: _("Whoever runs this portal connects it to your directory. Nothing else helps."),
    Problem.UNAVAILABLE: _("It is tried again by itself within an hour. You can also recompute here in a minute."),
}


_NO_PACE: dict[NoPace, Promise] = {
    NoPace.TOO_FEW: _("No date for 100% yet: it takes 5 daily figures of the last 14 days."),
    NoPace.NOT_FALLING: _("No date for 100%: the number of accounts without MFA enforced is not falling."),
    NoPace.TOO_SLOW: _("No date for 100%: at the pace of the last 14 days it takes more than a year."),
}


def at_pace(whole: date | NoPace) -> "str | Promise":
    """When all accounts will have MFA enforced, or why no day is named."""
    if isinstance(whole, NoPace):
        return _NO_PACE[whole]
    return gettext("100%% on %(day)s, at the pace of the last 14 days.") % {"day": date_format(whole)}


def percent(value: int | None) -> str:
    return "—" if value is None else gettext("%(percent)s%%") % {"percent": value}


def number(value: int) -> str:
    """With its thousands apart, as the language writes it."""
    return number_format(value, force_grouping=True)


def accounts(share: Share) -> str:
    said = ngettext("%(part)s of %(whole)s enabled account", "%(part)s of %(whole)s enabled accounts", share.operations)
    return said % _numbers(share)


def operations(share: Share) -> str:
    said = ngettext("%(part)s of %(whole)s operation", "%(part)s of %(whole)s operations", share.operations)
    return said % _numbers(share)


def requests(share: Share) -> str:
    said = ngettext("%(part)s of %(whole)s request", "%(part)s of %(whole)s requests", share.operations)
    return said % _numbers(share)


def _numbers(share: Share) -> dict[str, str]:
    return {"part": number(share.with_mfa), "whole": number(share.operations)}
