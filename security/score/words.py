"""What the requirements of the score are called, what they ask, and where one does something about them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from security.alerts.figures import duration_text
from security.score.rules import Duty, Figures, Requirement, Share, State, Weighed

R = Requirement
_BUDGET_OPERATION = "patch_v1_customers_customer_id_usagebudget"
STATES: dict[State, tuple[Promise, str]] = {
    State.MET: (gettext_lazy("Met"), "success"),
    State.NOT_MET: (gettext_lazy("Not met"), "danger"),
    State.NO_DATA: (gettext_lazy("No data"), "neutral"),
}
DUTIES: dict[Duty, tuple[Promise, str]] = {
    Duty.MANDATORY: (gettext_lazy("Mandatory"), "info"),
    Duty.RECOMMENDED: (gettext_lazy("Recommended"), "neutral"),
    Duty.FUTURE: (gettext_lazy("Future"), "neutral"),
}
_NAMES: dict[R, Promise] = {
    R.ADMINS: gettext_lazy("MFA for administrators"),
    R.EVERYBODY: gettext_lazy("MFA for all users"),
    R.ALERTS: gettext_lazy("Security alerts are answered promptly"),
    R.CONTACT: gettext_lazy("A security contact is provided"),
    R.BUDGETS: gettext_lazy("Customers have a usage budget"),
}
_ASKS: dict[R, Promise] = {
    R.ADMINS: gettext_lazy("Every enabled account with a directory role has MFA enforced."),
    R.EVERYBODY: gettext_lazy("Every enabled account of the organization has MFA enforced, guests included."),
    R.ALERTS: gettext_lazy("Alerts of the last 30 days were acted upon within 24 hours on average."),
    R.CONTACT: gettext_lazy("The portal knows whom to reach about the security of your organization."),
    R.BUDGETS: gettext_lazy("Every customer who is billed through you has a monthly budget for usage."),
}
_HELP: dict[R, Promise] = {
    R.ADMINS: gettext_lazy(
        "Switch on security defaults, a conditional access policy on MFA without exclusions, or per-user MFA. Accounts"
        " are read from your directory once a day; recompute the status to read them at once."
    ),
    R.EVERYBODY: gettext_lazy(
        "What counts as enforced is the same as in the security requirements status. Each account there says what"
        " stands against it."
    ),
    R.ALERTS: gettext_lazy(
        "The time runs from detection to the first act: somebody investigates or resolves. An alert that nobody has"
        " acted upon counts with the time it has waited so far."
    ),
    R.CONTACT: gettext_lazy("Fill in the form on this page. A mail address that several people read is a good one."),
    R.BUDGETS: gettext_lazy(
        "A budget is set for each customer with the API's usagebudget operation. It limits nothing: it is what you"
        " have said you expect."
    ),
}


@dataclass(frozen=True, slots=True)
class Action:
    label: "str | Promise"
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement as the page shows it."""

    weighed: Weighed
    name: Promise
    asks: Promise
    help: Promise
    state: tuple[Promise, str]
    duty: tuple[Promise, str]
    insight: str
    action: Action


def row_of(weighed: Weighed, figures: Figures, *, held: Collection[str]) -> Row:
    """`held` are the keys of the areas that the viewer's roles open."""
    requirement = weighed.rule.requirement
    return Row(
        weighed=weighed,
        name=_NAMES[requirement],
        asks=_ASKS[requirement],
        help=_HELP[requirement],
        state=STATES[weighed.state],
        duty=DUTIES[weighed.duty],
        insight=_insight(requirement, figures),
        action=_action(requirement, held),
    )


def _insight(requirement: R, figures: Figures) -> str:
    if requirement is R.ADMINS:
        return share_text(figures.admins)
    if requirement is R.EVERYBODY:
        return share_text(figures.everybody)
    if requirement is R.ALERTS:
        return _alerts(figures)
    if requirement is R.CONTACT:
        return _("Provided") if figures.contact else _("Not provided")
    if not figures.budgets.all:
        return _("No customer is billed through you.")
    return _("%(done)s of %(all)s customers") % {"done": figures.budgets.done, "all": figures.budgets.all}


def share_text(share: Share | None) -> str:
    if share is None:
        return _("The directory was not read yet, or did not tell.")
    return _("%(done)s of %(all)s with MFA") % {"done": share.done, "all": share.all}


def _alerts(figures: Figures) -> str:
    if figures.response is None:
        return _("No alerts in the last 30 days.")
    said = ngettext("%(count)s alert, %(time)s on average", "%(count)s alerts, %(time)s on average", figures.alerts)
    return said % {"count": figures.alerts, "time": duration_text(figures.response)}


def _action(requirement: R, held: Collection[str]) -> Action:
    if requirement is R.ALERTS:
        return Action(_("See unresolved alerts"), f"{reverse('security:alerts')}?status=unresolved")
    if requirement is R.CONTACT:
        return Action(_("Provide a contact"), "#contact")
    if requirement is R.BUDGETS:
        return Action(_("See the operation"), reverse("api:operation", args=[_BUDGET_OPERATION]))
    if "security-requirements" in held:
        return Action(_("See the accounts"), f"{reverse('requirements:accounts')}?enforced=no")
    return Action(_("See sign-ins without MFA"), f"{reverse('security:sign-ins')}?mfa=without")
