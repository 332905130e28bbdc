"""What the directory's names of verification methods mean to people."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

METHODS: dict[str, Promise] = {
    "passwordAuthenticationMethod": _("Password"),
    "softwareOathAuthenticationMethod": _("Authenticator app"),
    "microsoftAuthenticatorAuthenticationMethod": _("Authenticator app"),
    "hardwareOathAuthenticationMethod": _("Hardware token"),
    "fido2AuthenticationMethod": _("Security key"),
    "phoneAuthenticationMethod": _("Telephone"),
    "emailAuthenticationMethod": _("Email"),
    "temporaryAccessPassAuthenticationMethod": _("Temporary access pass"),
}
_REGISTERED: dict[str, Promise] = {
    "softwareOneTimePasscode": _("Authenticator app"),
    "microsoftAuthenticatorPush": _("Authenticator app"),
    "hardwareOneTimePasscode": _("Hardware token"),
    "fido2SecurityKey": _("Security key"),
    "mobilePhone": _("Telephone"),
}


def registered_methods(names: Iterable[str]) -> "list[str | Promise]":
    return [_REGISTERED.get(name, name) for name in names]
