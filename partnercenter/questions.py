"""Questions people ask about MFA here, with answers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

QUESTIONS: tuple[tuple[Promise, Promise], ...] = (
    (
        _("Which pages ask for multifactor authentication?"),
        _(
            "Customers, Customer requests and Billing, every page of them. The navigation marks them with a lock until "
            "you have verified. Overview, Service health, Security requirements status and Help open without it."
        ),
    ),
    (
        _("Do I have to verify on each page?"),
        _("No. Once verified, all protected pages open for the rest of the session."),
    ),
    (
        _("Does it count if my organization asks for MFA at sign-in?"),
        _("Yes. What was proven at sign-in is taken over and no page asks a second time."),
    ),
    (
        _("I have no phone at my desk. What can I use?"),
        _("A security key or a hardware token with six digits. Recovery codes help when either is lost."),
    ),
    (
        _("Why was my organization's own MFA not recognized?"),
        _(
            "Only what the identity provider confirms in its token counts. A third party's page that is opened by a "
            "custom control is not confirmed there, whatever it did. Federation that relays the proof is recognized."
        ),
    ),
    (
        _("I registered a method. Why am I not asked for it at sign-in?"),
        _("Registering does not change how you sign in. Your organization's policy decides when you are asked."),
    ),
    (
        _("Who has to use MFA?"),
        _("Every user of a partner's directory, guests included, in all partner programs."),
    ),
)
