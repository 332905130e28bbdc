"""The token forge: what the tokens say, and what is never signed (the demo alone)."""

from typing import Any

import jwt
import pytest
from django.test import Client

from entra.apps.administration import grant_app_roles
from entra.apps.models import Application
from entra.apps.resources import partner_center
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.keys.services import published_keys, read_signed
from entra.oauth.bearer import presented
from entra.oauth.models import Grant
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import audited, code
from tests.entra.graph.forging import AUDIENCE, GRAPH_ID, PATH, Act, global_admin, order, said, token_of

pytestmark = pytest.mark.usefixtures("forge")


def test_a_good_token_says_what_was_ordered_and_stands_on_a_grant(graph_as: Act, sync: Application, john: User) -> None:
    token = token_of(graph_as(john, *VERIFIED), sync, amr=["pwd"], acr="0", provenAgo=90, claimsChallenges=True)
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


def test_no_evidence_is_no_claim(graph_as: Act, sync: Application, john: User) -> None:
    assert not {"amr", "acr"} & said(token_of(graph_as(john, *VERIFIED), sync, amr=[], acr="")).keys()


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
    graph_as: Act, sync: Application, john: User, flaw: str, signed: bool, algorithm: str, kid: str | None
) -> None:
    token = token_of(graph_as(john, *VERIFIED), sync, flaw=flaw)
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


def test_a_token_for_later_was_issued_now(graph_as: Act, sync: Application, john: User) -> None:
    """Or a revocation before it begins would look older than the token."""
    graph = graph_as(john, *VERIFIED)
    now = said(token_of(graph, sync))["iat"]
    later = said(token_of(graph, sync, flaw="notYetValid"))
    assert later["iat"] - now <= 5
    assert later["nbf"] - later["iat"] == 3600
    past = said(token_of(graph, sync, flaw="expired"))
    assert past["exp"] <= now - 3590


@pytest.mark.parametrize("person", ["", None])
def test_a_token_for_the_directory_permits_nothing_there(
    graph_as: Act, sync: Application, john: User, person: str | None
) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    grant_app_roles(application=sync, tenant=john.tenant, permissions=["User.Read.All"], actor="x")
    token = token_of(graph, sync, audience="graph", person=person)
    assert said(token)["aud"] == GRAPH_ID
    assert Graph(Client(), token).get("users").status_code in {401, 403}
    assert Graph(Client(), token)("POST", PATH, order(sync)).status_code in {401, 403}


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
    graph_as: Act, sync: Application, john: User, audience: str, made: bool
) -> None:
    response = graph_as(john, *VERIFIED)("POST", PATH, order(sync, audience=audience))
    assert made or code(response) == (403, "Forge_Audience")
    if made:
        claims = said(response.json()["token"])
        assert claims["aud"] == audience
        assert ("grant" in claims) is (audience == AUDIENCE)


def test_only_applications_of_the_tenant_are_named(
    graph_as: Act, sync: Application, john: User, contoso: Tenant
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
    sync.enabled = False
    sync.save()
    assert code(graph("POST", PATH, order(sync))) == refused
    assert code(graph("POST", PATH, order(sync, application="20000000-0000-4000-8000-0000000000ff"))) == refused


def test_an_application_by_itself_has_what_it_was_granted(graph_as: Act, sync: Application, john: User) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    assert code(graph("POST", PATH, order(sync, person=None))) == (403, "Forge_NoAppRole")
    grant_app_roles(
        application=sync, tenant=john.tenant, permissions=["PartnerCenter.Access.All"], actor="x",
        resource=partner_center(),
    )  # fmt: skip
    claims = said(token_of(graph, sync, person=None))
    assert (claims["roles"], claims["idtyp"], claims["appid"]) == (["PartnerCenter.Access.All"], "app", str(sync.pk))
    assert not {"scp", "amr", "auth_time", "acr"} & claims.keys()
    assert said(token_of(graph, sync, person=None, audience="https://api.example"))["roles"] == []


@pytest.mark.parametrize(("version", "names"), [("1.0", ("appid", "/")), ("2.0", ("azp", "/v2.0"))])
def test_both_versions_are_made(
    graph_as: Act, sync: Application, john: User, version: str, names: tuple[str, str]
) -> None:
    claims = said(token_of(graph_as(john, *VERIFIED), sync, version=version))
    assert (claims["ver"], claims[names[0]]) == (version, str(sync.pk))
    assert claims["iss"].endswith(f"{john.tenant_id}{names[1]}")
    assert claims["amr"] == ["pwd", "mfa"]


@pytest.mark.parametrize("flaw", ["", "unsigned"])
def test_who_had_a_token_made_for_whom_is_recorded_without_the_token(
    graph_as: Act, sync: Application, john: User, flaw: str
) -> None:
    gil = global_admin(john.tenant)
    token = token_of(graph_as(gil, *VERIFIED), sync, person=john.user_principal_name, amr=["pwd"], flaw=flaw)
    ((actor, subject, detail),) = audited("token.forged")
    assert (actor, subject) == (str(gil.pk), str(john.pk))
    assert detail == {
        "for": "john@fabrikam.example",
        "application": str(sync.pk),
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
def test_nothing_else_can_be_ordered(graph_as: Act, sync: Application, john: User, changed: dict[str, Any]) -> None:
    assert graph_as(john, *VERIFIED)("POST", PATH, order(sync, **changed)).status_code == 400
    assert not audited("token.forged")
