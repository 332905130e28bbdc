from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import PartnerTenant, User
from support.attachments import LARGEST, Refused, accept, clean_name
from support.models import Attachment
from tests.portal.business import make_customer, make_request

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 24
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
AREA = "/dashboard/v2/support/customers"


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("scan.pdf", PDF, "application/pdf"),
        ("screen.PNG", PNG, "image/png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0xx", "image/jpeg"),
        ("events.log", "12:00 失敗 ошибка\n".encode(), "text/plain; charset=utf-8"),
        ("table.csv", b"\xef\xbb\xbfa,b\r\n", "text/plain; charset=utf-8"),
    ],
)
def test_allowed_files_get_the_type_of_their_content(name: str, data: bytes, content_type: str) -> None:
    assert accept(name, data).content_type == content_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("run.exe", b"MZ\x90\x00"),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("report.pdf", PNG),
        ("notes.txt", PNG),
        ("notes.txt", b"a\x00b"),
        ("noending", b"text"),
        ("scan.pdf.html", PDF),
        ("empty.txt", b""),
        ("letter.docx", b"PK\x03\x04broken"),
        ("large.txt", b"a" * (LARGEST + 1)),
    ],
)
def test_other_files_are_refused_whatever_their_name_says(name: str, data: bytes) -> None:
    with pytest.raises(Refused):
        accept(name, data)


def test_office_documents_are_taken_without_macros(office_file: Callable[..., bytes]) -> None:
    assert "wordprocessingml" in accept("a.docx", office_file("word/document.xml")).content_type
    assert "spreadsheetml" in accept("a.xlsx", office_file("xl/workbook.xml")).content_type
    with pytest.raises(Refused):
        accept("a.docx", office_file("word/document.xml", "word/vbaProject.bin"))
    with pytest.raises(Refused):
        accept("a.docx", office_file("xl/workbook.xml"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.txt", "a.txt"),
        ('a"b\r\n.txt', "ab.txt"),
        ("gnp\u202etxt.exe", "gnptxt.exe"),
        ("見積書.pdf", "見積書.pdf"),
    ],
)
def test_names_are_reduced_to_a_harmless_last_part(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def send(client: Client, case: object, *files: SimpleUploadedFile) -> int:
    data = {"text": "See attached.", "attachments": list(files)}
    return client.post(f"{AREA}/{case.pk}/reply", data).status_code


def test_a_reply_with_files_is_downloaded_safely(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: Callable[..., object]
) -> None:
    case = make_request(make_customer(contoso))
    sign_in(client, alejandra)
    assert send(client, case, SimpleUploadedFile("見積書.pdf", PDF), SimpleUploadedFile("a.txt", b"text")) == 302
    assert Attachment.objects.count() == 2
    file = Attachment.objects.get(name="見積書.pdf")
    response = client.get(f"{AREA}/{case.pk}/attachments/{file.pk}")
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_one_bad_file_keeps_the_whole_reply_from_being_sent_and_the_text_in_the_form(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: Callable[..., object]
) -> None:
    case = make_request(make_customer(contoso))
    sign_in(client, alejandra)
    files = [SimpleUploadedFile("a.txt", b"text"), SimpleUploadedFile("x.exe", b"MZ")]
    response = client.post(f"{AREA}/{case.pk}/reply", {"text": "See attached.", "attachments": files})
    assert response.status_code == 422
    assert "x.exe cannot be attached" in response.content.decode()
    assert "See attached." in response.content.decode()
    assert not case.notes.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(("status", "text", "answer"), [("open", "", 422), ("closed", "See attached.", 409)])
def test_a_form_shown_again_says_that_its_files_were_not_kept(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: Callable[..., object],
    status: str,
    text: str,
    answer: int,
) -> None:
    case = make_request(make_customer(contoso), status=status)
    sign_in(client, alejandra)
    files = {"attachments": [SimpleUploadedFile("a.txt", b"text")]}
    response = client.post(f"{AREA}/{case.pk}/reply", {"text": text} | files)
    assert response.status_code == answer
    assert "Choose the files again: they were not kept." in response.content.decode()
    response = client.post(f"{AREA}/{case.pk}/reply", {"text": text})
    assert "Choose the files again" not in response.content.decode()


def test_at_most_five_files_at_once(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: Callable[..., object]
) -> None:
    case = make_request(make_customer(contoso))
    sign_in(client, alejandra)
    assert send(client, case, *(SimpleUploadedFile(f"{n}.txt", b"text") for n in range(6))) == 422


def test_a_file_is_found_under_its_own_request_only(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: Callable[..., object]
) -> None:
    customer = make_customer(contoso)
    case, other = make_request(customer), make_request(customer)
    sign_in(client, alejandra)
    send(client, case, SimpleUploadedFile("a.txt", b"text"))
    assert client.get(f"{AREA}/{other.pk}/attachments/{Attachment.objects.get().pk}").status_code == 404


def test_a_body_larger_than_any_form_is_refused_before_it_is_read(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_request(make_customer(contoso))
    sign_in(client, alejandra)
    monkeypatch.setattr("support.uploads.LARGEST_BODY", 1000)
    assert send(client, case, SimpleUploadedFile("a.txt", b"a" * 2000)) == 400
    assert not Attachment.objects.exists()
    response = client.post(f"{AREA}/{case.pk}/reply", {"attachments": SimpleUploadedFile("a.txt", b"a" * 2000)})
    assert b"files are too large" in response.content
