"""Bulk changes by a file: dry run, run, and what is refused (M8)."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import BulkJob, BulkRow, User
from accounts.roles import Role
from accounts.users.bulk.runner import run_due
from activity.models import AuditRecord
from tests.portal.accounts.users.bulk import BULK, HEADER, outcomes, run, upload
from tests.portal.accounts.users.people import (
    ADMIN_AGENTS,
    BILLING,
    GLOBAL,
    HELPDESK_AGENTS,
    SALES_AGENTS,
    FakeDirectory,
    user_id,
)
from tests.portal.conftest import SignIn, make_user

pytestmark = pytest.mark.requirement("M8")


def test_the_dry_run_says_row_by_row_what_would_be_changed_and_changes_nothing(
    client: Client, staff: FakeDirectory
) -> None:
    job = upload(
        client,
        "ann@contoso.example,helpdesk-agent,sales-agent,disable,",
        "bob@contoso.example,sales-agent,,enable,",
        "nobody@contoso.example,sales-agent,,,",
    )
    run_due()
    job.refresh_from_db()
    assert job.state == "checked"
    assert outcomes(job) == [("ready", ""), ("nothing", ""), ("wrong", "unknown-user")]
    assert BulkRow.objects.get(job=job, number=1).planned == [
        "add-role:helpdesk-agent",
        "remove-role:sales-agent",
        "disable",
    ]
    assert staff.writes() == []
    text = client.get(f"{BULK}/{job.pk}").content.decode()
    assert "3 of 3 rows · Dry run finished: nothing was changed yet" in text
    for shown in ("Add: Helpdesk agent", "Remove: Sales agent", "The directory knows nobody of this name."):
        assert shown in text
    run_due()
    assert staff.writes() == []  # nothing happens until somebody says so


@pytest.mark.requirement("M22")
def test_the_run_makes_the_changes_here_too_with_an_audit_record_each(
    client: Client, staff: FakeDirectory, admin: User
) -> None:
    ann = make_user(admin.tenant, "Ann", "ann@contoso.example", [Role.SALES_AGENT])
    User.objects.filter(pk=ann.pk).update(oid=user_id(11))
    job = upload(
        client, "ann@contoso.example,helpdesk-agent;billing-admin,sales-agent,,", "cem@contoso.example,,,disable,"
    )
    run_due()
    run(client, job)
    assert (job.state, outcomes(job)) == ("finished", [("done", ""), ("done", "")])
    assert user_id(11) in staff.members[HELPDESK_AGENTS] & staff.members[BILLING]
    assert user_id(11) not in staff.members[SALES_AGENTS]
    assert staff.users[user_id(13)]["accountEnabled"] is False
    ann.refresh_from_db()
    assert ann.projected_roles == ["billing-admin", "helpdesk-agent"]
    written = list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))
    assert written == [
        "account.bulk-change-started",
        "account.role-assigned",
        "account.role-assigned",
        "account.role-removed",
        "account.user-disabled",
        "account.bulk-change-finished",
    ]
    assert {row.actor for row in AuditRecord.objects.all()} == {admin.oid}


def test_a_row_that_is_refused_midway_is_taken_back_and_the_others_go_on(client: Client, staff: FakeDirectory) -> None:
    staff.refuse.append(("DELETE", f"{SALES_AGENTS}/members/{user_id(11)}", 403, "Authorization_RequestDenied"))
    job = upload(
        client,
        "ann@contoso.example,helpdesk-agent;billing-admin,sales-agent,,",
        "bob@contoso.example,helpdesk-agent,sales-agent,,",
    )
    run_due()
    run(client, job)
    assert outcomes(job) == [("failed", "Authorization_RequestDenied"), ("done", "")]
    assert user_id(11) not in staff.members[HELPDESK_AGENTS] | staff.members[BILLING]
    assert staff.members[SALES_AGENTS] == {user_id(11)}
    assert "The directory does not allow this with your roles." in client.get(f"{BULK}/{job.pk}").content.decode()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",sales-agent,,,", "no-name"),
        ("ann@contoso.example,emperor,,,", "unknown-role"),
        ("ann@contoso.example,operator,,,", "unknown-role"),
        ("ann@contoso.example,sales-agent,sales-agent,,", "contradiction"),
        ("ann@contoso.example,,,perhaps,", "unknown-word"),
        ("ann@contoso.example,,,,soon", "unknown-word"),
        ("ann@contoso.example,,,,,more", "unknown-word"),
        ("ANN@contoso.example,,,,", "twice"),
        ("alejandra@contoso.example,,,disable,", "yourself"),
        ("gus#EXT#@contoso.example,,,,require", "guest"),
        ("../groups,sales-agent,,,", "unknown-user"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_reason(
    client: Client, staff: FakeDirectory, row: str, reason: str
) -> None:
    first = "ann@contoso.example,helpdesk-agent,,," if reason == "twice" else "bob@contoso.example,,,,"
    job = upload(client, first, row)
    run_due()
    assert outcomes(job)[1] == ("wrong", reason)
    assert client.get(f"{BULK}/{job.pk}?state=wrong").status_code == 200


@pytest.mark.parametrize("row", ["ann@contoso.example,billing-admin,,,", "ann@contoso.example,,,disable,"])
def test_an_admin_agent_changes_agent_roles_in_bulk_and_nothing_else(
    client: Client, staff: FakeDirectory, admin: User, sign_in: SignIn, row: str
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    job = upload(client, row, "bob@contoso.example,helpdesk-agent,,,")
    run_due()
    assert outcomes(job) == [("wrong", "not-yours"), ("ready", "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"user_principal_name\n", "The file has no rows."),
        (b"name,role\nann,sales\n", "The first line has to name the columns"),
        (b"\xff\xfe\x00", "The file has to be UTF-8 text."),
        (b"user_principal_name\n" + b"a@b.example\n" * 10_001, "more than 10,000 rows"),
        (b'user_principal_name\n"ann\n', "The file is not valid CSV."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    client: Client, admin: User, content: bytes, said: str
) -> None:
    response = client.post(BULK, {"file": SimpleUploadedFile("x.csv", content)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not BulkJob.objects.exists()


def test_the_result_is_the_file_again_with_what_became_of_each_row(client: Client, staff: FakeDirectory) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,disable,", "=cmd()@contoso.example,,,,require")
    run_due()
    run(client, job)
    text = client.get(f"{BULK}/{job.pk}/result").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        [*HEADER.split(","), "result", "reason"],
        ["ann@contoso.example", "helpdesk-agent", "", "disable", "", "done", ""],
        ["'=cmd()@contoso.example", "", "", "", "require", "wrong", "The directory knows nobody of this name."],
    ]


@pytest.mark.parametrize("path", ["", "/run", "/stop", "/result"])
def test_another_partners_job_does_not_exist(
    client: Client, staff: FakeDirectory, olga: User, sign_in: SignIn, path: str
) -> None:
    job = upload(client, "ann@contoso.example,helpdesk-agent,,,")
    sign_in(client, olga)
    method = client.post if path in {"/run", "/stop"} else client.get
    assert method(f"{BULK}/{job.pk}{path}").status_code == 404
    assert "changes.csv" not in client.get(BULK).content.decode()


def test_the_last_global_admin_is_kept_by_the_directory_in_bulk_too(
    client: Client, staff: FakeDirectory, admin: User
) -> None:
    staff.members[GLOBAL] = {user_id(13)}
    job = upload(client, "cem@contoso.example,sales-agent,global-admin,,")
    run_due()
    run(client, job)
    assert outcomes(job) == [("failed", "LastGlobalAdministrator")]
    assert user_id(13) not in staff.members[SALES_AGENTS]
    assert admin.oid in staff.members[ADMIN_AGENTS]


def test_without_a_directory_there_are_no_bulk_changes(client: Client, admin: User, settings: Settings) -> None:
    settings.GRAPH_URL = ""
    assert client.get(BULK).status_code == 404


def test_a_page_of_a_job_shows_fifty_rows_and_links_to_the_next(client: Client, staff: FakeDirectory) -> None:
    job = upload(client, *(f"p{number}@contoso.example,sales-agent,,," for number in range(120)))
    assert "p49@" in client.get(f"{BULK}/{job.pk}").content.decode()
    assert "p50@" not in client.get(f"{BULK}/{job.pk}").content.decode()
    assert "p119@" in client.get(f"{BULK}/{job.pk}?after=100").content.decode()
    assert client.get(f"{BULK}/{job.pk}?after=x&state=purple").status_code == 200
