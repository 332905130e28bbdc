"""Asking people by mail to register a verification method: the preview and the asking (Q5, M8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.held_posts import fields_of
from accounts.models import HeldPost, PartnerTenant, User
from activity.models import AuditRecord
from mailing.models import OutgoingMail
from security.asking import planning
from security.models import AccountStatus, RegistrationAsk
from tests.portal.conftest import SignIn, make_user
from tests.portal.security.asking import ASK, PAGE, asked_before, newcomer, send, text
from tests.portal.security.tenant import FakeTenant
from tests.posted import posted

pytestmark = [pytest.mark.requirement("Q5"), pytest.mark.requirement("M8")]
STATUS = "/dashboard/account/security-requirements"


def test_the_preview_says_who_is_asked_what_they_read_and_who_is_left_out(
    asker: Client, tenant: FakeTenant, contoso: PartnerTenant, people: list[str]
) -> None:
    tenant.users[0]["mail"] = "ann@mail.example"
    tenant.users[1]["preferredLanguage"] = "ja-JP"
    tenant.registered.add(people[2])
    outsider = newcomer(tenant, contoso, 14, "dan_x.example#EXT#")
    page = text(asker.post(f"{ASK}/preview", {"person": [*people, outsider]}))
    assert "ann@mail.example" in page
    assert "bob@contoso.example" in page
    assert "Contoso: please register a verification method" in page
    assert "Contoso: 検証方法を登録してください" in page
    assert "A method is registered by now." in page
    assert "The directory knows no mail address." in page
    assert "Ask 2 people" in page
    assert not OutgoingMail.objects.exists()
    assert not RegistrationAsk.objects.exists()


def test_each_is_mailed_the_page_in_their_own_language_and_stands_in_the_audit_log(
    asker: Client, tenant: FakeTenant, contoso: PartnerTenant, people: list[str]
) -> None:
    tenant.users[0]["mail"] = "ann@mail.example"
    tenant.users[1]["preferredLanguage"] = "ja-JP"
    bob = make_user(contoso, "Bob", "bob@contoso.example")
    User.objects.filter(pk=bob.pk).update(oid=people[1], language="ru")
    assert "2 people were asked." in send(asker, people[0], people[1])
    first, second = posted()
    assert (first.to, first.subject) == (["ann@mail.example"], "Contoso: please register a verification method")
    assert f"Register a verification method: {PAGE}" in first.body
    assert "open the page at localhost:8001, sign in as ann@contoso.example" in first.body
    assert "Alejandra Ruiz asked for this." in first.body
    html, _kind = first.alternatives[0]  # type: ignore[attr-defined]
    assert "<p>Hello Ann,</p>" in html
    assert f'<p><a href="{PAGE}">' in html
    assert second.subject == "Contoso: зарегистрируйте способ проверки"
    rows = AuditRecord.objects.filter(action="security.registration-asked").order_by("pk")
    assert [(row.actor, row.subject, row.detail["id"]) for row in rows] == [
        ("alejandra@contoso.example", f"{name}@contoso.example", key)
        for name, key in zip(("ann", "bob"), people, strict=False)
    ]
    assert {row.user_id for row in RegistrationAsk.objects.all()} == set(people[:2])


def test_a_form_sent_twice_asks_once(asker: Client, people: list[str]) -> None:
    send(asker, people[0])
    page = send(asker, people[0], again="1")
    assert "Not asked: Ann. Asked within the last 24 hours." in page
    assert OutgoingMail.objects.count() == 1


def test_somebody_else_who_asks_at_the_same_moment_asks_nobody_again(
    asker: Client, contoso: PartnerTenant, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = planning.left_out

    def meanwhile(*args: Any, **values: Any) -> Any:
        RegistrationAsk.objects.get_or_create(
            tenant=contoso, user_id=people[0], defaults={"asked_at": timezone.now(), "asked_by": "x"}
        )
        return known(*args, **values)

    monkeypatch.setattr(planning, "left_out", meanwhile)
    assert "1 person had been asked a moment before." in send(asker, people[0])
    assert not OutgoingMail.objects.exists()


def test_those_asked_within_a_week_are_asked_again_only_if_said_so(
    asker: Client, contoso: PartnerTenant, people: list[str]
) -> None:
    asked_before(contoso, people[0], timedelta(days=2))
    page = text(asker.post(f"{ASK}/preview", {"person": people[:1]}))
    assert "Asked within the last 7 days." in page
    assert "Include those asked in the last 7 days" in page
    assert "Not asked: Ann." in send(asker, people[0])
    assert "1 person was asked." in send(asker, people[0], again="1")
    assert RegistrationAsk.objects.get().asked_by == "alejandra@contoso.example"


def test_everybody_that_matches_is_taken_a_bounded_number_at_a_time(
    asker: Client, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 2)
    page = text(asker.post(f"{ASK}/preview", {"everybody": "1"}))
    assert "More people than in one go" in page
    assert [key in page for key in people] == [True, True, False]
    send(asker, *people[:2])
    page = text(asker.post(f"{ASK}/preview", {"everybody": "1"}))
    assert [key in page for key in people] == [False, False, True]
    page = text(asker.post(f"{ASK}/preview?q=&asked=", {"everybody": "1"}))  # as the form of the list says nothing
    assert [key in page for key in people] == [False, False, True]
    page = text(asker.post(f"{ASK}/preview?q=bob&asked=lately", {"everybody": "1"}))
    assert "Asked within the last 24 hours." in page
    assert people[2] not in page


def test_when_nobody_looked_at_can_be_asked_the_others_are_said_to_be_out_of_reach(
    asker: Client, tenant: FakeTenant, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_LOOKED_AT", 2)
    tenant.registered.update(people[:2])
    page = text(asker.post(f"{ASK}/preview", {"everybody": "1"}))
    assert "Search or filter the list to reach the others." in page
    assert people[2] not in page


@pytest.mark.parametrize(
    ("refused", "status", "said"),
    [
        ({"userRegistrationDetails": (403, "Authorization_RequestDenied")}, 403, "Authorization_RequestDenied"),
        ({"users$": (503, "x")}, 503, "The directory did not answer."),
    ],
)
def test_a_directory_that_says_no_keeps_the_choice_and_sends_nothing(
    asker: Client, tenant: FakeTenant, people: list[str], refused: dict[str, tuple[int, str]], status: int, said: str
) -> None:
    tenant.refused = refused
    for address in ("preview", "send"):
        response = asker.post(f"{ASK}/{address}", {"person": people, "again": "1"})
        assert response.status_code == status
        page = text(response)
        assert said in page
        assert all(f'value="{key}"' in page for key in people)
        assert 'name="again"' in page
    assert not OutgoingMail.objects.exists()


def test_all_are_asked_or_none(asker: Client, people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(mails: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr("security.asking.services.put_in_outbox", fails)
    with pytest.raises(RuntimeError):
        send(asker, *people)
    assert not RegistrationAsk.objects.exists()
    assert not AuditRecord.objects.filter(action="security.registration-asked").exists()


def test_without_a_page_to_link_to_nobody_is_asked(asker: Client, people: list[str], settings: Settings) -> None:
    settings.SECURITY_INFO_URL = ""
    assert "There is no page to send people to" in text(asker.get(ASK))
    send(asker, *people)
    assert not OutgoingMail.objects.exists()


def test_nobody_chosen_and_an_address_not_understood_are_said(asker: Client, people: list[str]) -> None:
    page = text(asker.post(f"{ASK}/preview?cause=x", {"everybody": "1"}, follow=True))
    assert "Nobody is asked: choose people" in page
    for address in ("preview", "send"):
        assert "Nobody is asked: choose people" in text(asker.post(f"{ASK}/{address}", follow=True))
        assert asker.get(f"{ASK}/{address}")["Location"] == ASK
    assert asker.post(f"{ASK}/preview?q=ann")["Location"] == f"{ASK}?q=ann"


def test_people_of_another_tenant_are_not_there(
    client: Client, sign_in: SignIn, olga: User, people: list[str], settings: Settings
) -> None:
    settings.SECURITY_INFO_URL = PAGE
    sign_in(client, olga)
    assert "Ann" not in text(client.get(ASK))
    assert "Nobody is asked: choose people" in send(client, *people, "\x00")
    assert not OutgoingMail.objects.exists()


def test_it_wants_mfa_of_the_last_quarter_of_an_hour(
    client: Client, sign_in: SignIn, alejandra: User, people: list[str]
) -> None:
    for values in ({"mfa": False}, {"verified_ago": timedelta(minutes=16)}):
        sign_in(client, alejandra, **values)
        assert client.get(ASK)["Location"].startswith("/oidc/step-up")
        assert client.post(f"{ASK}/send", {"person": people}).status_code == 403
        assert [value for name, value in fields_of(HeldPost.objects.latest("created_at")) if name == "person"] == people
    client.post(f"{ASK}/preview?q=ann", {"everybody": "1"})
    assert HeldPost.objects.latest("created_at").path == f"{ASK}/preview?q=ann"
    assert not OutgoingMail.objects.exists()


def test_more_people_cost_no_more_queries(
    asker: Client, tenant: FakeTenant, contoso: PartnerTenant, people: list[str]
) -> None:
    def cost(act: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    few = cost(lambda: asker.get(ASK)), cost(lambda: asker.post(f"{ASK}/preview", {"person": people}))
    for number in range(5):
        newcomer(tenant, contoso, 30 + number, f"p{number}")
    everybody = list(AccountStatus.objects.values_list("user_id", flat=True))
    assert few == (
        cost(lambda: asker.get(ASK)),
        cost(lambda: asker.post(f"{ASK}/preview", {"person": everybody})),
    )
