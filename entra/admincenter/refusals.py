"""Why a change was refused, in the administrator's language."""

from django.utils.translation import gettext as _


def would_lock_out() -> str:
    return _(
        "Refused: no Global administrator of your organization could sign in any more. Each would be blocked, or asked "
        "to verify with no method registered and none to register. Leave an administrator out, or keep an account for "
        "emergencies (break glass). Nothing was changed."
    )


def nobody_has_a_password() -> str:
    return _(
        "Refused: no Global administrator of your organization could sign in any more, as none has a password here or "
        "signs in at another provider. Give the role to somebody who has, or keep an account for emergencies (break "
        "glass). Nothing was changed."
    )
