"""A conditional access policy in one sentence: who, which applications, from where, what."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from entra.admincenter.naming import Names
from entra.policy.evaluate import EVERYBODY, Grant
from entra.policy.models import ConditionalAccessPolicy

_MOST_NAMES = 4


def summary(policy: ConditionalAccessPolicy, names: Names) -> str:
    """The sentence in the reader's language. Prefetch the policy's locations and custom control."""
    parts = {
        "who": _who(policy, names),
        "apps": _applications(policy, names),
        "where": _where(policy),
        "control": policy.custom_control.name if policy.custom_control else "",
    }
    match policy.grant:
        case Grant.BLOCK:
            sentence = _("Sign-ins of %(who)s to %(apps)s %(where)s are blocked.")
        case Grant.CUSTOM_CONTROL:
            sentence = _("Sign-ins of %(who)s to %(apps)s %(where)s pass by “%(control)s”, which never counts as MFA.")
        case _:
            sentence = _("Sign-ins of %(who)s to %(apps)s %(where)s need multifactor authentication.")
    said = sentence % parts
    return said[:1].upper() + said[1:]


def _who(policy: ConditionalAccessPolicy, names: Names) -> str:
    included = _people(
        names, policy.include_users, policy.include_groups, policy.include_roles, guests=policy.include_guests
    )
    excluded = _people(
        names, policy.exclude_users, policy.exclude_groups, policy.exclude_roles, guests=policy.exclude_guests
    )
    return _with_exceptions(_joined(included) or _("nobody"), excluded)


def _people(
    names: Names, users: Sequence[str], groups: Sequence[str], roles: Sequence[str], *, guests: bool
) -> list[str]:
    return [
        *([_("everybody")] if EVERYBODY in users else []),
        *(names.people[one] for one in users if one in names.people),
        *(_("the group “%(name)s”") % {"name": names.groups[one]} for one in groups if one in names.groups),
        *(_("the role “%(name)s”") % {"name": names.role(one)} for one in roles),
        *([_("guests")] if guests else []),
    ]


def _applications(policy: ConditionalAccessPolicy, names: Names) -> str:
    if EVERYBODY in policy.include_applications:
        included = _("any application")
    else:
        included = _joined(_named(policy.include_applications, names)) or _("no application")
    return _with_exceptions(included, _named(policy.exclude_applications, names))


def _named(ids: Sequence[str], names: Names) -> list[str]:
    every = [_("any application")] if EVERYBODY in ids else []
    return every + [f"“{names.applications.get(one, one)}”" for one in ids if one != EVERYBODY]


def _where(policy: ConditionalAccessPolicy) -> str:
    trusted = _("all trusted locations")
    included = [one.name for one in policy.include_locations.all()] + ([trusted] if policy.include_trusted else [])
    excluded = [one.name for one in policy.exclude_locations.all()] + ([trusted] if policy.exclude_trusted else [])
    where = _("from these networks: %(names)s") % {"names": _joined(included)} if included else _("from any network")
    return _with_exceptions(where, excluded)


def _with_exceptions(included: str, excluded: Sequence[str]) -> str:
    if not excluded:
        return included
    return _("%(included)s (except: %(excluded)s)") % {"included": included, "excluded": _joined(excluded)}


def _joined(found: Iterable[str]) -> str:
    listed = list(found)
    shown = ", ".join(listed[:_MOST_NAMES])
    more = len(listed) - _MOST_NAMES
    return _("%(shown)s and %(more)d more") % {"shown": shown, "more": more} if more > 0 else shown
