"""Uploading a file of changes and letting the loop work on it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import BulkJob, BulkRow
from accounts.users.bulk.runner import run_due
from tests.portal.accounts.users.conftest import LIST

BULK = f"{LIST}/bulk"
HEADER = "user_principal_name,add_roles,remove_roles,account,registration"


def upload(client: Client, *rows: str, header: str = HEADER) -> BulkJob:
    file = SimpleUploadedFile("changes.csv", "\n".join([header, *rows]).encode(), "text/csv")
    response = client.post(BULK, {"file": file})
    assert response.status_code == 302, response.content.decode()
    return BulkJob.objects.get(pk=int(response["Location"].rsplit("/", 1)[1]))


def run(client: Client, job: BulkJob) -> None:
    assert client.post(f"{BULK}/{job.pk}/run").status_code == 302
    run_due()
    job.refresh_from_db()


def outcomes(job: BulkJob) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in BulkRow.objects.filter(job=job)]
