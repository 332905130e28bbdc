"""The pages for developers: token decoder, reference, calls (A7, M17)."""

import io
import json
import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import TokenBar, User
from accounts.roles import Role
from activity.models import ApiRequest, OperationRecord
from api.openapi import operation_id
from api.operations import OPERATIONS
from tests.portal.api.conftest import APPLICATION, Api, known
from tests.portal.conftest import SignIn, make_user

DECODER, CALLS = "/dashboard/help/api/token-decoder", "/dashboard/help/api/calls"


def decoded(client: Client, token: str, operation: str = "get_v1_customers") -> str:
    response = client.post(DECODER, {"token": token, "operation": operation})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def browser(client: Client, alejandra: User, sign_in: SignIn) -> Client:
    sign_in(client, alejandra, mfa=False)
    return client


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "The operation would answer"),
        ({"amr": ["pwd"]}, "900421"),
        ({"scp": "User.Read"}, "900308"),
        ({"aud": "https://graph.windows.net"}, "for another API"),
        ({"exp": 1}, "has expired"),
        ({"iss": "https://evil.example/"}, "not from this portal"),
    ],
)
def test_a_token_is_explained(browser: Client, api: Api, alejandra: User, changed: dict[str, Any], says: str) -> None:
    page = decoded(browser, api.token_of(alejandra, **changed))
    assert says in page
    assert "Methods of authentication really used" in page or changed == {"iss": "https://evil.example/"}


@pytest.mark.requirement("A7")
def test_a_token_of_an_application_is_judged_by_the_operation(browser: Client, api: Api, alejandra: User) -> None:
    assert "900329" in decoded(browser, api.app_only_token(alejandra))


@pytest.mark.requirement("A7")
@pytest.mark.parametrize("how", ["disabled", "sessions revoked", "consent taken back"])
def test_a_token_that_the_api_would_refuse_is_not_said_to_count(
    browser: Client, api: Api, alejandra: User, how: str
) -> None:
    person = known(make_user(alejandra.tenant, "Sam", "sam@contoso.example", [Role.SALES_AGENT]), api)
    token = api.token_of(person, iat=int(time.time()) - 60)
    assert "The operation would answer" in decoded(browser, token)
    now = timezone.now()
    if how == "consent taken back":
        about = {"tenant_id": person.tenant_id, "application_id": APPLICATION, "oid": person.oid}
        TokenBar.objects.raise_to(**about, moment=now)
    else:
        User.objects.filter(pk=person.pk).update(**{"disabled_at" if how == "disabled" else "not_before": now})
    assert "The operation would refuse it" in decoded(browser, token)
    assert api.call(token, "/v1/customers").status_code == 401


@pytest.mark.requirement("A7")
def test_an_applications_token_that_the_api_would_refuse_is_not_said_to_count(
    browser: Client, api: Api, alejandra: User
) -> None:
    token = api.app_only_token(alejandra, iat=int(time.time()) - 60)
    assert "The operation would answer" in decoded(browser, token, "get_v1_auditrecords")
    bare = api.app_only_token(alejandra, roles=None)
    assert "The operation would refuse it" in decoded(browser, bare, "get_v1_auditrecords")
    about = {"tenant_id": alejandra.tenant_id, "application_id": APPLICATION, "oid": ""}
    TokenBar.objects.raise_to(**about, moment=timezone.now())
    assert "The operation would refuse it" in decoded(browser, token, "get_v1_auditrecords")
    assert api.call(token, "/v1/auditrecords").status_code == 401


def test_a_changed_token_shows_its_claims_as_unproven(browser: Client, api: Api, alejandra: User) -> None:
    api.provider.tamper = True
    page = decoded(browser, api.token_of(alejandra))
    assert "The signature is wrong" in page
    assert "unproven" in page


def test_another_organizations_roles_are_not_told(browser: Client, api: Api, olga: User) -> None:
    page = decoded(browser, api.token_of(olga))
    assert "is not known here" in page


@pytest.mark.requirement("A7")
def test_nothing_that_was_pasted_is_stored(browser: Client, api: Api, alejandra: User) -> None:
    token = api.token_of(alejandra)
    decoded(browser, token)
    assert not ApiRequest.objects.exists()
    assert token not in str(list(OperationRecord.objects.values()))


@pytest.mark.parametrize("raw", ["", "x" * 20_001, "three.part.token", "\x00"])
def test_what_is_no_token_is_said_to_be_none(browser: Client, raw: str) -> None:
    response = browser.post(DECODER, {"token": raw, "operation": "get_v1_customers"})
    assert response.status_code in {200, 422}
    assert "would answer" not in response.content.decode()


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(("amr", "accepted"), [(["pwd", "mfa"], True), (["pwd"], False)])
def test_the_command_says_the_same(
    api: Api, alejandra: User, amr: list[str], accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(api.token_of(alejandra, amr=amr)))
    if accepted:
        call_command("check_token", stdout=out)
        assert "GET /v1/customers: 200" in out.getvalue()
    else:
        with pytest.raises(CommandError, match="900421"):
            call_command("check_token", stdout=out)
    assert "amr" in out.getvalue()


def test_the_reference_has_a_page_for_each_operation(browser: Client) -> None:
    page = browser.get("/dashboard/help/api").content.decode()
    for row in OPERATIONS:
        address = f"/dashboard/help/api/operations/{operation_id(row)}"
        assert address in page
        assert browser.get(address).status_code == 200
    assert browser.get("/dashboard/help/api/operations/nothing").status_code == 404


def test_the_document_can_be_downloaded(browser: Client) -> None:
    response = browser.get("/dashboard/help/api/openapi.json")
    assert json.loads(response.content)["openapi"] == "3.1.0"
    assert "attachment" in response["Content-Disposition"]


def test_a_call_is_found_by_its_correlation_id_with_rule_and_fix(browser: Client, api: Api, alejandra: User) -> None:
    api.call(api.token_of(alejandra, amr=["pwd"]), "/v1/customers", headers={"MS-CorrelationId": "Find-Me"})
    page = browser.get(CALLS, {"q": "find-me"}).content.decode()
    row = ApiRequest.objects.get()
    assert f"{CALLS}/{row.pk}" in page
    page = browser.get(f"{CALLS}/{row.pk}").content.decode()
    for said in ("900421", "sign in again with multifactor", "Admin agent", "pwd"):
        assert said in page


def test_everybody_sees_their_own_calls_and_nobody_anothers(
    client: Client, api: Api, alejandra: User, olga: User, sign_in: SignIn
) -> None:
    sales = known(make_user(alejandra.tenant, "Samira", "sales@contoso.example", [Role.SALES_AGENT]), api)
    for user in (alejandra, sales, olga):
        api.call(user, "/v1/customers")
    seen = {}
    for user in (alejandra, sales, olga):
        sign_in(client, user, mfa=False)
        page = client.get(CALLS).content.decode()
        seen[user.display_name] = {row.user_name for row in ApiRequest.objects.all() if str(row.pk) in page}
    assert seen == {
        "Alejandra Ruiz": {"alejandra@contoso.example", "sales@contoso.example"},
        "Samira": {"sales@contoso.example"},
        "Olga Petrova": {"olga@proseware.example"},
    }
    hers = ApiRequest.objects.get(user_name="olga@proseware.example")
    sign_in(client, alejandra, mfa=False)
    assert client.get(f"{CALLS}/{hers.pk}").status_code == 404
