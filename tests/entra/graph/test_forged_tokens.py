"""The token forge: who may have which token made, and what is never signed (the demo alone)."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from entra.apps.administration import grant_app_roles
from entra.apps.models import Application
from entra.apps.resources import partner_center
from entra.apps.services import register_application
from entra.directory.models import DirectoryRole, Tenant, User
from entra.keys.services import published_keys, read_signed
from entra.oauth.bearer import presented
from entra.oauth.models import Grant
from entra.signin.method import Method
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import audited, code, make_group

PATH = "ours/forgedTokens"
AUDIENCE = "https://api.partnercenter.microsoft.com"
GRAPH_ID = "00000003-0000-0000-c000-000000000000"
ADMINISTRATORS_ONLY = (403, "Forge_AdministratorsOnly")
Act = Callable[..., Graph]


@pytest.fixture(autouse=True)
def _the_portal_asks(settings: Settings, application: Application) -> None:
    settings.DEMO, settings.PARTNER_CENTER_SERVER = True, str(application.pk)


@pytest.fixture
def app(fabrikam: Tenant) -> Application:
    return register_application(
        client_id="20000000-0000-4000-8000-000000000001", tenant=fabrikam, name="Sync", redirect_uris=[]
    )


def order(app: Application, **changed: Any) -> dict[str, Any]:
    usual = {
        "application": str(app.pk),
        "person": "",
        "version": "1.0",
        "audience": "",
        "amr": ["pwd", "mfa"],
        "acr": "1",
        "provenAgo": 0,
        "claimsChallenges": False,
        "lifetime": 65,
        "flaw": "",
    }
    return usual | changed


def token_of(graph: Graph, app: Application, **changed: Any) -> str:
    response = graph("POST", PATH, order(app, **changed))
    assert response.status_code == 200, response.content
    return str(response.json()["token"])


def said(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def admin_agent(tenant: Tenant) -> User:
    ada = make_user(tenant, "ada")
    inner = make_group(tenant, "Partners of the house", ada)
    make_group(tenant, "AdminAgents").nested.add(inner)
    return ada


def global_admin(tenant: Tenant) -> User:
    gil = make_user(tenant, "gil")
    gil.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    return gil


def security_admin(tenant: Tenant) -> User:
    sue = make_user(tenant, "sue")
    sue.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    return sue


def sales_agent(tenant: Tenant) -> User:
    sam = make_user(tenant, "sam")
    make_group(tenant, "SalesAgents", sam)
    return sam


def nobody(tenant: Tenant) -> User:
    return make_user(tenant, "noa")


@pytest.mark.parametrize("flaw", ["", "expired", "unsigned"])
@pytest.mark.parametrize(
    ("who", "themselves", "another", "the_application"),
    [
        (global_admin, True, True, True),
        (admin_agent, True, True, True),
        (security_admin, True, False, False),
        (sales_agent, True, False, False),
        (nobody, True, False, False),
    ],
)
def test_only_administrators_have_tokens_made_for_others(
    graph_as: Act,
    app: Application,
    john: User,
    who: Any,
    themselves: bool,
    another: bool,
    the_application: bool,
    flaw: str,
) -> None:
    grant_app_roles(
        application=app,
        tenant=john.tenant,
        permissions=["PartnerCenter.Access.All"],
        actor="x",
        resource=partner_center(),
    )
    forger = who(john.tenant)
    graph = graph_as(forger, *VERIFIED)
    wanted = {"": themselves, forger.user_principal_name: themselves, john.user_principal_name: another}
    for person, allowed in {**wanted, None: the_application}.items():
        response = graph("POST", PATH, order(app, person=person, flaw=flaw))
        assert (response.status_code == 200) is allowed, response.content
        assert allowed or code(response) == ADMINISTRATORS_ONLY


def test_nobody_of_another_tenant_is_forged(graph_as: Act, app: Application, john: User, alejandra: User) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    for name in (alejandra.user_principal_name, "nobody@fabrikam.example"):
        assert code(graph("POST", PATH, order(app, person=name))) == (403, "Forge_Person")
    john.account_enabled = False
    john.save()
    assert code(graph("POST", PATH, order(app, person=john.user_principal_name))) == (403, "Forge_Person")


def test_a_guest_administrator_forges_in_the_tenant_visited_only(
    graph_as: Act, app: Application, john: User, alejandra: User
) -> None:
    john.tenant.trusts_home_mfa = True
    john.tenant.save()
    guest = make_user(john.tenant, "visitor", home_account=alejandra, user_type="Guest")
    graph = graph_as(alejandra, *VERIFIED, tenant=john.tenant)
    claims = said(token_of(graph, app))
    assert (claims["tid"], claims["oid"]) == (str(john.tenant_id), str(guest.pk))
    assert code(graph("POST", PATH, order(app, person=john.user_principal_name))) == ADMINISTRATORS_ONLY


def test_who_has_not_verified_forges_nothing(graph_as: Act, app: Application, john: User) -> None:
    response = graph_as(john, Method.PASSWORD)("POST", PATH, order(app, amr=["pwd"]))
    assert code(response) == (403, "Unauthorized_MissingMFA")


def test_no_other_application_than_the_portal_asks(
    graph_as: Act, app: Application, john: User, settings: Settings
) -> None:
    graph = graph_as(john, *VERIFIED)
    settings.PARTNER_CENTER_SERVER = str(app.pk)
    assert code(graph("POST", PATH, order(app))) == (403, "Authorization_RequestDenied")


def test_outside_the_demo_there_is_no_forge(graph_as: Act, app: Application, john: User, settings: Settings) -> None:
    graph = graph_as(john, *VERIFIED)
    settings.DEMO = False
    assert graph("POST", PATH, order(app)).status_code == 404
    assert Graph(Client(), "")("POST", PATH, order(app)).status_code == 404


def test_another_machine_reaches_no_forge(graph_as: Act, app: Application, john: User) -> None:
    graph = graph_as(john, *VERIFIED)
    graph.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert graph("POST", PATH, order(app)).status_code == 404


def test_a_good_token_says_what_was_ordered_and_stands_on_a_grant(graph_as: Act, app: Application, john: User) -> None:
    token = token_of(graph_as(john, *VERIFIED), app, amr=["pwd"], acr="0", provenAgo=90, claimsChallenges=True)
    claims = read_signed(token)
    assert claims is not None
    assert (claims["aud"], claims["tid"], claims["oid"]) == (AUDIENCE, str(john.tenant_id), str(john.pk))
    assert (claims["amr"], claims["acr"], claims["xms_cc"], claims["scp"]) == (
        ["pwd"], "0", ["cp1"], "user_impersonation",
    )  # fmt: skip
    assert (claims["iat"] - claims["auth_time"], claims["exp"] - claims["iat"]) == (5400, 3900)
    assert presented(token, to=[partner_center()]) is not None
    Grant.objects.filter(pk=claims["grant"]).update(revoked_at="2026-01-01T00:00:00Z")
    assert presented(token, to=[partner_center()]) is None


def test_no_evidence_is_no_claim(graph_as: Act, app: Application, john: User) -> None:
    assert not {"amr", "acr"} & said(token_of(graph_as(john, *VERIFIED), app, amr=[], acr="")).keys()


@pytest.mark.parametrize(
    ("flaw", "signed", "algorithm", "kid"),
    [
        ("otherTenant", False, "RS256", "forged"),
        ("unknownKey", False, "RS256", "forged"),
        ("badSignature", False, "RS256", "published"),
        ("publicKeyAsSecret", False, "HS256", "published"),
        ("unsigned", False, "none", None),
        ("otherIssuer", True, "RS256", "published"),
        ("expired", True, "RS256", "published"),
        ("notYetValid", True, "RS256", "published"),
        ("", True, "RS256", "published"),
    ],
)
def test_what_is_wrong_by_tenant_or_signature_never_sees_the_providers_key(
    graph_as: Act, app: Application, john: User, flaw: str, signed: bool, algorithm: str, kid: str | None
) -> None:
    token = token_of(graph_as(john, *VERIFIED), app, flaw=flaw)
    header = jwt.get_unverified_header(token)
    names = {key["kid"] for key in published_keys()}
    assert header["alg"] == algorithm
    assert ("published" if header.get("kid") in names else header.get("kid")) == kid
    assert _is_signed(token) is signed
    claims = said(token)
    assert (claims["tid"] == str(john.tenant_id)) is (flaw != "otherTenant")
    assert ("grant" in claims) is (flaw in {"", "notYetValid"})


def _is_signed(token: str) -> bool:
    """Whether one of the published keys made the signature, whatever the token says."""
    keys = [jwt.PyJWK(key) for key in published_keys()]
    for key in keys:
        try:
            jwt.decode(token, key.key, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False,
                       "verify_nbf": False, "verify_iat": False})  # fmt: skip
        except jwt.InvalidTokenError:
            continue
        return True
    return False


def test_a_token_for_later_was_issued_now(graph_as: Act, app: Application, john: User) -> None:
    """Or a revocation before it begins would look older than the token."""
    graph = graph_as(john, *VERIFIED)
    now = said(token_of(graph, app))["iat"]
    later = said(token_of(graph, app, flaw="notYetValid"))
    assert later["iat"] - now <= 5
    assert later["nbf"] - later["iat"] == 3600
    past = said(token_of(graph, app, flaw="expired"))
    assert past["exp"] <= now - 3590


@pytest.mark.parametrize("person", ["", None])
def test_a_token_for_the_directory_permits_nothing_there(
    graph_as: Act, app: Application, john: User, person: str | None
) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    grant_app_roles(application=app, tenant=john.tenant, permissions=["User.Read.All"], actor="x")
    token = token_of(graph, app, audience="graph", person=person)
    assert said(token)["aud"] == GRAPH_ID
    assert Graph(Client(), token).get("users").status_code in {401, 403}
    assert Graph(Client(), token)("POST", PATH, order(app)).status_code in {401, 403}


@pytest.mark.parametrize(
    ("audience", "made"),
    [
        ("https://api.example", True),
        ("api://20000000-0000-4000-8000-000000000001", True),
        (AUDIENCE, True),
        ("20000000-0000-4000-8000-000000000001", False),
        ("http://api.example", False),
        ("https://api.example\n", False),
        ("Graph", False),
    ],
)
def test_no_audience_could_pass_for_an_applications_id(
    graph_as: Act, app: Application, john: User, audience: str, made: bool
) -> None:
    response = graph_as(john, *VERIFIED)("POST", PATH, order(app, audience=audience))
    assert made or code(response) == (403, "Forge_Audience")
    if made:
        claims = said(response.json()["token"])
        assert claims["aud"] == audience
        assert ("grant" in claims) is (audience == AUDIENCE)


def test_only_applications_of_the_tenant_are_named(
    graph_as: Act, app: Application, john: User, contoso: Tenant
) -> None:
    graph = graph_as(john, *VERIFIED)
    theirs = register_application(
        client_id="20000000-0000-4000-8000-000000000002", tenant=contoso, name="Theirs", redirect_uris=[],
        multi_tenant=True,
    )  # fmt: skip
    refused = (403, "Forge_Application")
    assert code(graph("POST", PATH, order(theirs))) == refused
    john.consents.create(application=theirs, tenant=john.tenant, resource=partner_center().app_id, scopes=[])
    assert said(token_of(graph, theirs))["appid"] == str(theirs.pk)
    app.enabled = False
    app.save()
    assert code(graph("POST", PATH, order(app))) == refused
    assert code(graph("POST", PATH, order(app, application="20000000-0000-4000-8000-0000000000ff"))) == refused


def test_an_application_by_itself_has_what_it_was_granted(graph_as: Act, app: Application, john: User) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    assert code(graph("POST", PATH, order(app, person=None))) == (403, "Forge_NoAppRole")
    grant_app_roles(
        application=app, tenant=john.tenant, permissions=["PartnerCenter.Access.All"], actor="x",
        resource=partner_center(),
    )  # fmt: skip
    claims = said(token_of(graph, app, person=None))
    assert (claims["roles"], claims["idtyp"], claims["appid"]) == (["PartnerCenter.Access.All"], "app", str(app.pk))
    assert not {"scp", "amr", "auth_time", "acr"} & claims.keys()
    assert said(token_of(graph, app, person=None, audience="https://api.example"))["roles"] == []


@pytest.mark.parametrize(("version", "names"), [("1.0", ("appid", "/")), ("2.0", ("azp", "/v2.0"))])
def test_both_versions_are_made(
    graph_as: Act, app: Application, john: User, version: str, names: tuple[str, str]
) -> None:
    claims = said(token_of(graph_as(john, *VERIFIED), app, version=version))
    assert (claims["ver"], claims[names[0]]) == (version, str(app.pk))
    assert claims["iss"].endswith(f"{john.tenant_id}{names[1]}")
    assert claims["amr"] == ["pwd", "mfa"]


@pytest.mark.parametrize("flaw", ["", "unsigned"])
def test_who_had_a_token_made_for_whom_is_recorded_without_the_token(
    graph_as: Act, app: Application, john: User, flaw: str
) -> None:
    gil = global_admin(john.tenant)
    token = token_of(graph_as(gil, *VERIFIED), app, person=john.user_principal_name, amr=["pwd"], flaw=flaw)
    ((actor, subject, detail),) = audited("token.forged")
    assert (actor, subject) == (str(gil.pk), str(john.pk))
    assert detail == {
        "for": "john@fabrikam.example",
        "application": str(app.pk),
        "audience": AUDIENCE,
        "amr": ["pwd"],
        "flaw": flaw,
        "uti": said(token)["uti"],
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"amr": ["admin"]},
        {"lifetime": 0},
        {"lifetime": 1441},
        {"provenAgo": -1},
        {"version": "3.0"},
        {"acr": "2"},
        {"flaw": "good"},
        {"claims": {"wids": []}},
        {"person": 5},
    ],
)
def test_nothing_else_can_be_ordered(graph_as: Act, app: Application, john: User, changed: dict[str, Any]) -> None:
    assert graph_as(john, *VERIFIED)("POST", PATH, order(app, **changed)).status_code == 400
    assert not audited("token.forged")
