"""The partner's own profiles over the API. The shapes are typed from the public samples."""

from typing import Any

import pytest

from accounts.models import User
from activity.models import AuditRecord
from profiles.models import Kind, Profile
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import SELF, TYPED, shape, strings

PROFILES = "/v1/profiles"
PLACE = strings("country", "city", "state", "addressLine1", "addressLine2", "postalCode")
PERSON = strings("firstName", "lastName", "phoneNumber")
ETAG = {**TYPED, "etag": "str"}
ORGANIZATION = {
    **strings("id", "companyName", "tenantId", "domain", "email", "language", "culture", "profileType"),
    "defaultAddress": {**PLACE, **PERSON},
    "links": SELF,
    "attributes": ETAG,
}
BILLING = {
    **strings("companyName", "purchaseOrderNumber", "taxId", "billingCurrency", "profileType"),
    "address": PLACE,
    "primaryContact": {**PERSON, "email": "str"},
    "links": SELF,
    "attributes": ETAG,
}
SUPPORT = {**strings("email", "telephone", "website", "profileType"), "links": SELF, "attributes": ETAG}
LEGAL = {
    **strings("companyName", "companyApproverEmail", "vettingStatus", "vettingSubStatus", "profileType"),
    "address": {**PLACE, **PERSON},
    "primaryContact": {**PERSON, "email": "str"},
    "companyApproverAddress": PLACE,
    "links": SELF,
    "attributes": TYPED,
}


@pytest.fixture
def organization(alejandra: User) -> Profile:
    return Profile.objects.create(
        partner=alejandra.tenant, kind=Kind.ORGANIZATION, version=1, company_name="Contoso", domain="contoso.example",
        email="office@contoso.example", first_name="Ana", last_name="Bowman", country="US", region="WA", city="Redmond",
        address_line1="1 Main Street", postal_code="98052",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected", "kind"),
    [
        ("organization", ORGANIZATION, "OrganizationProfile"),
        ("billing", BILLING, "BillingProfile"),
        ("support", SUPPORT, "PartnerSupportProfile"),
        ("legalbusiness", LEGAL, "LegalBusinessProfile"),
    ],
)
def test_each_profile_has_the_shape_of_the_samples(
    api: Api, alejandra: User, organization: Profile, name: str, expected: dict[str, Any], kind: str
) -> None:
    body = api.call(alejandra, f"{PROFILES}/{name}").json()
    assert shape(body) == expected
    assert body["attributes"]["objectType"] == kind
    assert body["links"]["self"]["uri"] == f"/profiles/{name}"


def test_nobody_reads_another_partners_profile(api: Api, olga: User, organization: Profile) -> None:
    body = api.call(olga, f"{PROFILES}/organization").json()
    assert (body["companyName"], body["tenantId"]) == ("Proseware", str(olga.tenant_id))


def test_the_partner_network_number_is_there_once_it_is_known(api: Api, alejandra: User) -> None:
    assert api.call(alejandra, f"{PROFILES}/mpn").status_code == 404
    Profile.objects.create(partner=alejandra.tenant, kind=Kind.NETWORK, mpn_id="4391507")
    body = api.call(alejandra, f"{PROFILES}/mpn").json()
    assert shape(body) == {**strings("mpnId", "profileType"), "links": SELF, "attributes": TYPED}
    assert (body["mpnId"], body["profileType"]) == ("4391507", "MpnProfile")


def put(api: Api, who: User, name: str, body: Any, etag: str) -> Any:
    return api.call(who, f"{PROFILES}/{name}", method="PUT", body=body, headers={"If-Match": f'"{etag}"'})


def test_a_changed_organization_profile_is_kept_and_audited(api: Api, alejandra: User, organization: Profile) -> None:
    body = api.call(alejandra, f"{PROFILES}/organization").json()
    etag = body["attributes"]["etag"]
    body["defaultAddress"]["city"] = "Bellevue"
    answer = put(api, alejandra, "organization", body, etag)
    assert answer.status_code == 200
    assert answer.json()["defaultAddress"]["city"] == "Bellevue"
    assert answer.json()["attributes"]["etag"] != etag
    record = AuditRecord.objects.get(action="profile.changed")
    assert record.detail == {"changed": {"city": ["Redmond", "Bellevue"]}}
    assert api.call(alejandra, f"{PROFILES}/legalbusiness").json()["address"]["city"] == "Bellevue"


