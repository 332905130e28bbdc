"""Which changes are told of, and for whom (M22)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from entra.directory.administration.accounts import set_enabled, void_sessions
from entra.directory.administration.groups import add_member, remove_member
from entra.directory.administration.roles import assign_role, remove_role
from entra.directory.methods.authenticator import confirm_authenticator, start_authenticator
from entra.directory.methods.inventory import reset_methods
from entra.directory.methods.one_time_codes import current_code
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.directory.services import group_ids
from entra.events.models import OutgoingEvent, Stream
from entra.signin.models import ProviderSession
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.events.conftest import CAEP, RISC

pytestmark = pytest.mark.requirement("M22")
Told = Callable[[], list[tuple[str, str, dict[str, Any]]]]
BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


@pytest.fixture
def admin_agents(fabrikam: Tenant) -> Group:
    return Group.objects.create(tenant=fabrikam, display_name="AdminAgents")


@pytest.fixture
def tier_1(fabrikam: Tenant) -> Group:
    return Group.objects.create(tenant=fabrikam, display_name="Tier 1")


def test_a_role_given_and_taken_away(told: Told, john: User) -> None:
    assign_role(account=john, role=DirectoryRole.BILLING_ADMINISTRATOR, actor="test")
    remove_role(account=john, role=DirectoryRole.BILLING_ADMINISTRATOR, actor="test")
    assert told() == [
        (f"{CAEP}/token-claims-change", "john@fabrikam.example", {"claims": {"groups": [], "wids": [BILLING]}}),
        (f"{CAEP}/token-claims-change", "john@fabrikam.example", {"claims": {"groups": [], "wids": []}}),
    ]


def test_a_membership_given_and_taken_away(told: Told, john: User, admin_agents: Group) -> None:
    add_member(group=admin_agents, member=john, actor="test")
    remove_member(group=admin_agents, member=john, actor="test")
    assert [facts["claims"]["groups"] for _event, _name, facts in told()] == [[str(admin_agents.pk)], []]


def test_a_group_inside_a_group_changes_everybody_in_it(
    told: Told, fabrikam: Tenant, john: User, admin_agents: Group, tier_1: Group
) -> None:
    deepest = Group.objects.create(tenant=fabrikam, display_name="Night shift")
    mary, outsider = make_user(fabrikam, "mary"), make_user(fabrikam, "outsider")
    tier_1.members.add(john)
    deepest.members.add(mary)
    tier_1.nested.add(deepest)
    add_member(group=admin_agents, member=tier_1, actor="test")
    after = {name: set(facts["claims"]["groups"]) for _event, name, facts in told()}
    assert after == {
        "john@fabrikam.example": {str(tier_1.pk), str(admin_agents.pk)},
        "mary@fabrikam.example": {str(deepest.pk), str(tier_1.pk), str(admin_agents.pk)},
    }
    assert outsider.user_principal_name not in after
    OutgoingEvent.objects.all().delete()
    remove_member(group=admin_agents, member=tier_1, actor="test")
    assert {name: set(facts["claims"]["groups"]) for _event, name, facts in told()} == {
        "john@fabrikam.example": {str(tier_1.pk)},
        "mary@fabrikam.example": {str(deepest.pk), str(tier_1.pk)},
    }


def test_the_groups_told_are_those_of_the_next_token(
    told: Told, john: User, admin_agents: Group, tier_1: Group
) -> None:
    tier_1.nested.add(admin_agents)
    admin_agents.nested.add(tier_1)  # a circle, as an import could make one
    add_member(group=tier_1, member=john, actor="test")
    (event,) = told()
    assert event[2]["claims"]["groups"] == [str(pk) for pk in group_ids(john)]


def test_telling_of_many_takes_no_more_queries_than_of_one(
    stream: Stream, fabrikam: Tenant, admin_agents: Group, tier_1: Group, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        tier_1.members.add(make_user(fabrikam, f"person{number}"))
    with django_assert_max_num_queries(20):
        add_member(group=admin_agents, member=tier_1, actor="test")
    assert OutgoingEvent.objects.count() == 60


def test_a_disabled_account_is_told_of_wherever_the_person_is_a_guest(
    told: Told, john: User, guest_of_john: User
) -> None:
    set_enabled(account=john, enabled=False, actor="test")
    assert [event[:2] for event in told()] == [
        (f"{RISC}/account-disabled", "john@fabrikam.example"),
        (f"{RISC}/account-disabled", guest_of_john.user_principal_name),
    ]


def test_a_guest_account_stays_disabled_when_its_home_account_is_enabled(
    told: Told, john: User, guest_of_john: User
) -> None:
    set_enabled(account=guest_of_john, enabled=False, actor="test")
    set_enabled(account=john, enabled=False, actor="test")
    OutgoingEvent.objects.all().delete()
    set_enabled(account=john, enabled=True, actor="test")
    assert [event[:2] for event in told()] == [
        (f"{RISC}/account-enabled", "john@fabrikam.example"),
        (f"{RISC}/account-disabled", guest_of_john.user_principal_name),
    ]


def test_revoked_sessions_are_those_of_the_guest_accounts_too(told: Told, john: User, guest_of_john: User) -> None:
    void_sessions(account=john, actor="test")
    assert told() == [
        (f"{CAEP}/session-revoked", "john@fabrikam.example", {}),
        (f"{CAEP}/session-revoked", guest_of_john.user_principal_name, {}),
    ]


def test_a_tenant_that_revokes_a_guest_revokes_nothing_at_home(told: Told, john: User, guest_of_john: User) -> None:
    void_sessions(account=guest_of_john, actor="test")
    assert [name for _event, name, _facts in told()] == [guest_of_john.user_principal_name]


def test_signing_out_ends_that_session_alone(
    rp: RelyingParty, john: User, sign_in: Callable[..., None], stream: Stream
) -> None:
    sign_in(rp.browser, john)
    hint = rp.tokens()["id_token"]
    session = ProviderSession.objects.get(account__isnull=False)
    rp.browser.get(f"/{rp.segment}/oauth2/v2.0/logout", {"id_token_hint": hint})
    event = OutgoingEvent.objects.get()
    assert (event.type, event.account_id, event.session_id) == (
        f"{CAEP}/session-revoked",
        session.account_id,
        session.pk,
    )


def test_leaving_without_having_signed_in_is_nobodys_event(stream: Stream) -> None:
    browser = Client()
    browser.get("/organizations/oauth2/v2.0/logout")
    browser.post("/signout", {"asked": ""})
    assert not OutgoingEvent.objects.exists()


def test_a_method_registered_and_taken_away(told: Told, john: User, guest_of_john: User) -> None:
    app = start_authenticator(account=john, name="Phone")
    assert told() == []
    assert confirm_authenticator(app=app, code=current_code(app))
    reset_methods(account=john, actor="an administrator")
    words = [(event, name, facts["change_type"], facts["credential_type"]) for event, name, facts in told()]
    both = ["john@fabrikam.example", guest_of_john.user_principal_name]
    assert words == [
        *((f"{CAEP}/credential-change", name, "create", "app") for name in both),
        *((f"{CAEP}/credential-change", name, "delete", "app") for name in both),
    ]


def test_roles_and_accounts_are_changed_from_the_command_line(told: Told, john: User, admin_agents: Group) -> None:
    call_command("set_role", "john@fabrikam.example", "AdminAgents")
    call_command("set_role", "john@fabrikam.example", "Billing Administrator")
    call_command("set_role", "john@fabrikam.example", "AdminAgents", "--remove")
    call_command("set_account", "john@fabrikam.example", "--disable")
    call_command("set_account", "john@fabrikam.example", "--enable")
    call_command("set_account", "john@fabrikam.example", "--revoke-sessions")
    assert [event.rpartition("/")[2] for event, _name, _facts in told()] == [
        *["token-claims-change"] * 3,
        "account-disabled",
        "account-enabled",
        "session-revoked",
    ]


@pytest.mark.parametrize(
    "line",
    [
        ("set_role", "nobody@fabrikam.example", "AdminAgents"),
        ("set_role", "john@fabrikam.example", "NoSuchGroup"),
        ("set_role", "john@fabrikam.example", "AdminAgents", "--remove"),
        ("set_account", "nobody@fabrikam.example", "--disable"),
    ],
)
def test_a_command_that_names_nothing_says_so(told: Told, john: User, admin_agents: Group, line: tuple[str]) -> None:
    with pytest.raises(CommandError):
        call_command(*line)
    assert told() == []
