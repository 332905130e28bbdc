"""What a request can be about. The ids are those of the REST resource, and are kept for ever."""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SupportTopic(models.IntegerChoices):
    SIGN_IN = 1001, _("Sign-in and verification")
    LICENSES = 1002, _("Licenses and subscriptions")
    BILLING = 1003, _("Billing")
    SERVICE = 1004, _("A service does not work as it should")
    CONFIGURATION = 1005, _("Setting up and configuring")
    DATA = 1006, _("Data, migration and recovery")
    OTHER = 1099, _("Something else")

    @property
    def description(self) -> Promise:
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    SupportTopic.SIGN_IN: _("People cannot sign in, or are asked to verify when they should not be."),
    SupportTopic.LICENSES: _("Licenses are missing or cannot be assigned; a subscription is to be changed."),
    SupportTopic.BILLING: _("A price, a charge or an invoice is not what was expected."),
    SupportTopic.SERVICE: _("A service is slow, answers with errors or cannot be reached."),
    SupportTopic.CONFIGURATION: _("How a service is set up, connected or given to more people."),
    SupportTopic.DATA: _("Moving data from elsewhere, and getting back what was lost."),
    SupportTopic.OTHER: _("What fits none of the other topics."),
}


def support_topics() -> list[tuple[int, Any]]:
    return list(SupportTopic.choices)
