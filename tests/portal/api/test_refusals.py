"""Who is let through, and how the others are refused (A1 to A3, A5, A6, M20)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Exemption, PartnerTenant, User
from accounts.roles import Role
from tests.portal.api.conftest import Api, known
from tests.portal.business import make_customer
from tests.portal.conftest import make_user

CUSTOMERS = "/v1/customers"


@pytest.mark.requirement("A3")
def test_a_token_without_mfa_is_refused_as_the_documents_show(api: Api, alejandra: User) -> None:
    response = api.call(api.token_of(alejandra, amr=["pwd"]), CUSTOMERS)
    assert (response.status_code, response.reason_phrase) == (401, "Unauthorized - MFA required")
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    name, _equals, cid = response["Request-Context"].partition("=")
    assert name == "appId"
    assert cid.startswith("cid-v1:")
    assert len(cid.removeprefix("cid-v1:")) == 36
    body = response.json()
    assert body["code"] == "900421"
    assert "Authentication failed. MFA required." in body["description"]


@pytest.mark.requirement("A2")
@pytest.mark.parametrize("amr", [[], None, ["pwd"], ["fed"], ["MFA"], ["ngcmfa"], "mfa", [["mfa"]], ["otp", "pwd"]])
def test_only_mfa_in_amr_proves_it(api: Api, alejandra: User, amr: Any) -> None:
    response = api.call(api.token_of(alejandra, amr=amr), CUSTOMERS)
    assert response.json()["code"] == "900421"


@pytest.mark.requirement("A2")
def test_a_token_with_mfa_is_processed(api: Api, alejandra: User) -> None:
    assert api.call(alejandra, CUSTOMERS).status_code == 200


@pytest.mark.parametrize("said", [["cp1"], "cp1"])
def test_a_client_that_understands_claims_challenges_gets_one(api: Api, alejandra: User, said: Any) -> None:
    """RFC 9470 section 3; `cp1` is how Entra's client libraries say so."""
    response = api.call(api.token_of(alejandra, amr=["pwd"], xms_cc=said), CUSTOMERS)
    assert response.status_code == 401
    assert 'error="insufficient_user_authentication"' in response["WWW-Authenticate"]
    assert 'acr_values="' in response["WWW-Authenticate"]
    assert 'claims="' in response["WWW-Authenticate"]


def test_every_client_gets_the_challenge_where_the_setting_says_so(
    api: Api, alejandra: User, settings: Settings
) -> None:
    settings.API_STEP_UP_CHALLENGE = True
    response = api.call(api.token_of(alejandra, amr=["pwd"]), CUSTOMERS)
    assert "insufficient_user_authentication" in response["WWW-Authenticate"]


@pytest.mark.parametrize(("amr", "compliant"), [(["pwd", "mfa"], "true"), (["pwd"], "false")])
def test_validate_mfa_is_answered_also_on_the_refusal(
    api: Api, alejandra: User, amr: list[str], compliant: str
) -> None:
    response = api.call(api.token_of(alejandra, amr=amr), CUSTOMERS, headers={"ValidateMfa": "true"})
    assert response["isMfaCompliant"] == compliant


def test_nobody_who_does_not_ask_is_told_of_compliance(api: Api, alejandra: User) -> None:
    assert "isMfaCompliant" not in api.call(alejandra, CUSTOMERS)


@pytest.mark.requirement("A6")
@pytest.mark.parametrize(("edition", "status"), [("current", 403), ("2021", 200)])
def test_an_application_by_itself_is_refused_where_the_edition_wants_a_person(
    api: Api, alejandra: User, settings: Settings, edition: str, status: int
) -> None:
    settings.API_EDITION = edition
    response = api.call(api.app_only_token(alejandra), CUSTOMERS)
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "900329"


@pytest.mark.requirement("M20")
def test_a_wrong_role_is_told_which_roles_it_takes_before_mfa_is_spoken_of(api: Api, contoso: PartnerTenant) -> None:
    user = known(make_user(contoso, "Bruno Costa", "bruno@contoso.example", [Role.BILLING_ADMIN]), api)
    response = api.call(api.token_of(user, amr=["pwd"]), CUSTOMERS)
    assert response.status_code == 403
    body = response.json()
    assert body["code"] == "900150"
    assert body["data"] == ["Admin agent", "Sales agent", "Helpdesk agent"]
    assert "Held: Billing admin" in body["description"]


def test_no_token_is_told_how_to_send_one(api: Api) -> None:
    response = api.client.get(CUSTOMERS)
    assert (response.status_code, response.json()["code"]) == (401, "800001")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer  ", "token"])
def test_what_is_no_bearer_token_counts_as_none(api: Api, header: str) -> None:
    response = api.client.get(CUSTOMERS, headers={"Authorization": header})
    assert (response.status_code, response.json()["code"]) == (401, "800001")


def test_another_partners_customer_is_not_found(api: Api, alejandra: User, olga: User) -> None:
    customer = make_customer(olga.tenant)
    response = api.call(alejandra, f"{CUSTOMERS}/{customer.tenant_id}")
    assert (response.status_code, response.json()["code"]) == (404, "1000")


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/customers/x/y/z", "/v1/customers/"])
def test_an_unknown_path_is_not_found_in_a_way_programs_can_read(api: Api, alejandra: User, path: str) -> None:
    response = api.call(alejandra, path)
    assert response.status_code == 404


def test_an_unknown_method_says_which_there_are(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, method="PUT", body={})
    assert (response.status_code, response["Allow"], response.json()["code"]) == (405, "GET, POST", "405")


def test_an_answer_that_cannot_be_accepted_is_406(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, headers={"Accept": "text/xml"})
    assert response.status_code == 406


def test_the_clients_own_identifiers_come_back(api: Api, alejandra: User) -> None:
    sent = {"MS-RequestId": "a-1", "MS-CorrelationId": "b-2"}
    response = api.call(alejandra, CUSTOMERS, headers=sent)
    assert {name: response[name] for name in sent} == sent


def test_identifiers_unfit_to_keep_are_replaced(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, headers={"MS-CorrelationId": "x" * 65})
    assert len(response["MS-CorrelationId"]) == 36


@pytest.mark.requirement("X4")
def test_a_granted_exception_for_the_api_lets_a_token_without_mfa_through(api: Api, alejandra: User) -> None:
    granted = Exemption.objects.create(
        tenant=alejandra.tenant, whole_tenant=True, areas=["billing"], until=timezone.now() + timedelta(days=1)
    )
    single = api.token_of(alejandra, amr=["pwd"])
    assert api.call(single, CUSTOMERS).status_code == 401
    granted.areas = ["api"]
    granted.save()
    assert api.call(single, CUSTOMERS).status_code == 200


def test_descriptions_are_in_the_language_of_x_locale(api: Api, alejandra: User) -> None:
    body = {"companyProfile": {"domain": "x"}, "billingProfile": {}}
    response = api.call(alejandra, CUSTOMERS, method="POST", body=body, headers={"X-Locale": "ja-JP"})
    assert any("ぁ" <= letter <= "ん" for letter in response.json()["description"])
