"""What the mails say, in each language, as text and as HTML."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage

from accounts.models import PartnerTenant, User
from security.mails.duty import mail_due
from security.mails.services import Choices, subscribe
from security.metrics import Measure
from tests.portal.security.factory import account, snapshot, subscription
from tests.posted import posted

pytestmark = pytest.mark.requirement("Q1")
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
PAGE = "http://localhost:8000/dashboard/account/security-requirements"
LEAVE = "http://localhost:8000/security-mails/unsubscribe/"
TOLD = {
    "en": [
        "The security requirements status of Contoso on Nov. 30, 2026 (UTC):",
        "Accounts with MFA enforced: 90% (90 of 100 enabled accounts), 5 points more than on Nov. 23, 2026",
        "Through Partner Center: 20% (2 of 10 operations), 1 point less than on Nov. 23, 2026",
        "Through API or SDK: 40% (2 of 5 requests), the same as on Nov. 23, 2026",
        "Excluded from the policy: 2",
        f"Open the report: {PAGE}",
        f"Unsubscribe: {LEAVE}",
    ],
    "ja": [
        "Contoso のセキュリティ要件の状態、2026年11月30日 (UTC):",
        "MFA が強制されたアカウント: 90%",
        "2026年11月23日より 5 ポイント増",
        "パートナー センター経由: 20%",
        "2026年11月23日より 1 ポイント減",
        "2026年11月23日と同じ",
        f"レポートを開く: {PAGE}",
        f"配信を停止する: {LEAVE}",
    ],
    "ru": [
        "Статус требований к безопасности Contoso на 30 ноября 2026 г. (UTC):",
        "Учетные записи с применением MFA: 90 %",
        "на 5 пунктов больше, чем 23 ноября 2026 г.",
        "на 1 пункт меньше, чем 23 ноября 2026 г.",
        "столько же, сколько 23 ноября 2026 г.",
        f"Открыть отчет: {PAGE}",
        f"Отказаться от рассылки: {LEAVE}",
    ],
}
SUMMARIES = {
    "en": "Security requirements of Contoso: weekly summary",
    "ja": "Contoso のセキュリティ要件: 週次の要約",
    "ru": "Требования к безопасности Contoso: еженедельная сводка",
}
ALERTS = {
    "en": "Accounts with MFA enforced: 90%, which is below the threshold of 95%.",
    "ja": "MFA が強制されたアカウント: 90% (しきい値 95% 未満)",
    "ru": "Учетные записи с применением MFA: 90 %, это ниже порога 95 %.",
}
QUESTIONS = {
    "en": "Contoso would like to send mails about its security requirements status to this address.",
    "ja": "Contoso が、セキュリティ要件の状態についてのメールをこのアドレスに送ることを希望しています。",
    "ru": "Contoso хочет отправлять на этот адрес письма о статусе своих требований к безопасности.",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def figures(contoso: PartnerTenant) -> PartnerTenant:
    snapshot(contoso, days_ago=7, enforced_accounts=85, portal_operations=100, portal_with_mfa=21)
    snapshot(contoso)
    for name in ("Ann", "Ben"):
        account(contoso, name, enforced_by="", obstacle="excluded")
    account(contoso, "Cem")
    return contoso


def written(tenant: PartnerTenant, language: str, **values: Any) -> EmailMessage:
    subscription(tenant, language=language, **values)
    assert mail_due() == 1
    return posted()[-1]


def html_of(message: EmailMessage) -> str:
    ((content, kind),) = message.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html"
    return str(content)


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_summary_has_the_figures_their_change_and_what_keeps_them_below(
    figures: PartnerTenant, language: str
) -> None:
    sent = written(figures, language, thresholds={}, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    assert sent.subject == SUMMARIES[language]
    assert [text for text in TOLD[language] if text not in sent.body] == []
    html = html_of(sent)
    assert f'<html lang="{language}">' in html
    assert f'<a href="{PAGE}">' in html
    assert f'<a href="{LEAVE}' in html
    assert html.count("<p>") == html.count("</p>") > 2
    assert "&lt;" not in html


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_alert_says_first_what_fell_below_which_threshold(figures: PartnerTenant, language: str) -> None:
    sent = written(figures, language, thresholds={"accounts": 95, "portal": 10})
    first = sent.body.split("\n\n")[0].splitlines()
    assert first[1:] == [f"- {ALERTS[language]}"]
    assert TOLD[language][0] in sent.body


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_question_names_the_organization_and_both_ways(alejandra: User, language: str) -> None:
    subscribe(user=alejandra, address="ann@contoso.example", choices=Choices(language, None, {Measure.API: 100}))
    (sent,) = posted()
    assert QUESTIONS[language] in sent.body
    assert "/security-mails/confirm/" in sent.body
    assert LEAVE in sent.body


def test_every_mail_tells_mail_programs_how_to_unsubscribe(figures: PartnerTenant, alejandra: User) -> None:
    subscribe(user=alejandra, address="asked@contoso.example", choices=Choices("en", None, {Measure.API: 100}))
    written(figures, "en", weekly_on=1, weekly_due_on=date(2026, 12, 1))
    for message in posted():
        headers = message.message()
        assert str(headers["List-Unsubscribe"]).startswith(f"<{LEAVE}")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_was_not_measured_is_said_instead_of_a_figure(contoso: PartnerTenant) -> None:
    snapshot(contoso, enabled_accounts=None, enforced_accounts=None, portal_operations=0, portal_with_mfa=0)
    body = written(contoso, "en").body
    assert "- Accounts with MFA enforced: Directory not read" in body
    assert "- Through Partner Center: Nothing to measure" in body
    assert "- Through API or SDK: 40% (2 of 5 requests), no figure of the week before" in body


def test_without_a_snapshot_of_that_day_the_last_one_of_the_week_before_is_compared_with(
    contoso: PartnerTenant,
) -> None:
    snapshot(contoso, days_ago=14, enforced_accounts=1)
    snapshot(contoso, days_ago=9, enforced_accounts=80)
    snapshot(contoso, days_ago=6, enforced_accounts=2)
    snapshot(contoso)
    assert "90% (90 of 100 enabled accounts), 10 points more than on Nov. 21, 2026" in written(contoso, "en").body


def test_a_name_is_neither_markup_nor_a_header_nor_a_paragraph(contoso: PartnerTenant) -> None:
    contoso.display_name = "<b>Con</b>\r\nBcc: all@contoso.example\n\n<a href=x>toso"
    contoso.save()
    snapshot(contoso)
    sent = written(contoso, "en")
    headers = sent.message()
    assert headers["Bcc"] is None
    assert "\n" not in sent.subject
    assert "<b>Con</b> Bcc: all@contoso.example <a href=x>toso on Nov. 30" in sent.body
    html = html_of(sent)
    assert "&lt;p&gt;" not in html
    assert "<b>" not in html
    assert "<a href=x>" not in html
    assert "&lt;b&gt;Con&lt;/b&gt;" in html
