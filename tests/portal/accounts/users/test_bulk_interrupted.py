"""Bulk changes that are interrupted: killed, waiting, without a right; resumed, and no row is half done (M8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import BulkJob, PortalSession, User
from accounts.users import changes
from accounts.users.bulk.runner import run_due
from activity.models import AuditRecord
from tests.portal.accounts.users.bulk import BULK, outcomes, run, upload
from tests.portal.accounts.users.people import (
    HELPDESK_AGENTS,
    SALES_AGENTS,
    FakeDirectory,
    user_id,
)
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.requirement("M8")


class Killed(BaseException):
    """What a process that is killed leaves behind."""


@pytest.mark.parametrize("calls", range(1, 7))
def test_a_killed_run_is_taken_up_again_and_no_row_is_half_done(
    client: Client, staff: FakeDirectory, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """Killed before each of the six changes in turn, or before their records."""
    job = upload(
        client,
        "ann@contoso.example,helpdesk-agent,sales-agent,disable,",
        "bob@contoso.example,helpdesk-agent,sales-agent,disable,",
    )
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    make, made = changes._make, []

    def fragile(*arguments: object) -> None:
        made.append(arguments)
        if len(made) == calls:
            raise Killed
        make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(changes, "_make", fragile)
    with pytest.raises(Killed):
        run_due()
    monkeypatch.setattr(changes, "_make", make)
    BulkJob.objects.update(lease_until=None)
    run_due()
    assert outcomes(job) == [("done", ""), ("done", "")]
    assert staff.members[SALES_AGENTS] == set()
    assert staff.members[HELPDESK_AGENTS] == {user_id(11), user_id(12)}
    assert AuditRecord.objects.filter(action="account.role-removed").count() == 2
    assert [staff.users[user_id(n)]["accountEnabled"] for n in (11, 12)] == [False, False]


def test_a_resumed_row_that_is_then_refused_is_taken_back_to_what_it_was_before_the_kill(
    client: Client, staff: FakeDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,sales-agent,,")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    make = changes._make

    def killed_after(*arguments: object) -> None:
        make(*arguments)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(changes, "_make", killed_after)
    with pytest.raises(Killed):
        run_due()
    assert user_id(11) in staff.members[HELPDESK_AGENTS]
    monkeypatch.setattr(changes, "_make", make)
    staff.refuse.append(("DELETE", SALES_AGENTS, 403, "Authorization_RequestDenied"))
    run_due()
    assert outcomes(job) == [("failed", "Authorization_RequestDenied")]
    assert user_id(11) not in staff.members[HELPDESK_AGENTS]
    assert user_id(11) in staff.members[SALES_AGENTS]


@pytest.mark.parametrize(
    ("change", "refused", "outcome", "written"),
    [
        ("helpdesk-agent,,,", False, ("done", ""), ["account.role-assigned"]),
        (",,,require", True, ("failed", "Authorization_RequestDenied"), ["account.registration-required"]),
    ],
    ids=["done", "refused after what cannot be undone"],
)
def test_a_row_killed_after_its_audit_records_is_over_and_not_recorded_twice(
    client: Client,
    staff: FakeDirectory,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    refused: bool,
    outcome: tuple[str, str],
    written: list[str],
) -> None:
    if refused:
        staff.refuse.append(("POST", "revokeSignInSessions", 403, "Authorization_RequestDenied"))
    job = upload(client, f"ann@contoso.example,{change}")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    record = changes.record

    def killed_after(**facts: Any) -> None:
        record(**facts)
        raise Killed

    monkeypatch.setattr(changes, "record", killed_after)
    with pytest.raises(Killed):
        run_due()
    monkeypatch.setattr(changes, "record", record)
    run_due()
    assert outcomes(job) == [outcome]
    recorded = AuditRecord.objects.exclude(action__startswith="account.bulk").exclude(
        action__startswith="account.signed"
    )
    assert list(recorded.values_list("action", flat=True)) == written


def test_while_the_directory_is_down_a_job_waits_and_then_goes_on(client: Client, staff: FakeDirectory) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,,")
    staff.down = True
    run_due()
    assert outcomes(job) == [("waiting", "")]
    staff.down = False
    run_due()
    assert outcomes(job) == [("ready", "")]


def test_another_loop_that_holds_the_job_keeps_it(client: Client, staff: FakeDirectory) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,,")
    BulkJob.objects.update(lease_until=timezone.now() + timedelta(seconds=20))
    run_due()
    assert outcomes(job) == [("waiting", "")]
    BulkJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # it was killed
    run_due()
    assert outcomes(job) == [("ready", "")]


@pytest.mark.requirement("M22")
def test_without_the_session_of_the_one_who_started_it_a_job_waits_for_somebody(
    client: Client, staff: FakeDirectory, admin: User, sign_in: SignIn
) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,,")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    PortalSession.objects.update(ended_at=timezone.now())
    run_due()
    assert outcomes(job) == [("ready", "")]
    sign_in(client, admin)
    assert "Waiting for somebody" in client.get(f"{BULK}/{job.pk}").content.decode()
    run(client, job)
    assert outcomes(job) == [("done", "")]


def test_a_right_that_was_lost_meanwhile_is_not_used(
    client: Client, staff: FakeDirectory, admin: User, sign_in: SignIn
) -> None:
    job = upload(client, "ann@contoso.example,billing-admin,,,", "bob@contoso.example,helpdesk-agent,,,")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    admin.projected_roles = ["admin-agent"]
    admin.save()
    run_due()
    assert outcomes(job) == [("wrong", "not-yours"), ("done", "")]
    admin.projected_roles = []
    admin.save()


def test_a_stopped_job_does_nothing_more(client: Client, staff: FakeDirectory) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,,")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    client.post(f"{BULK}/{job.pk}/stop")
    run_due()
    client.post(f"{BULK}/{job.pk}/run")
    run_due()
    assert staff.writes() == []
    assert outcomes(job) == [("ready", "")]
