"""The three MFA reports over the API. The shapes are typed from the public samples; `links` is what we add."""

from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import PartnerTenant, User
from accounts.models.tenant import Cloud
from accounts.roles import Role
from activity.models import Channel
from api.operations import mfa_reports
from tests.portal.api.conftest import APPLICATION, Api, known
from tests.portal.api.shapes import SELF, TYPED, shape, strings
from tests.portal.api.uses import ago, noon, request, use
from tests.portal.conftest import make_user

PRINCIPALS, ADOPTION, REQUESTS = (
    "/v1/nonMfaCompliantPartnerPrincipals",
    "/v1/applicationmfaadoptionstatus",
    "/v1/partnerRequests",
)
ALL = pytest.mark.parametrize("path", [PRINCIPALS, ADOPTION, REQUESTS])
COMMAND_LINE = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@pytest.mark.requirement("Q3")
def test_principals_have_the_shape_of_the_sample(api: Api, alejandra: User) -> None:
    use(alejandra.tenant, 1)
    body = api.call(alejandra, PRINCIPALS).json()
    item = strings("objectId", "tenantId", "upn", "lastNonMfaCompliantRequestDateTime")
    assert shape(body) == {"totalCount": "int", "items": [item], "links": SELF, "attributes": TYPED}
    assert (body["totalCount"], body["attributes"]["objectType"]) == (1, "Collection")
    assert body["items"] == [
        {
            "objectId": "john",
            "tenantId": str(alejandra.tenant_id),
            "upn": "john@contoso.example",
            "lastNonMfaCompliantRequestDateTime": f"{ago(1)}T12:00:00Z",
        }
    ]


@pytest.mark.requirement("Q3")
@pytest.mark.requirement("Q10")
def test_principals_are_those_without_mfa_in_the_portal_or_the_api_within_seven_days(
    api: Api, alejandra: User, olga: User
) -> None:
    tenant = alejandra.tenant
    use(tenant, 6, user_id="old", user_name="old@contoso.example")
    use(tenant, 7, user_id="older", user_name="older@contoso.example")
    use(tenant, 2, user_id="tool", user_name="tool@contoso.example", channel=Channel.APP_AND_USER, application_id="a")
    use(tenant, 3, user_id="good", user_name="good@contoso.example", with_mfa=2)
    use(tenant, 1, user_id="", user_name="", channel=Channel.APP_ONLY, application_id="a")
    use(olga.tenant, 1, user_id="other", user_name="other@proseware.example")
    body = api.call(alejandra, PRINCIPALS).json()
    assert [item["upn"] for item in body["items"]] == ["tool@contoso.example", "old@contoso.example"]
    assert body["totalCount"] == 2


@pytest.mark.requirement("Q3")
def test_a_principal_has_the_newest_name(api: Api, alejandra: User) -> None:
    use(alejandra.tenant, 2, user_name="zoe@contoso.example")
    use(alejandra.tenant, 1, user_name="ann@contoso.example")
    (item,) = api.call(alejandra, PRINCIPALS).json()["items"]
    assert (item["upn"], item["lastNonMfaCompliantRequestDateTime"]) == ("ann@contoso.example", f"{ago(1)}T12:00:00Z")


