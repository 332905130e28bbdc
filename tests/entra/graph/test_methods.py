"""Authentication methods: reading, removing, temporary access passes, per-user MFA."""

import pytest

from entra.directory.methods import verify_password
from entra.directory.methods.one_time_codes import new_seed
from entra.directory.models import AuthenticatorApp, HardwareToken, SecurityKey, User
from entra.policy.services import per_user_mfa_state
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import audited, code
from tests.posted import posted

KINDS = ("softwareOathMethods", "fido2Methods", "hardwareOathMethods")


@pytest.fixture
def methods(john: User) -> dict[str, str]:
    """One method of each kind: its collection in the API → its id."""
    app = AuthenticatorApp.objects.create(account=john, name="Phone", seed_sealed=new_seed(), confirmed=True)
    key = SecurityKey.objects.create(account=john, name="Blue key", credential_id="AAAA", public_key=b"")
    token = HardwareToken.objects.create(
        account=john, tenant=john.tenant, serial_number="FK-1", seed_sealed=new_seed(), confirmed=True
    )
    return dict(zip(KINDS, (str(app.pk), str(key.pk), str(token.pk)), strict=True))


def types(graph: Graph, user: User) -> list[str]:
    rows = graph.values(f"users/{user.pk}/authentication/methods")
    return sorted(row["@odata.type"].removeprefix("#microsoft.graph.") for row in rows)


def test_methods_are_listed_with_their_types_and_no_secret(graph: Graph, john: User, methods: dict[str, str]) -> None:
    john.set_password("correct horse")
    john.save()
    AuthenticatorApp.objects.create(account=john, name="Half done", seed_sealed=new_seed())
    assert types(graph, john) == [
        "fido2AuthenticationMethod",
        "hardwareOathAuthenticationMethod",
        "passwordAuthenticationMethod",
        "softwareOathAuthenticationMethod",
    ]
    rows = graph.values(f"users/{john.pk}/authentication/methods")
    assert {row["id"] for row in rows} == {*methods.values(), "28c10230-6103-485e-b985-444c60001490"}
    assert "Blue key" in {row.get("displayName") for row in rows}
    assert {row.get("password") for row in rows} == {None}


def test_an_administrator_removes_methods_and_the_person_is_told(
    graph: Graph,
    grace: User,
    john: User,
    methods: dict[str, str],
) -> None:
    for kind, name in methods.items():
        assert graph("DELETE", f"users/{john.pk}/authentication/{kind}/{name}").status_code == 204
    assert types(graph, john) == []
    assert [(actor, subject) for actor, subject, _detail in audited("method.removed")] == [
        (str(grace.pk), str(john.pk))
    ] * 3
    assert [message.to for message in posted()] == [["john@fabrikam.example"]] * 3
    assert "“Blue key” was removed" in posted()[1].body
    assert "An administrator did this" in posted()[1].body


def test_a_method_is_removed_by_its_kind_and_owner_only(graph: Graph, grace: User, methods: dict[str, str]) -> None:
    john = User.objects.get(display_name="John Example")
    for user, name in ((grace, methods["fido2Methods"]), (john, methods["softwareOathMethods"]), (john, "nonsense")):
        response = graph("DELETE", f"users/{user.pk}/authentication/fido2Methods/{name}")
        assert code(response) == (404, "Request_ResourceNotFound")
    assert len(types(graph, john)) == 3


def test_a_pass_is_shown_once_and_signs_in(graph: Graph, grace: User, john: User) -> None:
    path = f"users/{john.pk}/authentication/temporaryAccessPassMethods"
    made = graph("POST", path, {"lifetimeInMinutes": 30, "isUsableOnce": True})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["lifetimeInMinutes"], shown["isUsableOnce"], shown["isUsable"]) == (30, True, True)
    again = graph.get(f"{path}/{shown['id']}").json()
    assert again == {**shown, "temporaryAccessPass": None}
    assert graph.values(path) == [again]
    assert types(graph, john) == ["temporaryAccessPassAuthenticationMethod"]
    typed = shown["temporaryAccessPass"]
    assert verify_password(account=john, sign_in_name=john.user_principal_name, password=typed, ip="::1")
    spent = graph.get(f"{path}/{shown['id']}").json()
    assert (spent["isUsable"], spent["methodUsabilityReason"]) == (False, "OneTimeUsed")
    assert [(actor, subject) for actor, subject, _ in audited("method.temporary_pass_issued")] == [
        (str(grace.pk), str(john.pk))
    ]
    assert graph("DELETE", f"{path}/{shown['id']}").status_code == 204
    assert graph.values(path) == []
    assert code(graph("DELETE", f"{path}/{shown['id']}")) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    "body",
    [
        {"lifetimeInMinutes": 9},
        {"lifetimeInMinutes": 1441},
        {"lifetimeInMinutes": "60"},
        {"isUsableOnce": 1},
        {"temporaryAccessPass": "chosen"},
    ],
)
def test_a_pass_has_its_bounds(graph: Graph, john: User, body: object) -> None:
    response = graph("POST", f"users/{john.pk}/authentication/temporaryAccessPassMethods", body)
    assert code(response) == (400, "Request_BadRequest")


def test_nobody_makes_a_pass_for_themselves(graph: Graph, grace: User) -> None:
    response = graph("POST", f"users/{grace.pk}/authentication/temporaryAccessPassMethods", {})
    assert code(response) == (403, "Authorization_RequestDenied")


def test_a_guests_methods_are_the_home_organizations(graph: Graph, alejandra: User, john: User) -> None:
    app = AuthenticatorApp.objects.create(account=alejandra, name="Phone", seed_sealed=new_seed(), confirmed=True)
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    assert types(graph, guest) == []
    path = f"users/{guest.pk}/authentication"
    assert graph("DELETE", f"{path}/softwareOathMethods/{app.pk}").status_code == 404
    assert code(graph("POST", f"{path}/temporaryAccessPassMethods", {})) == (400, "SignsInElsewhere")


@pytest.mark.requirement("V13")
def test_per_user_mfa_is_read_and_changed(graph: Graph, grace: User, john: User) -> None:
    path = f"beta/users/{john.pk}/authentication/requirements"
    assert graph.get(path).json() == {"perUserMfaState": "disabled"}
    assert graph("PATCH", path, {"perUserMfaState": "enforced"}).status_code == 204
    assert graph.get(path).json() == {"perUserMfaState": "enforced"}
    assert per_user_mfa_state(john) == "enforced"
    assert [actor for actor, _subject, _detail in audited("policy.perUserMfa.changed")] == [str(grace.pk)]
    for wrong in ({"perUserMfaState": "on"}, {}, {"state": "enabled"}):
        assert code(graph("PATCH", path, wrong)) == (400, "Request_BadRequest")
