"""What states, plans and reasons of bulk changes are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import BulkRow, JobState, RowState
from accounts.roles import Role
from accounts.users.acts import Act
from accounts.users.bulk.problems import Problem
from accounts.users.reasons import reason_of

JOB_LABELS: dict[JobState, Promise] = {
    JobState.CHECKING: _("Dry run"),
    JobState.CHECKED: _("Dry run finished: nothing was changed yet"),
    JobState.RUNNING: _("Being carried out"),
    JobState.FINISHED: _("Finished"),
    JobState.STOPPED: _("Stopped"),
}
ROW_LABELS: dict[RowState, Promise] = {
    RowState.WAITING: _("Waiting"),
    RowState.READY: _("To be changed"),
    RowState.NOTHING: _("Nothing to change"),
    RowState.WRONG: _("Not possible"),
    RowState.DONE: _("Changed"),
    RowState.FAILED: _("Refused"),
}
ROW_BADGES = {
    RowState.WAITING: "neutral",
    RowState.READY: "info",
    RowState.NOTHING: "neutral",
    RowState.WRONG: "warning",
    RowState.DONE: "success",
    RowState.FAILED: "danger",
}
_ACTS: dict[Act, Promise] = {
    Act.ADD_ROLE: _("Add: %(role)s"),
    Act.REMOVE_ROLE: _("Remove: %(role)s"),
    Act.ENABLE: _("Enable"),
    Act.DISABLE: _("Disable"),
    Act.REQUIRE_REGISTRATION: _("Require to register again"),
    Act.REVOKE_SESSIONS: _("Sign out everywhere"),
}


def planned_labels(row: BulkRow) -> list[str]:
    """What the dry run found to be changed."""
    found = []
    for planned in row.planned:
        act, _colon, role = planned.partition(":")
        found.append(_ACTS[Act(act)] % {"role": Role(role).label} if role else str(_ACTS[Act(act)]))
    return found


def why(row: BulkRow) -> "str | Promise":
    """Why a row was not carried out, "" when it was or still may be."""
    if not row.reason and row.state != RowState.FAILED:
        return ""
    if row.reason in set(Problem):
        label = Problem(row.reason).label
        return f"{label} ({row.note})" if row.note else label
    return reason_of(row.reason, row.note)
