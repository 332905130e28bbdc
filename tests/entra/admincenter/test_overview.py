"""The overview says what is on."""

from entra.directory.models import AccountClass, DirectoryRole, Tenant, User
from entra.policy.administration import require_mfa, set_per_user_mfa, set_security_defaults
from entra.policy.evaluate import PerUserMfaState
from tests.entra.admincenter.conftest import Admin
from tests.entra.conftest import make_user


def test_it_warns_where_nothing_demands_mfa(admin: Admin) -> None:
    assert "Nothing demands multifactor authentication" in admin.text()


def test_it_counts_what_is_on_and_who_has_registered(admin: Admin, fabrikam: Tenant, john: User) -> None:
    make_user(fabrikam, "gone", account_enabled=False)
    set_per_user_mfa(users=[john], state=PerUserMfaState.ENABLED, actor="test")
    require_mfa(tenant=fabrikam, name="MFA", users=None, excluded=[], actor="test")
    set_security_defaults(tenant=fabrikam, on=True, actor="test")
    page = admin.text()
    assert "50%" in page
    assert "1 of 2" in page
    assert "0 report-only, 0 off" in page
    assert "Nothing demands multifactor authentication" not in page


def test_it_shows_the_accounts_for_emergencies_of_this_tenant(admin: Admin, fabrikam: Tenant, contoso: Tenant) -> None:
    assert "There is none" in admin.text()
    spare = make_user(fabrikam, "spare", account_class=AccountClass.BREAK_GLASS)
    spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    make_user(contoso, "theirs", account_class=AccountClass.BREAK_GLASS)
    page = admin.text()
    assert "spare@fabrikam.example" in page
    assert "theirs@contoso.example" not in page
