"""Calling the directory of a partner tenant as the portal itself, over HTTP: by which token, and who gets it."""

from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.oidc.graph import NoDirectory, forget_application_token, graph_as_application
from msgraph.client import GraphRefused, GraphUnavailable
from tests.portal.accounts.op import Provider
from tests.portal.directory import Directory

CONTOSO = UUID("c0000000-0000-4000-8000-000000000001")
WINGTIP = UUID("c0000000-0000-4000-8000-000000000002")
DOMAINS = ("GET", "/v1.0/domains")


@pytest.fixture
def domains(op: Provider, directory: Directory) -> Directory:
    directory.answers[DOMAINS] = (200, {"value": [{"id": "contoso.example"}]})
    return directory


def asked(op: Provider) -> list[dict[str, str]]:
    return [form for form in op.token_requests if form["grant_type"] == "client_credentials"]


def tokens(directory: Directory) -> list[str]:
    return [authorization for _method, _path, authorization, _body in directory.asked]


@pytest.mark.requirement("Q9")
def test_the_token_is_asked_for_at_the_tenant_with_the_portals_secret(op: Provider, domains: Directory) -> None:
    assert graph_as_application(CONTOSO).get("domains") == {"value": [{"id": "contoso.example"}]}
    assert asked(op) == [
        {
            "grant_type": "client_credentials",
            "client_id": "10000000-0000-4000-8000-000000000001",
            "client_secret": "the-client-secret",
            "scope": f"{domains.base}/.default",
            "address": f"/{CONTOSO}/token",
        }
    ]
    assert tokens(domains) == [f"Bearer application-token-1 of /{CONTOSO}/token"]


def test_it_is_kept_sealed_and_used_until_it_is_forgotten(op: Provider, domains: Directory) -> None:
    graph_as_application(CONTOSO).get("domains")
    graph_as_application(CONTOSO).get("domains")
    assert len(asked(op)) == 1
    assert "application-token" not in str(cache.get(f"portal-graph-application-token:{CONTOSO}"))
    forget_application_token(CONTOSO)
    graph_as_application(CONTOSO).get("domains")
    assert len(asked(op)) == 2


def test_each_tenant_has_a_token_of_its_own(op: Provider, domains: Directory) -> None:
    for tenant in (CONTOSO, WINGTIP):
        graph_as_application(tenant).get("domains")
    assert tokens(domains) == [
        f"Bearer application-token-1 of /{CONTOSO}/token",
        f"Bearer application-token-2 of /{WINGTIP}/token",
    ]


@pytest.mark.parametrize("lifetime", [120, 0, "60"])
def test_a_token_near_its_end_is_not_kept(op: Provider, domains: Directory, lifetime: Any) -> None:
    op.application_lifetime = lifetime
    graph_as_application(CONTOSO).get("domains")
    graph_as_application(CONTOSO).get("domains")
    assert len(asked(op)) == 2


@pytest.mark.parametrize(
    ("address", "setting", "expected"),
    [
        ("https://graph.microsoft.com", "", "https://graph.microsoft.com/.default"),
        ("http://localhost:8001/graph", "", "http://localhost:8001/graph/.default"),
        ("http://proxy/graph", "https://graph.microsoft.com/.default", "https://graph.microsoft.com/.default"),
    ],
)
def test_the_api_is_the_directorys_address_unless_a_setting_names_it(
    op: Provider, settings: Settings, address: str, setting: str, expected: str
) -> None:
    settings.GRAPH_URL, settings.GRAPH_APP_SCOPE = address, setting
    op.refused_application = {"error": "invalid_grant"}
    with pytest.raises(GraphRefused):
        graph_as_application(CONTOSO).get("domains")
    assert asked(op)[0]["scope"] == expected


def test_an_endpoint_of_version_1_is_told_the_api_as_resource(op: Provider, domains: Directory) -> None:
    op.discovery["token_endpoint"] = f"{op.base}/{CONTOSO}/oauth2/token"
    graph_as_application(CONTOSO).get("domains")
    assert asked(op)[0]["resource"] == domains.base
    assert "scope" not in asked(op)[0]


def test_a_tenant_that_granted_nothing_is_told_in_the_providers_words(op: Provider, domains: Directory) -> None:
    op.refused_application = {"error": "invalid_grant", "error_description": "AADSTS501051: no permission"}
    with pytest.raises(GraphRefused) as refused:
        graph_as_application(CONTOSO).get("domains")
    assert (refused.value.code, refused.value.message) == ("invalid_grant", "AADSTS501051: no permission")
    assert domains.asked == []


def test_a_permission_that_is_missing_is_named(op: Provider, domains: Directory) -> None:
    message = "Insufficient privileges: one of the permissions Domain.Read.All, Domain.ReadWrite.All is needed."
    domains.answers[DOMAINS] = (403, {"error": {"code": "Authorization_RequestDenied", "message": message}})
    with pytest.raises(GraphRefused) as refused:
        graph_as_application(CONTOSO).get("domains")
    assert refused.value.permissions == ("Domain.Read.All", "Domain.ReadWrite.All")


@pytest.mark.parametrize("what", ["discovery", "token"])
def test_a_provider_that_is_down_is_an_unavailable_directory(op: Provider, domains: Directory, what: str) -> None:
    op.down.add(what)
    with pytest.raises(GraphUnavailable):
        graph_as_application(CONTOSO).get("domains")


def test_an_answer_without_a_token_is_an_unavailable_directory(
    op: Provider, domains: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(op, "_itself", lambda form: (200, {"expires_in": 3900}))
    with pytest.raises(GraphUnavailable):
        graph_as_application(CONTOSO).get("domains")
    assert domains.asked == []


def test_without_a_directory_there_is_no_client(op: Provider, settings: Settings) -> None:
    settings.GRAPH_URL = ""
    with pytest.raises(NoDirectory):
        graph_as_application(CONTOSO)


@pytest.mark.parametrize("partner", [str(CONTOSO), ""])
def test_a_provider_without_tenants_answers_for_no_other_tenant_than_its_own(
    op: Provider, domains: Directory, settings: Settings, partner: str
) -> None:
    at = "realms/partners" if partner else str(CONTOSO)
    settings.OIDC_PARTNER_TENANT, settings.OIDC_ISSUER = partner, f"{op.base}/{at}"
    settings.OIDC_DISCOVERY_URL = f"{op.base}/{at}/.well-known/openid-configuration"
    op.discovery["issuer"] = settings.OIDC_ISSUER
    assert graph_as_application(CONTOSO).get("domains")
    with pytest.raises(NoDirectory):
        graph_as_application(WINGTIP)
