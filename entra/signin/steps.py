"""The pages a sign-in may lead through."""

from enum import StrEnum


class Step(StrEnum):
    """The value is the name of the page's URL in the `signin` namespace."""

    SELECT = "select"
    IDENTIFY = "identify"
    PASSWORD = "password"
    FEDERATE = "federate"
    CUSTOM_CONTROL = "custom_control"
    REGISTER = "register"
    VERIFY = "verify"
    CONSENT = "consent"
