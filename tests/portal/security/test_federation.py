"""The federation claim inspector: what was received, what somebody pasted, and who may look (V4, V7, V8, V9)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import HeldPost, User
from accounts.roles import Role
from tests.portal.conftest import SignIn
from tests.portal.security.tenant import FakeTenant
from tests.portal.security.test_claims import METHODS, PASSWORD, PROOF, assertion, token

PAGE = "/dashboard/security/federation"
INSPECT = f"{PAGE}/inspect"
SIGN_INS = "/dashboard/security/sign-ins"
ID = "60000000-0000-4000-8000-000000000001"
ANSWER = f"{PAGE}/answers/{ID}"
CONTROL = "d0000000-0000-4000-8000-000000000001"


def received(tenant: FakeTenant, **values: Any) -> None:
    """Prashob's answer of Wingtip, accepted and with a password alone, unless the values say else."""
    row = {
        "id": ID,
        "receivedDateTime": "2026-11-30T09:00:00Z",
        "kind": "domain",
        "domain": "wingtip.example",
        "customControlId": None,
        "customControlDisplayName": None,
        "userId": "00000000-0000-4000-8000-000000000009",
        "assertedName": "prashob@wingtip.example",
        "result": "accepted",
        "errorCode": 0,
        "refusal": None,
        "isAuthentic": True,
        "nameId": "prashob@wingtip.example",
        "authnContextClassRefs": [PASSWORD],
        "claims": [{"name": "department", "values": ["Sales"]}, {"name": "ImmutableID", "values": ["abc="]}],
        "provesMfa": False,
        "missingProof": "otherValue",
    }
    tenant.answers.append(row | values)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def pasted(client: Client, text: str, status: int = 200) -> str:
    response = client.post(INSPECT, {"pasted_token": text})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.fixture
def viewer(client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[Role.ADMIN_AGENT])
    return alejandra


@pytest.mark.requirement("M6", "M12")
@pytest.mark.parametrize("page", [PAGE, INSPECT, ANSWER, SIGN_INS, f"{SIGN_INS}/{ID}"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMIN_AGENT, 200),
        (Role.SECURITY_ADMIN, 200),
        (Role.GLOBAL_ADMIN, 403),
        (Role.HELPDESK_AGENT, 403),
        (Role.SALES_AGENT, 403),
        (Role.BILLING_ADMIN, 403),
    ],
)
def test_who_opens_the_pages(
    client: Client, alejandra: User, sign_in: SignIn, tenant: FakeTenant, page: str, role: Role, status: int
) -> None:
    received(tenant)
    tenant.sign_ins.append({"id": ID})
    sign_in(client, alejandra, roles=[role])
    assert client.get(page).status_code == status


@pytest.mark.requirement("M6", "M11")
@pytest.mark.parametrize("page", [PAGE, INSPECT, ANSWER, SIGN_INS, f"{SIGN_INS}/{ID}"])
def test_without_mfa_the_pages_ask_for_it(
    client: Client, alejandra: User, sign_in: SignIn, tenant: FakeTenant, page: str
) -> None:
    sign_in(client, alejandra, mfa=False)
    assert client.get(page)["Location"].startswith("/oidc/step-up")
    assert tenant.asked == []


@pytest.mark.requirement("V7", "V9")
def test_every_domain_and_control_is_listed_with_its_last_answer(
    client: Client, viewer: User, tenant: FakeTenant
) -> None:
    tenant.federations = {"quiet.example": "rejectMfaByFederatedIdp", "wingtip.example": "enforceMfaByFederatedIdp"}
    control = {"kind": "customControl", "domain": None, "customControlId": CONTROL}
    received(tenant, customControlDisplayName="Approval", missingProof="customControlNeverCounts", **control)
    received(tenant, provesMfa=True, missingProof=None)
    text = text_of(client, PAGE)
    assert text.index("quiet.example") < text.index("wingtip.example") < text.index("Approval")
    assert "Proof does not count: the directory asks for MFA itself" in text
    assert "Never counts" in text
    assert "&quot;federatedIdpMfaBehavior&quot;: &quot;enforceMfaByFederatedIdp&quot;" in text
    assert "The answer was accepted and proves MFA." in text
    assert "A custom control never counts as MFA, whatever it answers." in text


@pytest.mark.requirement("V8")
@pytest.mark.parametrize(
    ("missing", "verdict", "line"),
    [
        ("noProof", "Missing: neither an AuthnContextClassRef nor the attribute", "AD FS: a claim rule"),
        (
            "otherValue",
            "Missing: what was sent in the place of the proof says something else.",
            "=&gt; issue(claim = c)",
        ),
        ("otherSpelling", "not spelled exactly so", f"AuthnContextClassRef&gt;{PROOF}"),
        ("attributeNotAccepted", "reads the AuthnContextClassRef alone", f"AuthnContextClassRef&gt;{PROOF}"),
        ("customControlNeverCounts", "A custom control never counts", "builtInControls&quot;: [&quot;mfa&quot;]"),
        ("something-new", "Missing: neither", "AD FS"),
    ],
)
def test_what_is_missing_comes_with_the_line_that_sends_it(
    client: Client, viewer: User, tenant: FakeTenant, missing: str, verdict: str, line: str
) -> None:
    received(tenant, missingProof=missing)
    text = text_of(client, ANSWER)
    assert verdict in text
    assert line in text


def test_one_answer_is_told_with_its_decisive_claims(client: Client, viewer: User, tenant: FakeTenant) -> None:
    received(tenant)
    text = text_of(client, ANSWER)
    assert text.index("NameID") < text.index(">AuthnContextClassRef<") < text.index("ImmutableID")
    assert text.index("ImmutableID") < text.index("department")
    assert f"AuthnContextClassRef = {PASSWORD}" in text
    (query,) = parse_qs(urlsplit(tenant.asked[-1]).query)["$filter"]
    assert query == f"id eq '{ID}'"


