"""What a whole sign-in asks of the database: from the authorize request to the tokens, by a password alone."""

from typing import Any

from entra.directory.models import User
from entra.keys.services import sign
from tests.entra.conftest import RelyingParty, fields_of

PASSWORD = "a password nobody has guessed"
SCOPE = "openid offline_access User.Read"
TRANSACTION = {"SAVEPOINT", "RELEASE"}
"""Each transaction is one of these pairs inside that of the test."""


def test_a_sign_in_costs_no_more_than_these_statements(
    rp: RelyingParty, john: User, django_assert_num_queries: Any
) -> None:
    john.set_password(PASSWORD)
    john.language = "en"
    john.save()
    sign({})  # the signing key is there
    with django_assert_num_queries(7):  # tenant, application; session, domain of the hint, interaction
        page = rp.authorize(scope=SCOPE, login_hint=john.user_principal_name)["Location"]
    with django_assert_num_queries(2):  # interaction with session; federation
        rp.browser.get(page)
    # Interaction, federation, account; the guess, and its refund; interaction, key, proof; proofs, standing,
    # application; grant, code, log, interaction. In four transactions, one of them the log's own inside the answer's.
    with django_assert_num_queries(23) as captured:
        answer = rp.browser.post(page, {"password": PASSWORD})
    code = fields_of(answer)["code"]
    written = [one["sql"] for one in captured.captured_queries]
    assert sum(sql.split()[0] in TRANSACTION for sql in written) == 8
    with django_assert_num_queries(7):  # caller, code; code redeemed, refresh token; groups and roles
        assert rp.token(code=code).status_code == 200
