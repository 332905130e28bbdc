"""Why a tenant's directory was not read, for people."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(StrEnum):
    """What a snapshot keeps where the directory gave no words of its own."""

    NO_DIRECTORY = "no-directory"
    UNAVAILABLE = "unavailable"


_LABELS: dict[str, Promise] = {
    Problem.NO_DIRECTORY: _("This portal is connected to no directory."),
    Problem.UNAVAILABLE: _("The directory did not answer."),
}


def problem_text(problem: str) -> "str | Promise":
    """A snapshot's problem in the person's language; the directory's own words as they are."""
    return _LABELS.get(problem, problem)