def test_a_refused_answer_says_why(client: Client, viewer: User, tenant: FakeTenant) -> None:
    refusal = {"code": "wrongAudience", "message": "The audience is not this provider.", "detail": "urn:other"}
    received(
        tenant, result="refused", errorCode=50008, refusal=refusal, isAuthentic=False, missingProof=None, userId=None
    )
    text = text_of(client, ANSWER)
    assert "The audience is not the identity provider." in text
    assert "urn:other" in text
    assert "AADSTS50008" in text
    assert "No: anybody may have written what follows" in text
    assert "The proof is there, but the answer was not accepted" in text
    assert "no account of your organization" in text


def test_secrets_are_withheld_here_too(client: Client, viewer: User, tenant: FakeTenant) -> None:
    received(
        tenant, claims=[{"name": "password", "values": ["hunter2"]}, {"name": "a", "values": ["eyJhbGciOiJSUzI1"]}]
    )
    text = text_of(client, ANSWER)
    assert "hunter2" not in text
    assert "eyJhbGciOiJSUzI1" not in text
    assert text.count("[withheld]") == 2


@pytest.mark.parametrize(
    ("party", "condition"),
    [
        ("wingtip.example", "domain eq 'wingtip.example'"),
        (CONTROL, f"customControlId eq '{CONTROL}'"),
        ("x' or id ne 'y", "domain eq 'x'' or id ne ''y'"),
    ],
)
def test_the_answers_of_one_provider_are_asked_for(
    client: Client, viewer: User, tenant: FakeTenant, party: str, condition: str
) -> None:
    client.get(PAGE, {"party": party})
    assert parse_qs(urlsplit(tenant.asked[0]).query)["$filter"] == [condition]


def test_an_answer_of_another_tenant_is_not_there(client: Client, viewer: User, tenant: FakeTenant) -> None:
    """The portal asks as itself in the viewer's own tenant, where it is unknown."""
    text_of(client, ANSWER, 404)


def test_a_directory_that_keeps_no_answers_is_said(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"receivedAnswers": (404, "Request_ResourceNotFound")}
    tenant.federations = {"wingtip.example": "enforceMfaByFederatedIdp"}
    text = text_of(client, PAGE)
    assert "Your directory keeps no answers of other providers." in text
    assert "wingtip.example" in text


def test_a_missing_consent_names_the_permissions(client: Client, viewer: User, tenant: FakeTenant) -> None:
    tenant.refused = {"receivedAnswers": (403, "Authorization_RequestDenied")}
    assert "AuditLog.Read.All" in text_of(client, PAGE, 403)
    tenant.refused = {"/domains": (403, "Authorization_RequestDenied")}
    received(tenant)
    assert "wingtip.example" in text_of(client, PAGE)


@pytest.mark.parametrize("answers", [1, 30])
def test_what_the_page_costs(
    client: Client, viewer: User, tenant: FakeTenant, django_assert_num_queries: Any, answers: int
) -> None:
    tenant.federations = {f"d{number}.example": "enforceMfaByFederatedIdp" for number in range(answers)}
    for _number in range(answers):
        received(tenant)
    with django_assert_num_queries(2):  # the gate, the operation log
        text_of(client, PAGE)
    assert tenant.paths()[:2] == ["/ours/receivedAnswers", "/v1.0/domains"]
    assert len(tenant.asked) == 2 + (answers + 19) // 20


@pytest.mark.requirement("V8", "V9", "A2")
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (assertion(PROOF), "The AuthnContextClassRef proves MFA."),
        (assertion(**{METHODS: PROOF}), "The attribute proves MFA"),
        (assertion(), "says something else"),
        (token({"typ": "control-answer+jwt"}, amr=["mfa"]), "A custom control never counts"),
        (token(amr=["pwd", "mfa"]), "“amr” holds “mfa”."),
        (token(amr=["pwd"]), "“amr” does not hold “mfa”."),
    ],
)
def test_what_is_pasted_gets_the_same_verdict(client: Client, viewer: User, text: str, verdict: str) -> None:
    answer = pasted(client, text)
    assert verdict in answer
    assert "The signature was not checked" in answer


def test_a_token_leads_to_the_decoder(client: Client, viewer: User) -> None:
    assert "/dashboard/help/api/token-decoder" in pasted(client, token(amr=["mfa"]))


def test_what_is_pasted_is_not_given_back_into_the_form(client: Client, viewer: User) -> None:
    text = assertion(password="hunter2")
    answer = client.post(INSPECT, {"pasted_token": text})
    assert b"hunter2" not in answer.content
    assert answer["Cache-Control"] == "no-store"


def test_pasting_asks_nobody_anything(client: Client, viewer: User, tenant: FakeTenant) -> None:
    pasted(client, assertion(PROOF))
    assert tenant.asked == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This field is required."),
        ("hello, world", "This is neither SAML"),
        ("<" + "a" * 400_000, "The text is too large"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "The XML holds a document type"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(client: Client, viewer: User, text: str, said: str) -> None:
    assert said in pasted(client, text, 422)


def test_what_is_pasted_is_not_kept_while_somebody_verifies(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra, mfa=False)
    client.post(INSPECT, {"pasted_token": assertion()})
    assert HeldPost.objects.get().dropped == ["pasted_token"]


def test_a_claims_text_stays_text(client: Client, viewer: User) -> None:
    answer = pasted(client, assertion(department="&lt;script&gt;alert(1)&lt;/script&gt;"))
    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert(1)" in answer
