"""The turn of the loop that checks and carries out bulk changes, row by row, as the person who asked for them.

A row is done, or refused and taken back, or still to do: its outcome is stored after its last change, together with
the audit records of its changes. A process that is killed before leaves it to do, with what the person had; each change
made again is found made, and recorded once.
"""

import logging
import time
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import BulkJob, BulkRow, JobState, PortalSession, RowState, User
from accounts.oidc.graph import NoDirectory, forget_token, graph_of
from accounts.users.acts import Change
from accounts.users.assignment import roles_in
from accounts.users.bulk.planning import Before, plan
from accounts.users.bulk.problems import Problem, RowProblem
from accounts.users.bulk.services import finish
from accounts.users.changes import carry_out
from accounts.users.detail import find_person
from accounts.users.person import Person
from accounts.users.reasons import asks_for_sign_in
from msgraph.client import GraphClient, GraphRefused, GraphUnavailable

logger = logging.getLogger(__name__)
TURN_SECONDS = 1.5
_LEASE = timedelta(seconds=30)
_AT_ONCE = 20


def run_due() -> None:
    """Work on each moving job for a turn. What cannot go on now stays as it is."""
    now = timezone.now()
    moving = BulkJob.objects.filter(state__in=[JobState.CHECKING, JobState.RUNNING])
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    for job in moving.filter(free).order_by("pk"):
        if moving.filter(free, pk=job.pk).update(lease_until=now + _LEASE):  # two loops may run
            try:
                _work(job)
            finally:
                BulkJob.objects.filter(pk=job.pk).update(lease_until=None)


def right_of(job: BulkJob) -> PortalSession | None:
    """The session whose right is used, or None: it ended, and somebody has to say that the job goes on."""
    now = timezone.now()
    living = PortalSession.objects.living(now=now, idle_since=now - settings.PORTAL_SESSION_IDLE)
    session = living.filter(pk=job.session_id or 0).select_related("user__tenant").first()
    if session is None or not session.user.is_active or session.user.tenant_id != job.tenant_id:
        return None
    void_before = session.user.not_before
    return None if void_before is not None and session.created_at < void_before else session


def _work(job: BulkJob) -> None:
    session = right_of(job)
    if session is None:
        return
    try:
        _rows(job, session)
    except GraphUnavailable as error:
        logger.warning("The bulk change %s waits for the directory: %s", job.pk, error)
    except NoDirectory:
        _wait_for_somebody(job)
    except GraphRefused as refused:
        if not asks_for_sign_in(refused):
            raise
        forget_token(session)
        _wait_for_somebody(job)


def _wait_for_somebody(job: BulkJob) -> None:
    BulkJob.objects.filter(pk=job.pk).update(session=None)


def _rows(job: BulkJob, session: PortalSession) -> None:
    until = time.monotonic() + TURN_SECONDS
    graph, checking = graph_of(session), job.state == JobState.CHECKING
    wanted = RowState.WAITING if checking else RowState.READY
    while time.monotonic() < until:
        # Read anew each time: somebody may have stopped the job, or taken away the right to it.
        if not BulkJob.objects.filter(pk=job.pk, state=job.state, session=session).exists():
            return
        by = User.objects.select_related("tenant").get(pk=session.user_id)
        rows = list(BulkRow.objects.filter(job=job, state=wanted)[:_AT_ONCE])
        if not rows:
            finish(job=job)
            return
        for row in rows:
            _one(graph, row, by, checking=checking)
            if time.monotonic() >= until:
                return


def _one(graph: GraphClient, row: BulkRow, by: User, *, checking: bool) -> None:
    try:
        person = find_person(graph, row.user_principal_name)
        before = _before(graph, row, person, by, keep=not checking)
        changes = plan(row, person, before, by=by, tenant=by.tenant)
        if checking:
            row.planned = [_named(change) for change in changes]
            row.state = RowState.READY if changes else RowState.NOTHING
        else:
            carry_out(
                graph=graph,
                tenant=by.tenant,
                actor=by.oid or by.subject,
                person=person,
                changes=changes,
                settle=partial(_settle, row),
            )
            return
    except RowProblem as wrong:
        row.state, row.reason, row.note = RowState.WRONG, wrong.problem.value, wrong.note[:200]
    except GraphRefused as refused:
        if asks_for_sign_in(refused):
            raise
        _settle(row, refused)
        return
    row.save(update_fields=["state", "reason", "note", "planned"])


def _settle(row: BulkRow, refused: GraphRefused | None) -> None:
    """Store how the row ended. A refusal for want of a sign-in ends nothing: it is still to do."""
    if refused is None:
        row.state = RowState.DONE
    elif asks_for_sign_in(refused):
        return
    elif refused.status == HTTPStatus.NOT_FOUND:
        row.state, row.reason = RowState.WRONG, Problem.UNKNOWN_USER.value
    else:
        row.state, row.reason, row.note = RowState.FAILED, refused.code[:60], refused.message[:200]
    row.save(update_fields=["state", "reason", "note"])


def _before(graph: GraphClient, row: BulkRow, person: Person, by: User, *, keep: bool) -> Before:
    """What the person has before the row; when it is carried out, stored ahead of the first change."""
    if keep and row.before is not None:
        return Before.from_json(row.before)
    rows = graph.every(f"users/{person.id}/memberOf") if row.add_roles or row.remove_roles else ()
    before = Before(roles_in(rows, by.tenant), person.enabled)
    if keep:
        row.before = before.to_json()
        row.save(update_fields=["before"])
    return before


def _named(change: Change) -> str:
    return f"{change.act.value}:{change.role.value}" if change.role else change.act.value
