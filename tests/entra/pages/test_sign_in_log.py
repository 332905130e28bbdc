"""What wrong passwords and codes leave in the sign-in log."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from entra.signin.models import SignIn
from tests.entra.pages.conftest import code_of


def rows():
    return list(SignIn.objects.order_by("at", "pk"))


def test_wrong_passwords_are_kept_and_the_one_too_many(visitor, john):
    visitor.begin().type_name("john@fabrikam.example")
    for _ in range(11):
        visitor.type_password("wrong")
    codes = [row.error_code for row in rows()]
    assert (codes.count(50126), codes.count(50053)) == (10, 1)
    row = rows()[0]
    assert (row.account, row.result, row.interactive) == (john, "failure", True)
    assert row.correlation_id == visitor.interaction.correlation_id
    assert row.proofs == [{"method": "password", "source": "local", "provesMfa": False, "succeeded": False, "age": 0}]


def test_a_name_that_nobody_has_costs_the_same_and_is_not_kept(visitor, john):
    costs = []
    for name in ("somebody", "john", "gost"):  # the first guess of an address makes its counter
        visitor.begin().type_name(f"{name}@fabrikam.example")
        with CaptureQueriesContext(connection) as queries:
            visitor.type_password("wrong")
        costs.append(len(queries))
    assert costs[1] == costs[2]
    unknown = SignIn.objects.filter(account=None).order_by("at").last()
    assert unknown.error_code == 50126
    assert "gost" not in str(unknown.__dict__)


def test_no_row_holds_what_was_typed(visitor, john, app_of, clock):
    app = app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password("Sesame-open-2026")
    visitor.type_password().send("verify", code="918273")
    visitor.send("verify", code=code_of(app, clock))
    everything = str(list(SignIn.objects.values()))
    assert "Sesame" not in everything
    assert "918273" not in everything


def test_a_wrong_code_is_kept_with_the_rules_that_asked_for_it(visitor, john, app_of):
    app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password().send("verify", code="000000")
    (row,) = rows()
    assert (row.error_code, row.mfa_required, row.mfa_satisfied) == (500121, True, False)
    assert [(one["method"], one["succeeded"]) for one in row.proofs] == [
        ("password", True),
        ("authenticatorApp", False),
    ]


def test_a_disabled_account_with_the_right_password_is_kept(visitor, make_user):
    make_user("dora", account_enabled=False)
    visitor.begin().type_name("dora@fabrikam.example").type_password()
    assert [row.error_code for row in rows()] == [50057]


def test_turning_away_is_an_interruption_and_shown_pages_make_it_interactive(visitor, john, app_of):
    app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password().send("cancel", step="verify")
    (row,) = rows()
    assert (row.result, row.error_code, row.interactive) == ("interrupted", 500121, True)
