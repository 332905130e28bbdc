from enum import StrEnum

from django.db import models

from accounts.models.session import PortalSession
from accounts.models.tenant import PartnerTenant
from accounts.models.user import User


class JobState(StrEnum):
    """A dry run first; what it found is carried out when a person says so."""

    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class RowState(StrEnum):
    WAITING = "waiting"
    """Not looked at yet."""
    READY = "ready"
    NOTHING = "nothing"
    """As it should be already."""
    WRONG = "wrong"
    """Cannot be carried out; the reason says why."""
    DONE = "done"
    FAILED = "failed"
    """The directory refused; what was begun was taken back."""


def job_states() -> list[tuple[str, str]]:
    return [(state.value, state.name) for state in JobState]


def row_states() -> list[tuple[str, str]]:
    return [(state.value, state.name) for state in RowState]


class BulkJob(models.Model):
    """Changes of many people, read from a file. `session` is whose right to change them is used."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="bulk_jobs")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(PortalSession, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=job_states, default=JobState.CHECKING)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def moving(self) -> bool:
        return self.state in {JobState.CHECKING, JobState.RUNNING}


class BulkRow(models.Model):
    """One line of the file. `before` is what the person had when the row was begun: what a resumed row goes by."""

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    user_principal_name = models.CharField(max_length=255)
    add_roles = models.JSONField(default=list)
    remove_roles = models.JSONField(default=list)
    enable = models.BooleanField(null=True)
    require_registration = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=row_states, default=RowState.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    planned = models.JSONField(default=list)
    before = models.JSONField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="bulk_row_number")]
        indexes = [models.Index(fields=["job", "state", "number"], name="bulk_row_by_state")]

    def __str__(self) -> str:
        return f"{self.number}: {self.user_principal_name}"
