"""An alert in the words of its reader: what happened, and what to do about it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from security.alerts.rules import PROVIDER
from security.kinds import AlertKind
from security.models import SecurityAlert

_TELL_AND_REVOKE = gettext_lazy(
    "If not, sign the person out everywhere in user management, and have password and verification methods changed."
)
_CLEAN_APP = gettext_lazy(
    "If not, revoke the application's consent and replace its credentials: whoever has its tokens has what it may do."
)
_ADVICE: dict[str, Sequence[Promise]] = {
    AlertKind.UNUSUAL_SIGN_IN: (
        gettext_lazy("Ask the person, by another way than mail, whether it was them."),
        _TELL_AND_REVOKE,
    ),
    AlertKind.REFUSED_STEP_UPS: (
        gettext_lazy("Ask the person whether they tried: somebody who has only the password fails here."),
        _TELL_AND_REVOKE,
        gettext_lazy("If yes, help with the verification method: it may be lost or not recognized."),
    ),
    AlertKind.MASS_ROLE_CHANGE: (
        gettext_lazy("Ask who made the changes whether all of them were meant."),
        gettext_lazy(
            "If not, take the roles back first, then sign out whoever made the changes and whoever got a role."
        ),
    ),
    AlertKind.NEW_APP_NETWORK: (
        gettext_lazy("Ask who runs the application whether it moved to another network."),
        _CLEAN_APP,
    ),
    AlertKind.MFA_REFUSALS: (
        gettext_lazy("Look at the calls: each says what its token lacked and how to get a better one."),
        gettext_lazy("If nobody runs such a program, somebody tries a stolen password: have it changed."),
    ),
}
_SENTENCES: dict[str, Promise] = {
    AlertKind.UNUSUAL_SIGN_IN: gettext_lazy(
        "%(name)s signed in from the network %(network)s with %(device)s. In the %(days)s days before, this person was"
        " seen neither there nor with it."
    ),
    AlertKind.REFUSED_STEP_UPS: ngettext_lazy(
        "%(name)s failed %(times)s verification.", "%(name)s failed %(times)s verifications.", "times"
    ),
    AlertKind.MASS_ROLE_CHANGE: ngettext_lazy(
        "%(name)s granted or took away %(times)s role.", "%(name)s granted or took away %(times)s roles.", "times"
    ),
    AlertKind.NEW_APP_NETWORK: ngettext_lazy(
        "The application %(application)s made %(times)s call from networks it had not been used from in the %(days)s"
        " days before, first from %(network)s.",
        "The application %(application)s made %(times)s calls from networks it had not been used from in the %(days)s"
        " days before, first from %(network)s.",
        "times",
    ),
    AlertKind.MFA_REFUSALS: ngettext_lazy(
        "%(times)s call made for %(name)s was refused: its token carried no MFA.",
        "%(times)s calls made for %(name)s were refused: their tokens carried no MFA.",
        "times",
    ),
}
_AT_THE_PROVIDER = ngettext_lazy(
    "%(times)s role was granted or taken away at the identity provider.",
    "%(times)s roles were granted or taken away at the identity provider.",
    "times",
)
_OF_AN_APPLICATION = ngettext_lazy(
    "%(times)s call of the application %(application)s was refused: its token carried no MFA.",
    "%(times)s calls of the application %(application)s were refused: their tokens carried no MFA.",
    "times",
)


def advice(alert: SecurityAlert) -> Sequence[Promise]:
    return _ADVICE[alert.kind]


def sentence(alert: SecurityAlert) -> str:
    """What happened, in a sentence; what is named comes from the logs and is shown as text."""
    details = alert.details
    values = {
        "name": details.get("name") or details.get("person", ""),
        "application": details.get("application", ""),
        "network": details.get("network", ""),
        "device": details.get("device") or _("an unknown program"),
        "days": settings.ALERT_HISTORY_DAYS,
        "times": alert.observations,
    }
    return str(_template(alert) % values)


def _template(alert: SecurityAlert) -> Promise:
    if alert.kind == AlertKind.MASS_ROLE_CHANGE and alert.condition == PROVIDER:
        return _AT_THE_PROVIDER
    if alert.kind == AlertKind.MFA_REFUSALS and "application" in alert.details:
        return _OF_AN_APPLICATION
    return _SENTENCES[alert.kind]
