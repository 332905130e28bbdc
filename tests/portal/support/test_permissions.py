"""Each page of the areas, four ways: right role, wrong role, another partner's object, signed out."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from support.models import Attachment, AttachmentContent, CustomerRequest
from tests.portal.business import START, make_customer, make_request

SignIn = Callable[..., object]
AREA = "/dashboard/v2/support/customers"
ONE = AREA + "/{case}"
PAGES = [AREA, f"{AREA}/new", ONE, ONE + "/attachments/{file}"]
POSTS = [ONE + "/reply", ONE + "/close", ONE + "/reopen"]


@pytest.fixture
def case(contoso: PartnerTenant) -> CustomerRequest:
    return make_request(make_customer(contoso))


def path_of(page: str, case: CustomerRequest) -> str:
    file = Attachment.objects.create(
        request=case, name="a.txt", content_type="text/plain", size=1, added_by_name="x", added_at=START
    )
    AttachmentContent.objects.create(attachment=file, data=b"a")
    return page.format(case=case.pk, file=file.pk)


@pytest.mark.requirement("M4")
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.HELPDESK_AGENT])
@pytest.mark.parametrize("page", PAGES)
def test_admin_and_helpdesk_agents_with_mfa_open_every_page(
    client: Client, case: CustomerRequest, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(path_of(page, case)).status_code == 200


@pytest.mark.requirement("M4", "M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.BILLING_ADMIN, Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("page", PAGES + POSTS)
def test_other_roles_are_forbidden(
    client: Client, case: CustomerRequest, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    method = client.post if page in POSTS else client.get
    assert method(path_of(page, case)).status_code == 403


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("page", PAGES)
def test_signed_out_people_are_sent_to_sign_in(client: Client, case: CustomerRequest, page: str) -> None:
    assert client.get(path_of(page, case))["Location"].startswith("/oidc/authenticate")


@pytest.mark.parametrize("page", PAGES[2:])
def test_another_partners_request_does_not_exist(
    client: Client, case: CustomerRequest, olga: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, olga)
    assert client.get(path_of(page, case)).status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_another_partners_request_cannot_be_changed(
    client: Client, case: CustomerRequest, olga: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, olga)
    assert client.post(path_of(page, case), {"text": "mine"}).status_code == 404
    case.refresh_from_db()
    assert case.status == "open"
    assert not case.notes.exists()


def test_olga_sees_nobody_elses_requests_nor_opens_one_for_their_customer(
    client: Client, case: CustomerRequest, olga: User, sign_in: SignIn
) -> None:
    sign_in(client, olga)
    for query in ("", "?q=calls", "?format=csv"):
        assert b"Calls drop" not in client.get(AREA + query).getvalue()
    for named in (case.customer.domain, str(case.customer.tenant_id)):
        form = {"customer": named, "title": "x", "description": "x", "severity": "minimal"}
        response = client.post(f"{AREA}/new", form)
        assert response.context["form"].errors["customer"] == ["None of your customers has this domain or ID."]


@pytest.mark.requirement("M4")
@pytest.mark.parametrize("rest", ["", "/new", "/6f1c0000-0000-4000-8000-000000000001", "?q=a&sort=-changed"])
def test_the_address_of_2020_leads_into_the_area_with_the_rest_of_the_path(
    client: Client, alejandra: User, sign_in: SignIn, rest: str
) -> None:
    sign_in(client, alejandra)
    response = client.get("/dashboard/support/csp/customers" + rest)
    assert response.status_code == 308
    assert response["Location"] == AREA + rest


@pytest.mark.requirement("M4", "M12")
def test_the_address_of_2020_is_forbidden_to_a_sales_agent(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra, roles=[Role.SALES_AGENT])
    assert client.get("/dashboard/support/csp/customers").status_code == 403
