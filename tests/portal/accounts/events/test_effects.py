"""What an event changes, obeyed on the next request (M22)."""

import time
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.events.services import receive
from accounts.models import PortalSession, User
from accounts.oidc import identity
from accounts.roles import Role
from activity.models import AuditRecord
from tests.portal.accounts.events.conftest import ADMIN_AGENTS, Told
from tests.portal.accounts.op import Provider
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.requirement("M22")
BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"
PAGE = "/dashboard/help/access-matrix"


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def audited() -> list[tuple[str, str, Any]]:
    return [(record.action, record.subject, record.detail) for record in AuditRecord.objects.order_by("pk")]


def claims(*, groups: tuple[str, ...] = (), wids: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"claims": {"groups": list(groups), "wids": list(wids)}}


def test_a_role_given_and_one_taken_away_count_on_the_next_request(
    told: Told, john: User, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, john)
    assert client.get("/commerce/customers").status_code == 200
    assert client.get("/dashboard/billing").status_code == 200
    receive(told("token-claims-change", claims(wids=(BILLING,))))
    assert client.get("/commerce/customers").status_code == 403
    assert client.get("/dashboard/billing").status_code == 200
    assert audited() == [
        (
            "account.roles-changed-by-provider",
            "john@fabrikam.example",
            {"before": ["admin-agent"], "after": ["billing-admin"]},
        )
    ]


def test_news_that_comes_late_does_not_undo_newer_news(told: Told, john: User) -> None:
    now = time.time()
    older = told("token-claims-change", claims(groups=(ADMIN_AGENTS,)), at=now - 2.5)
    newer = told("token-claims-change", claims(), at=now - 2.4)
    assert receive(newer)
    assert not receive(older)
    john.refresh_from_db()
    assert john.projected_roles == []


def test_a_sign_in_that_began_before_the_change_does_not_bring_the_role_back(
    told: Told, john: User, op: Provider
) -> None:
    before = op.claims("n") | {"iat": int(time.time()) - 1}
    receive(told("token-claims-change", claims()))
    identity.admit(before, before)
    john.refresh_from_db()
    assert john.projected_roles == []
    after = op.claims("n") | {"iat": int(time.time()) + 1}
    identity.admit(after, after)
    john.refresh_from_db()
    assert john.projected_roles == [Role.ADMIN_AGENT]


@pytest.mark.parametrize("facts", [{}, {"claims": None}, {"claims": ["groups"]}])
def test_an_event_without_claims_changes_no_role(told: Told, john: User, facts: dict[str, Any]) -> None:
    assert not receive(told("token-claims-change", facts))
    john.refresh_from_db()
    assert john.projected_roles == [Role.ADMIN_AGENT]


def test_claims_left_out_or_of_the_wrong_shape_give_no_role(told: Told, john: User) -> None:
    receive(told("token-claims-change", {"claims": {"groups": "all", "wids": {"a": 1}}}))
    john.refresh_from_db()
    assert john.projected_roles == []


def test_a_disabled_account_is_out_until_it_is_enabled_and_signs_in_again(
    told: Told, john: User, client: Client, sign_in: SignIn, op: Provider
) -> None:
    sign_in(client, john)
    receive(told("account-disabled"))
    assert not is_in(client)
    with pytest.raises(identity.UserDisabled):
        identity.admit(op.claims("n"), op.claims("n"))
    receive(told("account-enabled"))
    assert not is_in(client)
    sign_in(client, john)
    assert is_in(client)
    assert [action for action, _subject, _detail in audited()] == [
        "account.disabled-by-provider",
        "account.enabled-by-provider",
    ]


def test_a_late_disabled_does_not_undo_a_newer_enabled(told: Told, john: User) -> None:
    now = time.time()
    receive(told("account-enabled", at=now - 1))
    receive(told("account-disabled", at=now - 2))
    john.refresh_from_db()
    assert john.disabled_at is None


def test_revoked_sessions_end_and_a_new_sign_in_counts(told: Told, john: User, client: Client, sign_in: SignIn) -> None:
    session = sign_in(client, john)
    receive(told("session-revoked"))
    assert not is_in(client)
    assert PortalSession.objects.get(pk=session.pk).ended_at is not None
    sign_in(client, john)
    assert is_in(client)
    assert audited() == [("account.sessions-ended-by-provider", "john@fabrikam.example", {"sessions": 1, "all": True})]


def test_a_revocation_that_comes_late_spares_the_sign_in_after_it(
    told: Told, john: User, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, john)
    with time_machine.travel(time.time() + 600):
        other = Client()
        sign_in(other, john)
        receive(told("session-revoked", at=time.time() - 300))
        assert not is_in(client)
        assert is_in(other)


def test_the_end_of_one_session_leaves_the_others(told: Told, john: User, client: Client, sign_in: SignIn) -> None:
    first, other = sign_in(client, john), Client()
    sign_in(other, john)
    PortalSession.objects.filter(pk=first.pk).update(provider_sid="provider-session-1")
    receive(told("session-revoked", session="provider-session-1"))
    assert not is_in(client)
    assert is_in(other)


def test_nobody_elses_session_ends(told: Told, john: User, alejandra: User, client: Client, sign_in: SignIn) -> None:
    session = sign_in(client, alejandra)
    PortalSession.objects.filter(pk=session.pk).update(provider_sid="provider-session-1")
    receive(told("session-revoked", session="provider-session-1"))
    receive(told("session-revoked"))
    receive(told("account-disabled"))
    assert is_in(client)


def test_a_changed_method_is_noted(told: Told, john: User, client: Client, sign_in: SignIn) -> None:
    sign_in(client, john)
    receive(told("credential-change", {"credential_type": "app", "change_type": "delete", "friendly_name": "Phone"}))
    assert is_in(client)
    assert audited() == [
        (
            "account.method-changed-at-provider",
            "john@fabrikam.example",
            {"credential_type": "app", "change_type": "delete"},
        )
    ]
