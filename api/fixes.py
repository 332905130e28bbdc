"""What to do about each refusal, for people who look a call up."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.faults import Code
from api.injection import MARK

_FIXES: dict[Code, Promise] = {
    Code.MFA_REQUIRED: _(
        "Have the person sign in again with multifactor authentication and use the new tokens. For a stored refresh"
        " token: give consent again, with MFA done in that sign-in."
    ),
    Code.APP_ONLY: _("Call the operation with a token of a signed-in person: the application by itself may not."),
    Code.WRONG_ROLE: _("Ask a Global admin to grant one of the roles named, or call as somebody who holds one."),
    Code.PRIVILEGES: _("Ask for the scope user_impersonation of the Partner Center API when requesting the token."),
    Code.ACCESS_DENIED: _("The token counts no more: get a new one, or sign in again."),
    Code.BAD_INPUT: _("Correct the fields that the answer's data names."),
    Code.NOT_FOUND: _("Check the id: it has to be of your own organization."),
    Code.STALE: _("Read the resource again and repeat the change with the new ETag."),
    Code.ALREADY_EXISTS: _("Something is in the way: the answer's description says what."),
    Code.TOO_MANY_CALLS: _("Wait as long as Retry-After says, and spread calls over the minute."),
    Code.MEDIA_TYPE: _("Accept the media type that the operation answers with."),
    Code.METHOD: _("Use one of the methods that the header Allow names."),
    Code.UNEXPECTED: _("Tell the operator the correlation ID: the cause is in the service's log."),
    Code.DIRECTORY_UNREACHABLE: _("Try again in a moment: the directory could not be asked."),
}
_INJECTED = _("Nothing: the answer was injected on purpose, by a fault that somebody of your organization started.")


def fix_of(code: str) -> "Promise | str":
    """The fix for a refusal's code; empty where the call was answered."""
    if code.startswith(MARK):
        return _INJECTED
    return _FIXES.get(Code(code), "") if code in set(Code) else ""
