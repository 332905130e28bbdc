"""Causes in words: what they are called, the one thing that puts each right, and why it happened with its values."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enforcement import Option
from security.admin_center import Place, address_of
from security.causes.rules import Cause, Condition, Unread
from security.models import Finding


@dataclass(frozen=True, slots=True)
class Fix:
    """`url` is empty where no admin center is known, `ask_url` where asking people to register does not help."""

    label: Promise
    afterwards: Promise
    url: str
    ask_url: str = ""


TITLES = {
    Cause.NOT_REGISTERED: _("Nothing enforces MFA, and no method is registered"),
    Cause.NOT_ENFORCED: _("Nothing enforces MFA"),
    Cause.EXCLUDED: _("Excluded from the policy"),
    Cause.CONDITION_NOT_MET: _("A condition of the policy was not met"),
    Cause.REPORT_ONLY: _("The policy only reports"),
    Cause.DEFAULTS_WAITING: _("Security defaults: registration may still wait"),
    Cause.DEFAULTS_NOT_RISKY: _("Security defaults: the sign-in was not risky"),
    Cause.FEDERATED_WITHOUT_PROOF: _("The organization's own provider sends no proof of MFA"),
    Cause.CUSTOM_CONTROL: _("A custom control, which never counts as MFA"),
    Cause.LEGACY: _("An application sent the password itself"),
    Cause.GRANT_WITHOUT_MFA: _("A grant made without MFA lives on"),
    Cause.UNKNOWN: _("Not known"),
    Cause.TAIL: _("Put right, and leaving the window by itself"),
}
_REQUIRE = _("Require MFA with a policy for everybody")
FIXES: dict[Cause, tuple[Promise, Place | None]] = {
    Cause.NOT_REGISTERED: (_REQUIRE, Place.NEW_POLICY),
    Cause.NOT_ENFORCED: (_REQUIRE, Place.NEW_POLICY),
    Cause.EXCLUDED: (_("Remove the exclusion from the policy"), Place.POLICY),
    Cause.CONDITION_NOT_MET: (_("Remove the condition from the policy"), Place.POLICY),
    Cause.REPORT_ONLY: (_("Switch the policy on"), Place.POLICY),
    Cause.DEFAULTS_WAITING: (_("Have the person register a method now"), None),
    Cause.DEFAULTS_NOT_RISKY: (_("Replace security defaults by a policy for everybody"), Place.NEW_POLICY),
    Cause.FEDERATED_WITHOUT_PROOF: (_("Have the provider send the proof of MFA"), Place.DOMAIN),
    Cause.CUSTOM_CONTROL: (_("Have the policy ask for MFA instead of the custom control"), Place.POLICY),
    Cause.LEGACY: (_("Switch the password grant off"), Place.PASSWORD_GRANT),
    Cause.GRANT_WITHOUT_MFA: (_("Take the consent back and give it again with MFA"), Place.APPLICATION),
    Cause.UNKNOWN: (_("Let the portal's application read what is missing, then recompute"), Place.APPLICATION),
}
"""The one action for each cause, and where it is done; None where the person does it. What is put right needs none."""
ASKABLE = frozenset({Cause.NOT_REGISTERED, Cause.DEFAULTS_WAITING})
"""Here people can be asked to register a method."""
AFTERWARDS = {
    Cause.NOT_REGISTERED: _("Whoever has no method registers one at the next sign-in."),
    Cause.NOT_ENFORCED: _("A registered method alone asks for nothing at the next sign-in."),
    Cause.EXCLUDED: _("If the account cannot do MFA, have a person's account do the work instead."),
    Cause.CONDITION_NOT_MET: _("Until then people work without MFA wherever the condition is not met."),
    Cause.REPORT_ONLY: _("It then demands what it has only reported so far."),
    Cause.DEFAULTS_WAITING: _("Once registered, people who are no administrators are still asked at risk only."),
    Cause.DEFAULTS_NOT_RISKY: _("A policy asks at every sign-in. It works only while security defaults are off."),
    Cause.FEDERATED_WITHOUT_PROOF: _(
        "Its assertion needs the AuthnContextClassRef or the attribute authnmethodsreferences with the value "
        "http://schemas.microsoft.com/claims/multipleauthn, spelled exactly so. Then the person signs in again."
    ),
    Cause.CUSTOM_CONTROL: _("Allow a verification method, or federate with the third party and relay the proof."),
    Cause.LEGACY: _("The application then signs people in by its page or a device code, where MFA can be asked for."),
    Cause.GRANT_WITHOUT_MFA: _("A new consent asks for MFA, and the application's later tokens carry it."),
    Cause.UNKNOWN: _("Nothing is guessed: as long as it was not read, it may be any of the causes."),
}
_OF_EMERGENCIES = Fix(
    _("Have a person's account do the work instead"),
    _("If it is not for emergencies, let the directory know what it is for; then the rules hold for it too."),
    "",
)
CONDITIONS = {
    Condition.LOCATION: _("the location"),
    Condition.APPLICATION: _("the application"),
    Condition.PLATFORM: _("the device's platform"),
    Condition.CLIENT: _("the kind of client"),
    Condition.DEVICE: _("the device"),
    Condition.RISK: _("the risk"),
}
UNREAD = {
    Unread.POLICIES: _("conditional access policies"),
    Unread.DOMAINS: _("federated domains"),
    Unread.PER_USER: _("per-user MFA"),
    Unread.REGISTRATIONS: _("registered methods"),
    Unread.SIGN_INS: _("the sign-in log"),
}
_MISSING = {
    "noProof": _("nothing about how the person was authenticated"),
    "otherValue": _("another value than the one that proves MFA"),
    "otherSpelling": _("the right word, not spelled exactly as it has to be"),
    "attributeNotAccepted": _("the attribute, where the federation reads the AuthnContextClassRef alone"),
}
_SENTENCES = {
    Cause.NOT_REGISTERED: _("%(user)s has no verification method, and no option to enforce MFA is switched on."),
    Cause.NOT_ENFORCED: _("%(user)s has a verification method, and no option to enforce MFA is switched on."),
    Cause.EXCLUDED: _("The policy “%(policy)s” asks for MFA and excludes %(user)s."),
    Cause.REPORT_ONLY: _("The policy “%(policy)s” would ask %(user)s for MFA, but it only reports."),
    Cause.DEFAULTS_WAITING: _("Security defaults leave 14 days for registering, and %(user)s has not registered yet."),
    Cause.DEFAULTS_NOT_RISKY: _(
        "Security defaults ask people who are no administrators at risky sign-ins only, and this one of %(user)s came "
        "from a known device and place."
    ),
    Cause.CUSTOM_CONTROL: _(
        "The policy “%(policy)s” sends %(user)s to a custom control. Whatever it answers, it never counts as MFA."
    ),
    Cause.LEGACY: _("The application sent the password of %(user)s by the password grant, where nobody can be asked."),
    Cause.GRANT_WITHOUT_MFA: _(
        "%(user)s gave the application a grant without MFA. Its tokens are renewed from it and carry none either."
    ),
}


def fix_of(cause: Cause, finding: Finding) -> Fix | None:
    if cause not in FIXES:
        return None
    if _of_emergencies(cause, finding):
        return _OF_EMERGENCIES
    label, place = FIXES[cause]
    about = _about(place, finding)
    if place is Place.POLICY and not about:
        place = Place.POLICIES
    url = address_of(place, finding.tenant_id, about) if place else ""
    return Fix(label, AFTERWARDS[cause], url, f"{reverse('asking:list')}?cause={cause}" if cause in ASKABLE else "")


def _about(place: Place | None, finding: Finding) -> str:
    if place is Place.DOMAIN:
        return str(finding.detail.get("answer", {}).get("domain") or finding.user_name.rpartition("@")[2])
    if place is Place.APPLICATION:
        return settings.OIDC_RP_CLIENT_ID if finding.cause == Cause.UNKNOWN else finding.application_id
    return finding.policy_id


def _of_emergencies(cause: Cause, finding: Finding) -> bool:
    """The provider exempts such an account by itself; no policy has to exclude it."""
    return cause is Cause.EXCLUDED and "emergency" in finding.detail


def why(finding: Finding) -> str:
    """The sentence that says why, with the values."""
    cause = Cause(finding.cause)
    if cause is Cause.TAIL:
        return _tail(finding)
    if cause is Cause.CONDITION_NOT_MET:
        return _condition(finding)
    if _of_emergencies(cause, finding):
        said = gettext("%(user)s is an account for emergencies, which the directory asks for nothing.")
        return said % _values(finding)
    if cause is Cause.FEDERATED_WITHOUT_PROOF:
        return _federated(finding)
    if cause is Cause.UNKNOWN:
        missing = ", ".join(str(UNREAD[Unread(one)]) for one in finding.detail.get("unread", ()))
        return gettext("The directory kept back: %(missing)s.") % {"missing": missing}
    said = _SENTENCES[cause] % _values(finding)
    return f"{said} {_deadline(finding)}".strip() if cause is Cause.DEFAULTS_WAITING else str(said)


def _values(finding: Finding) -> dict[str, Any]:
    return {"user": finding.user_name, "policy": finding.policy}


def _deadline(finding: Finding) -> str:
    if finding.until is None:
        return ""
    return gettext("This can wait until %(until)s UTC.") % {"until": date_format(finding.until, "DATETIME_FORMAT")}


def _condition(finding: Finding) -> str:
    named = finding.detail.get("condition")
    if not named:
        return gettext("The policy “%(policy)s” asks %(user)s under conditions only.") % _values(finding)
    told = {**_values(finding), "condition": CONDITIONS[Condition(named)]}
    return gettext("The policy “%(policy)s” did not ask %(user)s: its condition on %(condition)s was not met.") % told


def _federated(finding: Finding) -> str:
    answer = finding.detail.get("answer", {})
    missing = _MISSING.get(answer.get("missing", ""))
    if missing is None:
        said = gettext("%(user)s signed in at the organization's own provider, whose answer carried no proof of MFA.")
        return said % _values(finding)
    told = {**_values(finding), "domain": answer.get("domain", ""), "missing": missing}
    return gettext("The provider of %(domain)s signed %(user)s in and sent %(missing)s.") % told


def _tail(finding: Finding) -> str:
    detail, values = finding.detail, _values(finding)
    if detail.get("gone"):
        said = gettext("The account of %(user)s is no longer in the directory.")
    elif detail.get("disabled"):
        said = gettext("The account of %(user)s is disabled.")
    elif by := detail.get("enforced_by"):
        said = gettext("MFA is enforced for %(user)s by now: %(option)s.")
        values["option"] = f"{Option(by).label} “{finding.policy}”" if finding.policy else Option(by).label
    else:
        said = gettext("What let %(user)s work without MFA has been put right.")
    return said % values
