"""What the security workspace consists of: one line for each of its pages, on its first page in this order."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """`url_name` is the page, `icon` a name of the design system's, `text` what one finds or does there."""

    url_name: str
    icon: str
    title: Promise
    text: Promise


# fmt: off
SECTIONS: tuple[Section, ...] = (
    Section("security:alerts", "shield-error", _("Security alerts"), _("What was found in sign-ins, role changes and API calls that wants a person's judgement.")),  # noqa: E501
    Section("security:requirements", "shield-task", _("Security requirements"), _("Your security score, what is mandatory and what is recommended, and what to do next.")),  # noqa: E501
    Section("security:all-pages", "globe-shield", _("MFA on all pages"), _("Who would be asked for MFA, register first or be blocked if every page asked for it.")),  # noqa: E501
    Section("security:sign-ins", "person-accounts", _("Sign-ins"), _("Who signed in with and without MFA, and why it was asked for or not.")),  # noqa: E501
    Section("security:federation", "shield-keyhole", _("Federation"), _("What other identity providers answered, whether it proves MFA, and what is missing.")),  # noqa: E501
    Section("security:what-if", "search", _("What if"), _("Weigh a sign-in that has not happened: who, where, from which network, with what client.")),  # noqa: E501
    Section("api:token-decoder", "code", _("Token decoder"), _("What a token of the API says, and whether an operation would take it.")),  # noqa: E501
)
# fmt: on