@pytest.mark.requirement("Q3")
def test_no_more_than_the_latest_ten_thousand_principals_count(
    api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mfa_reports.MOST == 10_000
    monkeypatch.setattr(mfa_reports, "MOST", 2)
    for days in (3, 1, 2):
        use(alejandra.tenant, days, user_id=f"{days}")
    body = api.call(alejandra, PRINCIPALS).json()
    assert ([item["objectId"] for item in body["items"]], body["totalCount"]) == (["1", "2"], 2)


@pytest.mark.requirement("Q4")
def test_adoption_is_a_bare_list_in_the_shape_of_the_sample(api: Api, alejandra: User) -> None:
    common = {"channel": Channel.APP_AND_USER, "application_id": APPLICATION}
    use(alejandra.tenant, 1, **common, operations=8, with_mfa=3)
    use(alejandra.tenant, 1, **common, operations=2, with_mfa=2, user_id="jane")
    use(alejandra.tenant, 1, channel=Channel.APP_ONLY, application_id=APPLICATION, user_id="", operations=5)
    use(alejandra.tenant, 1)
    assert api.call(alejandra, ADOPTION).json() == [
        {
            "loginDate": str(ago(1)),
            "mfaCompliantRequestCount": 5,
            "totalRequestCount": 10,
            "applicationId": APPLICATION,
            "applicationName": APPLICATION,
        }
    ]


@pytest.mark.requirement("Q4")
def test_adoption_names_the_applications_that_the_portal_knows(api: Api, alejandra: User, settings: Settings) -> None:
    use(alejandra.tenant, 1, channel=Channel.APP_AND_USER, application_id=COMMAND_LINE)
    assert [each["applicationName"] for each in api.call(alejandra, ADOPTION).json()] == ["Command line"]
    settings.API_COMMAND_LINE_CLIENT_ID = "another"
    assert [each["applicationName"] for each in api.call(alejandra, ADOPTION).json()][-1] == COMMAND_LINE


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q10")
def test_adoption_is_of_the_days_asked_for(api: Api, alejandra: User, olga: User) -> None:
    for days in (0, 6, 7, 30, 90):
        use(alejandra.tenant, days, channel=Channel.APP_AND_USER, application_id="app")
    use(olga.tenant, 1, channel=Channel.APP_AND_USER, application_id="app")
    token = api.token_of(alejandra)

    def found(query: str) -> list[str]:
        """Of this application: the calls of this test are of another."""
        answer = api.call(token, f"{ADOPTION}?{query}").json()
        return [each["loginDate"] for each in answer if each["applicationId"] == "app"]

    assert found("") == [str(ago(0)), str(ago(6))]
    assert found(f"startDate={ago(90)}") == [str(ago(days)) for days in (0, 6, 7, 30, 90)]
    assert found(f"startDate={ago(30)}&endDate={ago(7)}") == [str(ago(7)), str(ago(30))]
    assert found(f"endDate={ago(30)}") == [str(ago(30))]
    assert found(f"endDate={ago(88)}") == [str(ago(90))]


@pytest.mark.parametrize(
    ("start", "end", "field", "words"),
    [
        (91, 0, "startDate", "startDate has to be within the last 90 days."),
        (None, 91, "endDate", "endDate has to be within the last 90 days."),
        (1, 2, "endDate", "endDate is before startDate."),
        ("yesterday", 0, "startDate", "startDate has to be a date such as 2026-11-24."),
        (1, "2026-02-30", "endDate", "endDate has to be a date such as 2026-11-24."),
        (1, "2026-11-24xyz", "endDate", "endDate has to be a date such as 2026-11-24."),
        ("", 0, "startDate", "startDate has to be a date such as 2026-11-24."),
    ],
)
def test_adoption_says_what_is_wrong_with_the_days(
    api: Api, alejandra: User, start: int | str | None, end: int | str, field: str, words: str
) -> None:
    given = {"startDate": start, "endDate": end}
    days = {name: ago(value) if isinstance(value, int) else value for name, value in given.items() if value is not None}
    response = api.call(alejandra, f"{ADOPTION}?{'&'.join(f'{name}={value}' for name, value in days.items())}")
    body = response.json()
    assert (response.status_code, body["data"], body["description"]) == (400, [field], words)


@ALL
@pytest.mark.requirement("S9")
def test_a_cpv_admin_reads_the_reports_of_its_own_tenant(api: Api, alejandra: User, cpv_admin: User, path: str) -> None:
    use(alejandra.tenant, 1)
    use(alejandra.tenant, 1, channel=Channel.APP_AND_USER, application_id="a")
    request(alejandra.tenant, noon(1))
    response = api.call(known(cpv_admin, api), path)
    body = response.json()
    assert (response.status_code, body if path == ADOPTION else body["items"]) == (200, [])


@ALL
@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("cloud", [Cloud.US_GOVERNMENT, Cloud.GERMANY])
def test_a_sovereign_cloud_has_no_such_report(api: Api, alejandra: User, path: str, cloud: Cloud) -> None:
    alejandra.tenant.cloud = cloud
    alejandra.tenant.save()
    response = api.call(alejandra, path)
    assert (response.status_code, response.json()["code"], response.json()["description"]) == (
        404,
        "1000",
        "The reports of the security requirements are not offered in this tenant's national cloud.",
    )


@ALL
@pytest.mark.requirement("A2")
@pytest.mark.requirement("A5")
def test_the_page_is_for_those_without_mfa_and_the_api_is_not(api: Api, contoso: PartnerTenant, path: str) -> None:
    """M9 asks for none; A5 asks for it of every App+User call."""
    user = known(make_user(contoso, "Gina Hall", "gina@contoso.example", [Role.GLOBAL_ADMIN]), api)
    assert api.call(user, path).status_code == 200
    assert api.call(api.token_of(user, amr=["pwd"]), path).status_code == 401


@pytest.mark.parametrize(("path", "queries"), [(PRINCIPALS, 4), (ADOPTION, 5), (REQUESTS, 5)])
def test_a_report_costs_the_same_queries_however_long(
    api: Api, alejandra: User, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    """The person with what decides about the token; the calls of the minute; the rows, and of requests their count,
    of applications their names; the log of calls."""
    for number in range(20):
        use(alejandra.tenant, 1, user_id=f"person {number}")
        use(alejandra.tenant, 1, channel=Channel.APP_AND_USER, application_id=f"app {number}")
        request(alejandra.tenant, noon(1))
    token = api.token_of(alejandra)
    api.call(token, path)
    with django_assert_num_queries(queries):
        api.call(token, path)
