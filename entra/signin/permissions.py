"""What the scopes of an authorize request mean to the person who is asked for them (S12)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Permission:
    title: Promise | str
    purpose: Promise | str


_KNOWN = {
    "openid": Permission(_("Sign you in"), _("The application learns which account signed in, and how.")),
    "profile": Permission(_("View your basic profile"), _("Your name, user name and organization.")),
    "email": Permission(_("View your email address"), _("The address your organization has on file for you.")),
    "offline_access": Permission(
        _("Maintain access to data you have given it access to"),
        _("The application can act with these permissions while you are not using it."),
    ),
    "user_impersonation": Permission(
        _("Access Partner Center as you"), _("Everything your roles allow you in Partner Center, in your name.")
    ),
    "Directory.AccessAsUser.All": Permission(
        _("Access the directory as you"), _("Read and change users, groups and roles as far as your roles allow.")
    ),
    "User.Read": Permission(_("Sign in and read your profile"), _("Your account's directory entry.")),
}


def described(scopes: Iterable[str]) -> list[Permission]:
    """Scopes by what they allow; one we have no words for is shown as it was asked for."""
    return [_KNOWN.get(scope.rpartition("/")[2]) or Permission(scope, "") for scope in scopes]
