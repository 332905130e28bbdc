# ruff: noqa: F401, F811 - the fixtures of the sign-in's own tests
"""What is kept of the answers that third parties gave: for administrators, and never at a sign-in's cost."""

import base64
from datetime import timedelta

import jwt
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import etree

from entra.directory.models import User
from entra.federation import received
from entra.federation.errors import SENTENCES, Refusal
from entra.federation.models import AskedQuestion, FederatedDomain, ReceivedAnswer
from tests.entra.conftest import make_user
from tests.entra.federation.conftest import PASSWORD_PROTECTED, Answer, sign
from tests.entra.federation.test_federated_sign_in import PROOF, trip, wingtip

METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"


def kept():
    return ReceivedAnswer.objects.get()


def post_raw(tree):
    xml = base64.b64encode(etree.tostring(tree)).decode()
    return Client().post("/login.srf", {"SAMLResponse": xml})


def unsigned(trip, **changes):
    """What anybody can post who has a question, which takes no more than starting to sign in."""
    question = trip.start(prompt="login").request.get("ID")
    return post_raw(Answer(question=question, now=timezone.now(), assertion_id="_u").but(**changes).tree())


@pytest.mark.requirement("V8")
def test_an_accepted_answer_is_kept_with_its_claims(trip):
    trip.start().come_back(class_ref=PROOF, attributes=(("department", "Sales"),))
    row, prashob = kept(), User.objects.get(user_principal_name="prashob@wingtip.example")
    assert (row.kind, row.domain, row.reception, row.authentic) == ("domain", "wingtip.example", "accepted", True)
    assert (row.account_id, row.name, row.name_id) == (prashob.pk, "prashob@wingtip.example", "prashob@wingtip.example")
    assert (row.proves_mfa, row.missing, row.class_refs) == (True, "", [PROOF])
    assert row.claims == [{"name": "department", "values": ["Sales"]}]
    assert abs(row.at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.requirement("V8")
def test_without_the_proof_the_row_says_what_is_missing(trip):
    trip.start().come_back()
    assert (kept().proves_mfa, kept().missing, kept().class_refs) == (False, "otherValue", [PASSWORD_PROTECTED])


@pytest.mark.requirement("V8")
def test_an_attribute_that_the_federation_does_not_read_is_told(trip):
    FederatedDomain.objects.update(accepts_attribute_proof=False)
    trip.start().come_back(attributes=((METHODS, PROOF),))
    assert (kept().proves_mfa, kept().missing) == (False, "attributeNotAccepted")


def test_a_refused_answer_is_kept_with_the_reason(trip):
    assert trip.start().post(audience="http://another.example", class_ref=PROOF).status_code == 400
    row = kept()
    assert (row.reception, row.refusal, row.error_code, row.authentic) == ("refused", "wrongAudience", 50008, True)
    assert (row.proves_mfa, row.missing, row.class_refs) == (False, "", [PROOF])


def test_an_answer_signed_by_a_stranger_is_kept_as_not_authentic(trip, stranger):
    question = trip.start().request.get("ID")
    assert post_raw(sign(Answer(question=question, now=timezone.now()).tree(), stranger)).status_code == 400
    assert (kept().refusal, kept().authentic) == ("signatureInvalid", False)


def test_a_good_answer_to_another_question_is_not_authentic(trip):
    """Whoever has one answer of their own could otherwise push out everybody's."""
    assert trip.start().post(confirmed_question="_another").status_code == 400
    assert (kept().refusal, kept().authentic) == ("wrongQuestion", False)


def test_a_provider_that_says_no_is_kept_as_such(trip):
    failed = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
    trip.start().come_back(status=failed)
    assert (kept().reception, kept().error_code, kept().proves_mfa) == ("declined", 50008, False)


def test_a_person_of_another_tenant_is_named_and_not_identified(trip, alejandra):
    assert trip.start(login_hint="yuki@wingtip.example").post(name="alejandra@contoso.example").status_code == 400
    assert (kept().refusal, kept().name, kept().account_id) == ("foreignDomain", "alejandra@contoso.example", None)


def test_only_what_answers_an_open_question_is_kept(trip):
    assert post_raw(Answer(question="_nobodys", now=timezone.now()).tree()).status_code == 400
    trip.start()
    AskedQuestion.objects.update(expires_at=timezone.now())
    assert trip.post().status_code == 400
    assert not ReceivedAnswer.objects.exists()


def test_the_answer_that_counted_stays_the_last_one(trip):
    question = trip.start().request.get("ID")
    trip.post(class_ref=PROOF)
    assert trip.post(class_ref=PROOF).status_code == 400
    assert post_raw(Answer(question=question, now=timezone.now()).tree()).status_code == 400
    assert (kept().reception, kept().proves_mfa) == ("accepted", True)


def test_what_a_stranger_posts_to_one_question_is_kept_once_until_the_real_answer_comes(trip):
    question = trip.start().request.get("ID")
    for name in ("first@wingtip.example", "second@wingtip.example"):
        post_raw(Answer(question=question, now=timezone.now()).but(name=name).tree())
    assert (kept().name, kept().refusal) == ("first@wingtip.example", "signatureMissing")
    trip.post()
    assert (kept().name, kept().reception) == ("prashob@wingtip.example", "accepted")


def test_strangers_fill_their_own_few_places_and_push_out_no_authentic_answer(trip):
    trip.start().come_back()
    for _ in range(17):
        assert unsigned(trip).status_code == 400
    assert ReceivedAnswer.objects.filter(authentic=True).count() == 1
    assert ReceivedAnswer.objects.filter(authentic=False).count() == 15


def test_the_last_answers_of_a_domain_are_kept_and_older_ones_go(trip, wingtip):
    trip.start().come_back()
    for number in range(40):
        row = kept() if number == 0 else ReceivedAnswer.objects.order_by("at").first()
        row.pk, row.question_id, row.at = None, f"_{number}", row.at - timedelta(hours=1)
        row.save(force_insert=True)
    other = ReceivedAnswer.objects.order_by("at").first()
    other.pk, other.question_id, other.domain = None, "_other", "other.example"
    other.save(force_insert=True)
    trip.start(prompt="login").come_back()
    assert ReceivedAnswer.objects.filter(domain="wingtip.example").count() == 35
    assert ReceivedAnswer.objects.filter(domain="other.example").count() == 1
    assert ReceivedAnswer.objects.latest("at").reception == "accepted"


def test_a_row_that_cannot_be_written_stops_no_sign_in(trip, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(received, "_forget_older", broken)
    assert trip.start().come_back(class_ref=PROOF).claims["amr"] == ["fed", "mfa"]
    assert not ReceivedAnswer.objects.exists()
    assert "could not be kept" in caplog.text


def test_rows_go_after_thirty_days(trip):
    trip.start().come_back()
    call_command("age", "29")
    call_command("clear_expired")
    assert ReceivedAnswer.objects.count() == 1
    call_command("age", "1")
    call_command("clear_expired")
    assert ReceivedAnswer.objects.count() == 0


def test_neither_certificates_nor_signatures_nor_tokens_are_kept(trip, pair):
    bare = "".join(line for line in pair.certificate_pem.splitlines() if not line.startswith("-"))
    token = jwt.encode({"sub": "x"}, "a secret that is long enough for the algorithm", "HS256")
    trip.start().come_back(attributes=(("proof", bare), ("session", token), ("userPassword", "hunter2")))
    stored = str(ReceivedAnswer.objects.values().get())
    assert [row["values"] for row in kept().claims] == [["[withheld]"]] * 3
    assert bare[:40] not in stored
    assert token[:20] not in stored
    assert "hunter2" not in stored


def test_a_flood_of_claims_is_bounded(trip):
    attributes = tuple((f"a{number}" + "n" * 500, "v " * 500) for number in range(60))
    trip.start().come_back(attributes=attributes)
    assert len(kept().claims) == 50
    assert {len(row["name"]) for row in kept().claims} == {200}
    assert {len(value) for row in kept().claims for value in row["values"]} == {200}


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Refusal)
