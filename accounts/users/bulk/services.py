"""Starting, carrying on and stopping bulk changes."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import AccountsAction
from accounts.models import BulkJob, BulkRow, JobState, PortalSession, RowState
from accounts.users.bulk.reading import read_rows
from activity.services import record_audit

_AT_ONCE = 1000


@transaction.atomic
def upload(*, session: PortalSession, file_name: str, content: bytes) -> BulkJob:
    """Store a file's rows for the dry run. Nothing is changed in the directory. Raises FileUnusable."""
    rows = read_rows(content)
    job = BulkJob.objects.create(
        tenant=session.user.tenant,
        created_by=session.user,
        session=session,
        file_name=file_name.replace("\x00", "")[-100:],
        created_at=timezone.now(),
    )
    for row in rows:
        row.job = job
    BulkRow.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return job


@transaction.atomic
def start(*, job: BulkJob, session: PortalSession) -> bool:
    """Carry the checked rows out; or go on with a job that waits for somebody, as this person."""
    stored = BulkJob.objects.select_for_update().get(pk=job.pk)
    if stored.state not in {JobState.CHECKING, JobState.CHECKED, JobState.RUNNING}:
        return False
    if stored.state == JobState.CHECKED:
        stored.state = JobState.RUNNING
        _audit(AccountsAction.BULK_STARTED, stored, session.user.oid or session.user.subject)
    stored.session = session
    stored.save(update_fields=["state", "session"])
    return True


@transaction.atomic
def stop(*, job: BulkJob, session: PortalSession) -> None:
    """What is done stays done; the rest is left. A row being carried out is brought to its end."""
    stored = BulkJob.objects.select_for_update().get(pk=job.pk)
    if stored.state in {JobState.FINISHED, JobState.STOPPED}:
        return
    stored.state, stored.finished_at = JobState.STOPPED, timezone.now()
    stored.save(update_fields=["state", "finished_at"])
    _audit(AccountsAction.BULK_STOPPED, stored, session.user.oid or session.user.subject)


@transaction.atomic
def finish(*, job: BulkJob) -> None:
    """Called when no row is left: after the dry run the job waits for a person, after the run it is over."""
    stored = BulkJob.objects.select_for_update().get(pk=job.pk)
    if stored.state == JobState.CHECKING:
        stored.state = JobState.CHECKED
    elif stored.state == JobState.RUNNING:
        stored.state, stored.finished_at = JobState.FINISHED, timezone.now()
        _audit(AccountsAction.BULK_FINISHED, stored, stored.created_by.oid or stored.created_by.subject)
    stored.save(update_fields=["state", "finished_at"])


def _audit(action: AccountsAction, job: BulkJob, actor: str) -> None:
    states = BulkRow.objects.filter(job=job).values_list("state", flat=True)
    counts = {state.value: 0 for state in RowState}
    for state in states:
        counts[state] += 1
    detail = {"job": job.pk, "rows": {state: count for state, count in counts.items() if count}}
    record_audit(action=action, actor=actor, tenant_id=job.tenant_id, subject=job.file_name, detail=detail)
