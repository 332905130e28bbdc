"""Why MFA was or was not asked for at a sign-in, in a sentence. Pure."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from security.sign_ins.row import SignIn


def why(row: SignIn) -> str:
    """The sentence; the rules that stand behind it are those of the row."""
    asking = get_text_list([str(rule.name) for rule in row.rules if rule.applies], _("and"))
    if row.mfa_asked and row.mfa:
        return (
            (_("MFA was asked for by %(rules)s, and it was proven.") % {"rules": asking})
            if asking
            else _("MFA was asked for, and it was proven.")
        )
    if row.mfa_asked:
        return (
            (_("MFA was asked for by %(rules)s, and it was not proven.") % {"rules": asking})
            if asking
            else _("MFA was asked for, and it was not proven.")
        )
    if row.mfa:
        return _("No rule asked for MFA. It had been proven all the same, at this sign-in or before in the session.")
    if not row.rules:
        return _("MFA was not asked for: the sign-in ended before any rule was weighed.")
    reasons = "; ".join(f"{rule.name}: {rule.why}" for rule in row.rules)
    return _("MFA was not asked for, as no rule demanded it. %(reasons)s.") % {"reasons": reasons}
