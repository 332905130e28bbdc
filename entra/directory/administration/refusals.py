"""What the directory does not let anybody do."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why a change was refused. The value is the error code of the directory API."""

    LAST_GLOBAL_ADMINISTRATOR = "LastGlobalAdministrator"
    ALREADY_A_MEMBER = "ObjectReferenceAlreadyExists"
    NOT_A_MEMBER = "Request_ResourceNotFound"
    CIRCULAR_MEMBERSHIP = "CircularMembership"
    OTHER_TENANT = "Request_BadRequest"
    ADDRESS_UNKNOWN = "InvitedAddressUnknown"
    ADDRESS_IS_OWN = "InvitedAddressIsOwn"
    SIGNS_IN_ELSEWHERE = "SignsInElsewhere"


_MESSAGES = {
    Refusal.LAST_GLOBAL_ADMINISTRATOR: "The organization's last enabled Global Administrator cannot be removed or "
    "disabled. Assign the role to another member first.",
    Refusal.ALREADY_A_MEMBER: "One or more added object references already exist for the property 'members'.",
    Refusal.NOT_A_MEMBER: "The object is not a direct member.",
    Refusal.CIRCULAR_MEMBERSHIP: "A group cannot contain itself, directly or through other groups.",
    Refusal.OTHER_TENANT: "Both objects have to belong to one organization.",
    Refusal.ADDRESS_UNKNOWN: "The address belongs to no account of an organization here.",
    Refusal.ADDRESS_IS_OWN: "The address belongs to this organization already.",
    Refusal.SIGNS_IN_ELSEWHERE: "The account signs in at another organization or provider, which keeps its "
    "authentication methods.",
}


class Refused(Exception):
    """A change was refused and nothing was stored. The text is for developers and not translated."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason = reason