def test_the_first_profile_is_written_over_the_empty_one_as_older_clients_send_it(api: Api, alejandra: User) -> None:
    etag = api.call(alejandra, f"{PROFILES}/billing").json()["attributes"]["etag"]
    body = {
        "CompanyName": "Contoso",
        "Address": {
            "Country": "US", "Region": None, "City": "Redmond", "State": "WA", "AddressLine1": "1 Main Street",
            "AddressLine2": "", "PostalCode": "98052", "FirstName": None, "LastName": None, "PhoneNumber": None,
        },
        "PrimaryContact": {"FirstName": "Ana", "LastName": "Bowman", "Email": None, "PhoneNumber": ""},
        "PurchaseOrderNumber": "9888",
        "TaxId": "12-345678",
        "BillingCurrency": "USD",
    }  # fmt: skip
    assert put(api, alejandra, "billing", body, etag).status_code == 200
    kept = Profile.objects.get(kind=Kind.BILLING)
    assert (kept.purchase_order_number, kept.first_name, kept.partner_id) == ("9888", "Ana", alejandra.tenant_id)


def test_the_support_profile_is_replaced(api: Api, alejandra: User) -> None:
    etag = api.call(alejandra, f"{PROFILES}/support").json()["attributes"]["etag"]
    body = {"email": "help@contoso.example", "telephone": "4255555555", "website": "www.contoso.example"}
    assert put(api, alejandra, "support", body, etag).json()["website"] == "www.contoso.example"


def test_a_change_on_an_old_version_is_refused(api: Api, alejandra: User) -> None:
    etag = api.call(alejandra, f"{PROFILES}/support").json()["attributes"]["etag"]
    body = {"email": "help@contoso.example", "telephone": "4255555555", "website": ""}
    put(api, alejandra, "support", body, etag)
    assert put(api, alejandra, "support", {**body, "telephone": "4255555556"}, etag).status_code == 412
    response = api.call(alejandra, f"{PROFILES}/support", method="PUT", body=body)
    assert (response.status_code, response.json()["data"]) == (428, ["If-Match"])


@pytest.mark.parametrize(
    ("name", "changed", "fields"),
    [
        ("organization", {"defaultAddress": {"country": "US", "postalCode": "x"}}, "defaultAddress.postalCode"),
        ("organization", {"defaultAddress": {"country": "XX"}}, "defaultAddress.country"),
        ("organization", {"culture": "english"}, "culture"),
        ("organization", {"language": "English"}, "language"),
        ("organization", {"email": 5}, "email"),
        ("billing", {"billingCurrency": "dollars"}, "billingCurrency"),
        ("billing", {"primaryContact": {"phoneNumber": "call me"}}, "primaryContact.phoneNumber"),
        ("support", {"email": "nobody"}, "email"),
        ("support", {"telephone": ""}, "telephone"),
        ("support", {"website": "not a site"}, "website"),
    ],
)
def test_a_bad_profile_names_the_field(
    api: Api, alejandra: User, organization: Profile, name: str, changed: dict[str, Any], fields: str
) -> None:
    body = api.call(alejandra, f"{PROFILES}/{name}").json()
    response = put(api, alejandra, name, {**body, **changed}, body["attributes"]["etag"])
    assert response.status_code == 400
    assert fields in response.json()["data"]
    assert not AuditRecord.objects.filter(action="profile.changed").exists()


@pytest.mark.requirement("A5")
def test_an_application_by_itself_reads_the_organization_profile_only(api: Api, alejandra: User) -> None:
    token = api.app_only_token(alejandra)
    assert api.call(token, f"{PROFILES}/organization").json()["companyName"] == "Contoso"
    assert api.call(token, f"{PROFILES}/billing").json()["code"] == "900329"
