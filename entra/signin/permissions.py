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
    "User.Read.All": Permission(_("Read all users"), _("The directory entries of everybody in your organization.")),
    "User.ReadWrite.All": Permission(
        _("Read and change all users"), _("Names, addresses, and whether somebody may sign in.")
    ),
    "User.Invite.All": Permission(_("Invite guests"), _("Let people of other organizations into yours.")),
    "User.RevokeSessions.All": Permission(_("Sign users out"), _("End what somebody has open everywhere.")),
    "Group.Read.All": Permission(_("Read all groups"), _("Which groups there are, and who is in them.")),
    "GroupMember.ReadWrite.All": Permission(
        _("Change who is in a group"), _("In the groups you own; in every group if you are a Global Administrator.")
    ),
    "RoleManagement.Read.Directory": Permission(_("Read directory roles"), _("Who holds which administrator role.")),
    "RoleManagement.ReadWrite.Directory": Permission(
        _("Assign directory roles"), _("Give administrator roles to people and take them away.")
    ),
    "UserAuthenticationMethod.ReadWrite.All": Permission(
        _("Manage verification methods"),
        _("Remove somebody's ways to verify their identity, and make temporary access passes."),
    ),
    "User.Read": Permission(_("Sign in and read your profile"), _("Your account's directory entry.")),
}


def described(scopes: Iterable[str]) -> list[Permission]:
    """Scopes by what they allow; one we have no words for is shown as it was asked for."""
    return [_KNOWN.get(scope.rpartition("/")[2]) or Permission(scope, "") for scope in scopes]
