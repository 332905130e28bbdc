"""Why a row of a bulk change cannot be carried out."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(StrEnum):
    NO_NAME = "no-name"
    TWICE = "twice"
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_WORD = "unknown-word"
    CONTRADICTION = "contradiction"
    UNKNOWN_USER = "unknown-user"
    NOT_YOURS = "not-yours"
    YOURSELF = "yourself"
    GUEST = "guest"

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LABELS = {
    Problem.NO_NAME: _("The user principal name is missing or too long."),
    Problem.TWICE: _("The person stands in the file twice."),
    Problem.UNKNOWN_ROLE: _("There is no such role."),
    Problem.UNKNOWN_WORD: _("This word is not understood here."),
    Problem.CONTRADICTION: _("The same role is to be added and removed."),
    Problem.UNKNOWN_USER: _("The directory knows nobody of this name."),
    Problem.NOT_YOURS: _("Your roles do not allow this change."),
    Problem.YOURSELF: _("Your own account is not changed in bulk."),
    Problem.GUEST: _("A guest's methods are kept by the home organization."),
}


class RowProblem(Exception):
    def __init__(self, problem: Problem, note: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.note = problem, note
