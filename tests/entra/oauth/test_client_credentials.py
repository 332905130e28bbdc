"""Applications that act as themselves: only with what an administrator of the tenant granted them."""

from typing import Any

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from entra.apps.administration import grant_app_roles, revoke_app_roles
from entra.apps.models import Application, AppRoleGrant
from entra.apps.permissions import GraphPermission as P
from entra.directory.models import Tenant, User
from tests.entra.conftest import RelyingParty
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import audited, code

SCOPE = "https://graph.microsoft.com/.default"


@pytest.fixture
def granted(application: Application, fabrikam: Tenant) -> Application:
    permissions = [P.USER_READ_ALL, P.GROUP_READ_ALL]
    grant_app_roles(application=application, tenant=fabrikam, permissions=permissions, actor="an administrator")
    return application


def ask(rp: RelyingParty, **fields: str | None) -> Any:
    wanted = {"grant_type": "client_credentials", "scope": SCOPE, "redirect_uri": None, "code_verifier": None}
    return rp.token(**wanted | fields)


def refused(response: Any) -> tuple[int, str, int]:
    body = response.json()
    return response.status_code, body["error"], body["error_codes"][0]


@pytest.mark.parametrize(
    "scope",
    [SCOPE, "00000003-0000-0000-c000-000000000000/.default", "http://localhost:8001/graph/.default"],
)
def test_the_token_names_the_granted_permissions_and_nobody(rp: RelyingParty, granted: Application, scope: str) -> None:
    answer = ask(rp, scope=scope).json()
    assert set(answer) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["Group.Read.All", "User.Read.All"]
    assert (claims["idtyp"], claims["tid"], claims["azp"]) == ("app", rp.segment, str(granted.pk))
    assert claims["exp"] - claims["iat"] == 3900
    assert not {"scp", "amr", "acr", "wids", "groups", "name"} & set(claims)


def test_an_application_reads_the_directory_within_its_permissions(
    rp: RelyingParty, granted: Application, john: User, alejandra: User
) -> None:
    graph = Graph(Client(), ask(rp).json()["access_token"])
    assert [row["displayName"] for row in graph.values("users")] == ["John Example"]
    assert graph.get(f"users/{alejandra.pk}").status_code == 404
    assert code(graph.get("directoryRoles")) == (403, "Authorization_RequestDenied")
    assert code(graph("PATCH", f"users/{john.pk}", {"displayName": "X"})) == (403, "Authorization_RequestDenied")
    assert code(graph.get("me")) == (403, "Authorization_RequestDenied")


def test_what_an_application_changes_stands_under_its_own_name(
    rp: RelyingParty, granted: Application, fabrikam: Tenant, john: User
) -> None:
    grant_app_roles(application=granted, tenant=fabrikam, permissions=[P.USER_READ_WRITE_ALL], actor="an administrator")
    graph = Graph(Client(), ask(rp).json()["access_token"])
    assert graph("PATCH", f"users/{john.pk}", {"displayName": "John Keller"}).status_code == 204
    assert [actor for actor, _subject, _detail in audited("user.changed")] == [str(granted.pk)]


def test_a_permission_that_is_taken_away_is_gone_at_once(
    rp: RelyingParty, granted: Application, fabrikam: Tenant, john: User
) -> None:
    graph = Graph(Client(), ask(rp).json()["access_token"])
    fabrikam.refresh_from_db()
    revoke_app_roles(application=granted, tenant=fabrikam, permissions=[P.USER_READ_ALL], actor="an administrator")
    assert code(graph.get("users")) == (403, "Authorization_RequestDenied")
    assert graph.get("groups").status_code == 200
    Application.objects.update(enabled=False)
    assert code(graph.get("groups")) == (401, "InvalidAuthenticationToken")


def test_an_application_token_is_nobody_at_userinfo(rp: RelyingParty, granted: Application) -> None:
    headers = {"Authorization": f"Bearer {ask(rp).json()['access_token']}"}
    assert rp.browser.get("/oidc/userinfo", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None}, (401, "invalid_client", 7000218)),
        ({"scope": None}, (400, "invalid_request", 900144)),
        ({"scope": "https://graph.microsoft.com/User.Read.All"}, (400, "invalid_scope", 70011)),
        ({"scope": "https://api.partnercenter.microsoft.com/.default"}, (400, "invalid_grant", 501051)),
        ({"scope": "https://elsewhere.example/.default"}, (400, "invalid_resource", 500011)),
        ({"scope": f"{SCOPE} openid"}, (400, "invalid_scope", 70011)),
    ],
)
def test_what_is_wrong_is_said(
    rp: RelyingParty, granted: Application, fields: dict[str, str | None], expected: tuple[int, str, int]
) -> None:
    assert refused(ask(rp, **fields)) == expected


def test_a_tenant_has_to_be_named_and_to_have_granted_something(
    rp: RelyingParty, granted: Application, contoso: Tenant
) -> None:
    rp.segment = "common"
    assert refused(ask(rp)) == (400, "invalid_request", 90002)
    rp.segment = str(contoso.pk)
    assert refused(ask(rp)) == (400, "invalid_grant", 501051)
    Application.objects.update(multi_tenant=False)
    assert refused(ask(rp)) == (400, "unauthorized_client", 700016)


def test_a_public_application_has_no_secret_to_act_with(rp: RelyingParty, granted: Application) -> None:
    Application.objects.update(public=True)
    assert refused(ask(rp, client_secret=None)) == (400, "unauthorized_client", 7000218)


def test_v1_names_the_api_by_resource(rp: RelyingParty, granted: Application) -> None:
    rp.prefix = "oauth2"
    answer = ask(rp, scope=None, resource="https://graph.microsoft.com").json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (claims["roles"], claims["tid"]) == (["Group.Read.All", "User.Read.All"], rp.segment)
    assert (answer["resource"], answer["expires_in"]) == ("https://graph.microsoft.com", "3900")
    assert refused(ask(rp)) == (400, "invalid_request", 900144)


def test_permissions_are_granted_and_revoked_by_command(application: Application, fabrikam: Tenant, capsys) -> None:
    def run(*more: str) -> str:
        call_command("grant_app_roles", str(application.pk), "User.Read.All", "--tenant", "fabrikam.example", *more)
        return capsys.readouterr().out.strip()

    assert run() == "User.Read.All"
    assert [detail["permissions"] for _, _, detail in audited("application.appRolesGranted")] == [["User.Read.All"]]
    assert run("--revoke") == "no permissions"
    assert not AppRoleGrant.objects.exists()


def test_what_only_people_can_have_is_not_granted(application: Application, fabrikam: Tenant, contoso: Tenant) -> None:
    with pytest.raises(CommandError, match="no application permission of this API"):
        call_command(
            "grant_app_roles", str(application.pk), "Directory.AccessAsUser.All", "--tenant", "fabrikam.example"
        )
    Application.objects.update(multi_tenant=False)
    with pytest.raises(CommandError, match="cannot act by itself in Contoso"):
        call_command("grant_app_roles", str(application.pk), "User.Read.All", "--tenant", "contoso.example")
    assert not AppRoleGrant.objects.exists()
