"""Custom controls: a signed request, a signed answer, and never MFA."""

import base64
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.test import Client
from lxml import etree

from entra.directory.models import Tenant, UserType
from entra.federation import identity
from entra.federation.models import ReceivedAnswer
from entra.policy.evaluate import Grant
from entra.policy.models import AuthenticationPolicy, ConditionalAccessPolicy, CustomControl
from entra.signin.method import Method
from entra.signin.models import AuthenticationEvent
from tests.entra.conftest import ESSENTIAL_MFA, REDIRECT_URI, RelyingParty, make_user
from tests.entra.federation.conftest import Answer, sign

THIRD_PARTY = "http://127.0.0.1:8002"
RETURN = "/common/federation/controlreturn"


@pytest.fixture
def wingtip_cloud(db, pair):
    tenant = Tenant.objects.create(id="c0000000-0000-4000-8000-000000000004", display_name="Wingtip Cloud")
    tenant.domains.create(name="wingtipcloud.example", is_default=True)
    control = CustomControl.objects.create(
        tenant=tenant,
        name="Wingtip approval",
        url=f"{THIRD_PARTY}/control",
        issuer=THIRD_PARTY,
        certificate=pair.certificate_pem,
    )
    ConditionalAccessPolicy.objects.create(
        tenant=tenant,
        name="Approval",
        include_users=["all"],
        include_applications=["all"],
        grant=Grant.CUSTOM_CONTROL,
        custom_control=control,
    )
    AuthenticationPolicy.objects.create(tenant=tenant, allowed_methods=[])
    return tenant


@pytest.fixture
def trent(wingtip_cloud):
    return make_user(wingtip_cloud, "trent")


@pytest.fixture
def trip(client, application, wingtip_cloud, trent, sign_in, pair):
    """Trent has given his password; the third party is played by the test."""
    sign_in(client, trent, Method.PASSWORD)
    return Trip(RelyingParty(client, application, str(wingtip_cloud.pk)), pair)


class Trip:
    def __init__(self, rp, pair):
        self.rp, self.pair, self.page = rp, pair, None

    def start(self, **changes):
        self.page = self.rp.browser.get(self.rp.authorize(**changes)["Location"], follow=True)
        return self

    @property
    def address(self):
        return self.page.context["url"]

    @property
    def asked(self):
        """Our request, with its signature checked by the certificate of our metadata."""
        token = parse_qs(urlsplit(self.address).query)["request"][0]
        assert jwt.get_unverified_header(token)["typ"] == "control-request+jwt"
        key = load_pem_x509_certificate(identity.signing_pair().certificate_pem.encode()).public_key()
        return jwt.decode(token, key, algorithms=["RS256"], audience=THIRD_PARTY, issuer=settings.ENTRA_URL)

    def answer(self, *, pair=None, typ="control-answer+jwt", algorithm="RS256", key=None, **changes):
        asked = self.asked
        claims = {
            "iss": THIRD_PARTY,
            "aud": settings.ENTRA_URL,
            "sub": asked["sub"],
            "jti": "answer-1",
            "in_response_to": asked["jti"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "outcome": "approved",
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        key = (pair or self.pair).key_pem if key is None else key
        return jwt.encode(claims, key, algorithm=algorithm, headers={"typ": typ})

    def post(self, token):
        return Client().post(RETURN, {"answer": token})

    def come_back(self, **changes):
        response = self.post(self.answer(**changes))
        assert response.status_code == 303, response.content
        self.page = self.rp.browser.get(response["Location"], follow=True)
        return self

    @property
    def fields(self):
        assert self.address.startswith(REDIRECT_URI), self.address
        return {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}

    @property
    def claims(self):
        return self.rp.id_claims(self.rp.token(code=self.fields["code"]).json()["id_token"])


@pytest.mark.requirement("V4")
def test_the_browser_is_sent_to_the_third_party_with_a_signed_request(trip):
    trip.start()
    assert trip.address.startswith(f"{THIRD_PARTY}/control?request=")
    asked = trip.asked
    assert (asked["sub"], asked["tid"]) == ("trent@wingtipcloud.example", "c0000000-0000-4000-8000-000000000004")
    assert asked["return_url"] == f"{settings.ENTRA_URL}{RETURN}"


@pytest.mark.requirement("V4", "V9")
@pytest.mark.parametrize("boast", [{}, {"amr": ["mfa"]}, {"acr": "urn:microsoft:policies:mfa", "mfa": True}])
def test_an_approval_lets_the_sign_in_go_on_and_is_never_mfa(boast, trip):
    claims = trip.start().come_back(**boast).claims
    assert claims["amr"] == ["pwd"]
    event = AuthenticationEvent.objects.get(method=Method.CUSTOM_CONTROL)
    assert (event.proves_mfa, event.user_verified, event.source) == (False, False, "federated")


@pytest.mark.requirement("V4", "V9")
def test_the_step_up_after_an_approval_ends_in_50158(trip):
    trip.start().come_back()
    fields = trip.rp.answer(claims=ESSENTIAL_MFA)
    assert fields["error"] == "interaction_required"
    assert fields["error_description"].startswith("AADSTS50158:")


@pytest.mark.requirement("V4")
def test_the_step_up_passes_once_an_administrator_allows_a_method(trip):
    trip.start().come_back()
    AuthenticationPolicy.objects.update(allowed_methods=["securityKey"])
    trip.start(claims=ESSENTIAL_MFA)
    assert trip.page.request["PATH_INFO"].endswith("/register")


def test_a_denial_ends_the_sign_in(trip):
    fields = trip.start().come_back(outcome="denied").fields
    assert fields["error"] == "access_denied"
    assert fields["error_description"].startswith("AADSTS50158:")


@pytest.mark.parametrize("outcome", ["", "APPROVED", "approved ", True, ["approved"]])
def test_only_the_word_approved_approves(outcome, trip):
    assert trip.start().come_back(outcome=outcome).fields["error"] == "access_denied"


NOW = int(time.time())
FORGERIES = [
    {"iss": "http://another.example"},
    {"aud": "http://another.example"},
    {"aud": ["http://another.example"]},
    {"sub": "ines@wingtipcloud.example"},
    {"in_response_to": "_never"},
    {"jti": ""},
    {"jti": None},
    {"jti": "a\x00b"},
    {"jti": "a\ud800"},
    {"jti": "a" * 201},
    {"exp": None},
    {"outcome": None},
    {"exp": NOW - 3600, "iat": NOW - 3700},
    {"iat": NOW + 3600, "exp": NOW + 3900},
    {"exp": NOW + 86400},
    {"exp": "tomorrow"},
    {"typ": "JWT"},
    {"typ": "control-request+jwt"},
    {"algorithm": "none", "key": ""},
    {"algorithm": "HS256", "key": "a shared secret that is long enough for HS256"},
]


@pytest.mark.parametrize("changes", FORGERIES)
def test_a_forged_or_stale_answer_is_refused(changes, trip):
    assert trip.post(trip.start().answer(**changes)).status_code == 400
    assert not AuthenticationEvent.objects.filter(method=Method.CUSTOM_CONTROL).exists()


def test_a_strangers_answer_is_refused(trip, stranger):
    assert trip.post(trip.start().answer(pair=stranger)).status_code == 400


def test_our_own_request_is_no_answer(trip):
    token = parse_qs(urlsplit(trip.start().address).query)["request"][0]
    assert trip.post(token).status_code == 400


def test_an_answer_counts_once(trip):
    token = trip.start().answer()
    assert trip.post(token).status_code == 303
    assert trip.post(token).status_code == 400


def test_the_id_of_an_answer_is_spent(trip):
    trip.start().come_back()
    AuthenticationEvent.objects.filter(method=Method.CUSTOM_CONTROL).delete()
    assert trip.post(trip.start().answer(jti="answer-1")).status_code == 400


def test_an_answer_is_worth_nothing_in_another_browser(trip):
    location = trip.post(trip.start().answer())["Location"]
    assert Client().get(location).status_code == 404


def test_an_answer_for_a_person_who_signed_out_meanwhile_is_dropped(trip):
    location = trip.post(trip.start().answer())["Location"]
    AuthenticationEvent.objects.all().delete()
    trip.rp.browser.cookies.clear()
    assert trip.rp.browser.get(location).status_code == 404


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 10_000])
def test_rubbish_is_refused_politely(token, db):
    assert Client().post(RETURN, {"answer": token}).status_code == 400


