"""Where an administrator puts something right: the provider's own pages, or Microsoft's (Q5).

The address is the setting ADMIN_CENTER_URL. Without one there is nothing to link to, and pages name the place alone.
"""

from enum import StrEnum
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings

_MICROSOFT = "entra.microsoft.com"


class Place(StrEnum):
    """What is changed. All but the first three need the id or name of what it is about."""

    NEW_POLICY = "new-policy"
    POLICIES = "policies"
    PASSWORD_GRANT = "password-grant"
    POLICY = "policy"
    DOMAIN = "domain"
    APPLICATION = "application"
    SIGN_IN = "sign-in"


_OURS = {
    Place.NEW_POLICY: "/policies/new",
    Place.POLICIES: "/policies",
    Place.PASSWORD_GRANT: "/password-grant",
    Place.POLICY: "/policies/{about}",
    Place.DOMAIN: "/federation/{about}",
    Place.APPLICATION: "/applications/{about}",
    Place.SIGN_IN: "/sign-ins/{about}",
}
_VIEW = "/#view/"
_AT_MICROSOFT = {
    Place.NEW_POLICY: "Microsoft_AAD_ConditionalAccess/PolicyBlade",
    Place.POLICIES: "Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
    Place.PASSWORD_GRANT: "Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
    Place.POLICY: "Microsoft_AAD_ConditionalAccess/PolicyBlade/policyId/{about}",
    Place.DOMAIN: "Microsoft_AAD_IAM/DomainsManagementMenuBlade/~/CustomDomainNames",
    Place.APPLICATION: "Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Permissions/appId/{about}",
    Place.SIGN_IN: "Microsoft_AAD_IAM/SignInEventsV3Blade",
}


def address_of(place: Place, tenant_id: UUID, about: str = "") -> str:
    """A whole address, "" where there is none."""
    base = str(settings.ADMIN_CENTER_URL)
    if not base:
        return ""
    if urlsplit(base).hostname == _MICROSOFT:
        return f"{base}{_VIEW}{_AT_MICROSOFT[place].format(about=quote(about, safe=''))}"
    return f"{base}{_OURS[place].format(about=quote(about, safe=''))}?{urlencode({'tenant': tenant_id})}"
