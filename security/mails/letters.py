"""The mails in words, in the language that is active."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import PartnerTenant
from mailing.services import Letter
from security import wording
from security.mails.blocks import Block, letter
from security.mails.decision import STEADY
from security.mails.links import VALID_FOR, confirm_url, unsubscribe_url
from security.mails.status import Figure, Status
from security.metrics import Measure
from security.models import MailSubscription

_FRACTIONS = {
    Measure.ACCOUNTS: wording.accounts,
    Measure.PORTAL: wording.operations,
    Measure.API: wording.requests,
}


def confirmation(subscription: MailSubscription, token: str) -> Letter:
    """The one mail that goes to an address nobody has confirmed."""
    names = {"organization": _name(subscription.tenant), "days": VALID_FOR.days}
    asked = _("%(organization)s would like to send mails about its security requirements status to this address.")
    ignore = _("If you did not expect this, do nothing: no other mail is sent unless you confirm within %(days)s days.")
    blocks = [
        Block(asked % names),
        Block(_("Confirm that you want these mails"), url=confirm_url(token)),
        Block(ignore % names),
        Block(_("Decline these mails"), url=unsubscribe_url(subscription.pk)),
    ]
    return letter(_("Confirm your address for mails of %(organization)s") % names, blocks)


def summary(subscription: MailSubscription, status: Status) -> Letter:
    subject = _("Security requirements of %(organization)s: weekly summary") % {"organization": _name(status.tenant)}
    return letter(subject, [*_report(status), *_closing(subscription, status)])


def alert(subscription: MailSubscription, status: Status, crossed: Mapping[Measure, int]) -> Letter:
    """`crossed`: what fell below, with its threshold in percent."""
    subject = _("Security requirements of %(organization)s: below the threshold")
    said = _("%(figure)s: %(percent)s, which is below the threshold of %(threshold)s.")
    fallen = [
        said
        % {
            "figure": wording.MEASURES[measure],
            "percent": wording.percent(status.percents[measure]),
            "threshold": wording.percent(threshold),
        }
        for measure, threshold in crossed.items()
    ]
    steady = {"days": STEADY.days}
    blocks = [
        Block(_("Fallen below the threshold:"), fallen),
        *_report(status),
        Block(
            _("There is no further mail about this until the figure was at or above its threshold for %(days)s days.")
            % steady
        ),
        *_closing(subscription, status),
    ]
    return letter(subject % {"organization": _name(status.tenant)}, blocks)


def _report(status: Status) -> Iterator[Block]:
    """What both kinds tell. Whatever else keeps a figure below is one more block here."""
    values = {"organization": _name(status.tenant), "day": date_format(status.snapshot.day)}
    title = _("The security requirements status of %(organization)s on %(day)s (UTC):")
    yield Block(title % values, [_figure(figure, status) for figure in status.figures])
    if status.obstacles:
        counts = [f"{reason}: {wording.number(count)}" for _obstacle, reason, count in status.obstacles]
        yield Block(_("Why accounts are not enforced"), counts)


def _figure(figure: Figure, status: Status) -> str:
    name, shown = wording.MEASURES[figure.measure], wording.shown(figure.metric, _FRACTIONS[figure.measure])
    if not shown.fraction:
        return f"{name}: {shown.look.label}"
    values = {"figure": name, "percent": shown.percent, "fraction": shown.fraction, "change": _change(figure, status)}
    return _("%(figure)s: %(percent)s (%(fraction)s), %(change)s") % values


def _change(figure: Figure, status: Status) -> str:
    change = figure.change
    if change is None or status.week_before is None:
        return _("no figure of the week before")
    values = {"points": abs(change), "day": date_format(status.week_before)}
    if change > 0:
        return (
            ngettext("%(points)s point more than on %(day)s", "%(points)s points more than on %(day)s", change) % values
        )
    if change < 0:
        said = ngettext("%(points)s point less than on %(day)s", "%(points)s points less than on %(day)s", -change)
        return said % values
    return _("the same as on %(day)s") % values


def _closing(subscription: MailSubscription, status: Status) -> Iterator[Block]:
    yield Block(_("Open the report"), url=settings.PORTAL_URL + reverse("requirements:status"))
    values = {"address": subscription.address, "organization": _name(status.tenant)}
    yield Block(_("%(address)s is subscribed to mails about the security requirements of %(organization)s.") % values)
    yield Block(_("Unsubscribe"), url=unsubscribe_url(subscription.pk))


def _name(tenant: PartnerTenant) -> str:
    """On one line: a line break in a name would look like a paragraph of ours."""
    return " ".join(tenant.display_name.split())
