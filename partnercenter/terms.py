"""The terms of the trade, explained in a sentence each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TERMS: tuple[tuple[Promise, Promise], ...] = (
    (_("Partner tenant"), _("Your own organization's directory: where you and your colleagues sign in.")),
    (_("Customer"), _("An organization you sell to or advise, with a directory of its own.")),
    (_("CSP"), _("Cloud Solution Provider: a partner that sells directly, as an indirect provider or as a reseller.")),
    (_("CPV"), _("Control Panel Vendor: a company whose application works for partners with their consent.")),
    (_("Multifactor authentication"), _("Proving who you are by a second means besides the password.")),
    (_("MFA registration"), _("Setting up a method, such as an authenticator app or a security key, once.")),
    (_("MFA verification"), _("Proving yourself with a registered method, when a page asks for it.")),
    (_("Step-up"), _("Going back to the identity provider because a page needs more proof than the session has.")),
    (_("Custom control"), _("A redirect to a third party during sign-in. It never counts as MFA.")),
    (_("Federation"), _("Another identity provider signs your people in and vouches for them.")),
    (_("Agent roles"), _("Admin agent, Sales agent and Helpdesk agent: membership of groups in your directory.")),
    (_("Directory roles"), _("Global admin, Billing admin and Security admin: given in your directory.")),
    (_("Service management"), _("Working in a customer's directory and services on the customer's behalf.")),
)
