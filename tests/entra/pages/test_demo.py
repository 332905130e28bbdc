from http import HTTPStatus

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.seeding import load_methods
from entra.directory.models import AuthenticatorApp, HardwareToken, Tenant, User

PAGES = ("/demo/personas", "/demo/outbox")


@pytest.fixture
def contoso(db):
    tenant = Tenant.objects.create(pk="c0000000-0000-4000-8000-000000000001", display_name="Contoso")
    User.objects.create(tenant=tenant, user_principal_name="alejandra@contoso.example", display_name="Alejandra Rojas")
    return tenant


@pytest.fixture
def small_world(contoso):
    return {"tenants": [{"id": str(contoso.pk), "registered": True, "hardwareTokens": ["CT-1001"]}]}


def test_people_are_listed_with_the_code_their_device_shows(client, contoso, small_world, clock):
    load_methods(small_world)
    text = client.get("/demo/personas").content.decode()
    assert "Alejandra Rojas" in text
    assert current_code(AuthenticatorApp.objects.get()) in text
    assert current_code(HardwareToken.objects.get()) in text
    assert "Partner!2026demo" in text
    assert "/oidc/authenticate?login_hint=alejandra%40contoso.example" in text


def test_seeding_twice_changes_nothing(contoso, small_world):
    assert load_methods(small_world) == 2
    assert load_methods(small_world) == 0


@pytest.mark.parametrize("page", PAGES)
def test_other_machines_do_not_see_it(client, db, page):
    assert client.get(page, REMOTE_ADDR="192.0.2.7").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("page", PAGES)
def test_a_proxy_of_this_machine_shows_it_to_no_other_one(client, db, page, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}
    assert client.get(page, headers=elsewhere).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("page", PAGES)
def test_outside_demo_mode_it_does_not_exist(client, db, page, settings):
    settings.DEMO = False
    assert client.get(page).status_code == HTTPStatus.NOT_FOUND


def test_mails_are_listed_newest_first_and_can_be_read(client, db, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    for subject in ("First", "Второе"):
        backend = EmailBackend(file_path=tmp_path)
        backend.send_messages([EmailMessage(subject, "Body <b>text</b>, письмо", to=["john@fabrikam.example"])])
        backend.close()
    text = client.get("/demo/outbox").content.decode()
    assert "First" in text
    assert "Второе" in text
    address = text.split('href="/demo/outbox/')[1].split('"')[0]
    detail = client.get(f"/demo/outbox/{address}").content.decode()
    assert "Body &lt;b&gt;text" in detail
    assert "письмо" in detail
    assert client.get("/demo/outbox/none").status_code == HTTPStatus.NOT_FOUND
    assert mail.outbox == []