def test_a_saml_answer_cannot_stand_in_for_a_control(trip):
    """The two kinds of question are kept apart, though they share their ids."""
    answer = Answer(question=trip.start().asked["jti"], now=datetime.now(UTC) - timedelta(seconds=1))
    xml = base64.b64encode(etree.tostring(sign(answer.tree(), trip.pair))).decode()
    assert Client().post("/login.srf", {"SAMLResponse": xml}).status_code == 400


@pytest.mark.requirement("V4", "V9")
def test_an_approval_is_kept_with_its_claims_and_never_counts(trip, trent):
    trip.start().come_back(amr=["mfa"], device={"kind": "phone", "secret": "hunter2"})
    row, control = ReceivedAnswer.objects.get(), CustomControl.objects.get()
    assert (row.kind, row.control_id, row.control_name) == ("customControl", control.pk, "Wingtip approval")
    assert (row.reception, row.authentic, row.account_id) == ("accepted", True, trent.pk)
    assert (row.proves_mfa, row.missing) == (False, "customControlNeverCounts")
    claims = {claim["name"]: claim["values"] for claim in row.claims}
    assert (claims["amr"], claims["outcome"]) == (["mfa"], ["approved"])
    assert (claims["device.kind"], claims["device.secret"]) == (["phone"], ["[withheld]"])


def test_a_denial_is_kept(trip):
    trip.start().come_back(outcome="denied")
    row = ReceivedAnswer.objects.get()
    assert (row.reception, row.error_code, row.missing) == ("declined", 50158, "customControlNeverCounts")


def test_a_refused_answer_is_kept_with_the_reason(trip, stranger):
    assert trip.post(trip.start().answer(aud="http://another.example")).status_code == 400
    assert trip.post(trip.start().answer(pair=stranger)).status_code == 400
    rows = ReceivedAnswer.objects.order_by("at")
    assert [(row.reception, row.refusal, row.authentic) for row in rows] == [
        ("refused", "wrongAudience", True),
        ("refused", "signatureInvalid", False),
    ]


def test_of_a_guest_the_account_of_the_tenant_is_named(trip, wingtip_cloud, alejandra, sign_in):
    guest = make_user(wingtip_cloud, "guest", user_type=UserType.GUEST, home_account=alejandra)
    trip.rp.browser.cookies.clear()
    sign_in(trip.rp.browser, alejandra, Method.PASSWORD)
    trip.start().come_back()
    assert (ReceivedAnswer.objects.get().name, ReceivedAnswer.objects.get().account_id) == (
        "alejandra@contoso.example",
        guest.pk,
    )
