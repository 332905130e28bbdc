"""Conditional access in the admin center: written, switched, deleted; every change asked for a fresh verification."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from activity.models import AuditRecord
from entra.admincenter.models import AdminSession
from entra.directory.models import AuthenticatorApp, Group, Tenant, User
from entra.federation.models import FederatedDomain
from entra.policy.administration import save_location, save_policy, set_allowed_methods
from entra.policy.evaluate import Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy, CustomControl
from entra.signin.models import ProviderSession, SignIn
from tests.entra.admincenter.conftest import FABRIKAM, MFA, Admin, asked
from tests.entra.conftest import RelyingParty, make_user
from tests.posted import posted

NEW = {"name": "MFA", "include_users": "all", "include_applications": "all", "grant": "mfa"}


def the_policy() -> ConditionalAccessPolicy:
    return ConditionalAccessPolicy.objects.get()


def test_a_new_policy_starts_report_only_and_is_said_in_one_sentence(admin: Admin, john: User) -> None:
    page = admin.done("/policies/new", **NEW | {"exclude_users": "john@fabrikam.example"})
    sentence = (
        "Sign-ins of everybody (except: John Example) to any application from any network "
        "need multifactor authentication."
    )
    assert sentence in page
    assert sentence in admin.text("/policies")
    assert the_policy().state == PolicyState.REPORT_ONLY
    record = AuditRecord.objects.get(action="policy.conditionalAccess.saved")
    assert (record.actor, str(record.tenant_id)) == (str(admin.account.pk), str(admin.account.tenant_id))


def test_everything_that_is_typed_is_kept_and_shown_again(
    admin: Admin, fabrikam: Tenant, john: User, application: Any
) -> None:
    Group.objects.create(tenant=fabrikam, display_name="Sales")
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    typed = {
        "name": "Block Sales",
        "grant": "block",
        "include_groups": "sales",
        "include_guests": "on",
        "exclude_roles": "62e90394-69f5-4237-9190-012177145e10",
        "include_applications": str(application.pk),
        "exclude_locations": ["trusted", str(office.pk)],
    }
    page = admin.done("/policies/new", **typed)
    assert (
        "Sign-ins of the group “Sales”, guests (except: the role “Global Administrator”) to “Partner Center” "
        "from any network (except: Office, all trusted locations) are blocked."
    ) in page
    edit = f"/policies/{the_policy().pk}/edit"
    before = ConditionalAccessPolicy.objects.values().get()
    form = admin.get(edit).context["form"]
    again = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        again.setlist(name, value if isinstance(value, list) else [value] if value not in (False, None) else [])
    response = admin.client.post(f"/admin{edit}", again.urlencode(), content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    after = ConditionalAccessPolicy.objects.values().get()
    assert {**before, "modified_at": None} == {**after, "modified_at": None}
    assert list(the_policy().exclude_locations.all()) == [office]


def test_the_sentence_speaks_the_readers_language(admin: Admin) -> None:
    admin.done("/policies/new", **NEW)
    admin.client.cookies["entra_language"] = "ja"
    assert "多要素認証" in admin.text("/policies")
    admin.client.cookies["entra_language"] = "ru"
    assert "Все: для входа в любое приложение из любой сети требуется многофакторная проверка" in admin.text(
        "/policies"
    )
    translation.activate("en")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required."),
        (
            "include_users",
            "nobody@fabrikam.example",
            "Nobody in your organization signs in as “nobody@fabrikam.example”",
        ),
        ("include_users", "alejandra@contoso.example", "Nobody in your organization signs in as"),
        ("exclude_groups", "Nobody", "There is no group “Nobody” in your organization."),
        ("grant", "c0000000-0000-4000-8000-00000000000c", "Select a valid choice."),
        ("include_locations", "c0000000-0000-4000-8000-00000000000c", "Select a valid choice."),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_typed(
    admin: Admin, alejandra: User, field: str, value: str, said: str
) -> None:
    page = admin.refused("/policies/new", **NEW | {"name": "Still here"} | {field: value})
    assert said in page
    if field != "name":
        assert "Still here" in page
    assert not ConditionalAccessPolicy.objects.exists()


def test_a_second_policy_of_one_name_is_refused(admin: Admin) -> None:
    admin.done("/policies/new", **NEW)
    assert "There is a policy of this name already." in admin.refused("/policies/new", **NEW)


def test_before_switching_on_it_says_who_is_locked_out_and_mails_who_has_no_method(
    admin: Admin, fabrikam: Tenant, john: User
) -> None:
    mary = make_user(fabrikam, "mary")
    AuthenticatorApp.objects.create(account=mary, name="Phone", confirmed=True)
    make_user(fabrikam, "gone", account_enabled=False)
    admin.done("/policies/new", **NEW | {"grant": "block", "include_users": "mary@fabrikam.example"})
    page = admin.text(f"/policies/{the_policy().pk}/switch-on")
    assert "1 person can sign in now and could no more" in page
    assert "mary@fabrikam.example" in page
    assert "Would be blocked" in page
    assert "1 person has no method yet" in page
    admin.done("/registration/ask")
    assert [message.to for message in posted()] == [["john@fabrikam.example"]]
    assert "http://localhost:8001/mysecurityinfo" in posted()[0].body
    assert AuditRecord.objects.filter(action="adminCenter.registrationRequested").exists()


def test_people_who_cannot_register_anything_are_locked_out_and_not_mailed(
    admin: Admin, fabrikam: Tenant, john: User
) -> None:
    save_policy(
        tenant=fabrikam, name="MFA", grant=Grant.MFA, include_users=[str(john.pk)], actor="test", state=PolicyState.OFF
    )
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    page = admin.text(f"/policies/{the_policy().pk}/switch-on")
    assert "Would be asked to verify, with no method and none to register" in page
    admin.done("/registration/ask")
    assert posted() == []


@pytest.mark.parametrize(("behavior", "asked_for"), [("enforceMfaByFederatedIdp", 0), ("rejectMfaByFederatedIdp", 1)])
def test_people_who_verify_at_an_own_provider_are_not_mailed(
    admin: Admin, fabrikam: Tenant, john: User, behavior: str, asked_for: int
) -> None:
    FederatedDomain.objects.create(
        domain=fabrikam.domains.get(), issuer_uri="https://i.example", federated_idp_mfa_behavior=behavior
    )
    admin.done("/registration/ask")
    assert len(posted()) == asked_for


def test_it_is_switched_on_to_report_only_off_and_deleted(admin: Admin) -> None:
    admin.done("/policies/new", **NEW)
    path = f"/policies/{the_policy().pk}"
    assert "is on, from the next sign-in" in admin.done(f"{path}/switch-on")
    assert the_policy().state == "on"
    admin.done(f"{path}/state/reportOnly")
    assert the_policy().state == "reportOnly"
    admin.done(f"{path}/state/off")
    assert the_policy().state == "off"
    assert admin.post(f"{path}/state/on").status_code == 404  # only past the list of who is locked out
    assert "cannot be brought back" in admin.text(f"{path}/delete")
    admin.done(f"{path}/deleted")
    assert not ConditionalAccessPolicy.objects.exists()
    assert AuditRecord.objects.filter(action="policy.conditionalAccess.removed").exists()


def test_blocking_every_administrator_is_refused_and_keeps_what_was_typed(admin: Admin) -> None:
    admin.done("/policies/new", **NEW | {"grant": "block"})
    page = admin.refused(f"/policies/{the_policy().pk}/switch-on")
    assert "no Global administrator of your organization could sign in any more" in page
    assert the_policy().state == "reportOnly"
    ConditionalAccessPolicy.objects.update(grant="mfa", state="on")
    page = admin.refused(f"/policies/{the_policy().pk}/edit", **NEW | {"grant": "block", "name": "Typed name"})
    assert "no Global administrator of your organization could sign in any more" in page
    assert "Typed name" in page
    assert the_policy().grant == "mfa"


def test_a_custom_control_is_offered_with_its_warning(admin: Admin, fabrikam: Tenant) -> None:
    control = CustomControl.objects.create(
        tenant=fabrikam, name="Wingtip", url="https://w.example", issuer="w", certificate=""
    )
    assert "The custom control “Wingtip”, which never counts as MFA" in admin.text("/policies/new")
    admin.done("/policies/new", **NEW | {"grant": str(control.pk)})
    assert "pass by “Wingtip”, which never counts as MFA." in admin.text("/policies")


def test_report_only_lists_the_sign_ins_it_would_have_changed(
    admin: Admin, john: User, rp: RelyingParty, sign_in: Any
) -> None:
    admin.done("/policies/new", **NEW)
    sign_in(rp.browser, john)
    rp.code()
    rp.browser.cookies.clear()
    sign_in(rp.browser, admin.account, *MFA)
    rp.code()
    page = admin.text(f"/policies/{the_policy().pk}")
    assert admin.get(f"/policies/{the_policy().pk}").context["effect"].asked == 1
    assert admin.get(f"/policies/{the_policy().pk}").context["effect"].met == 1
    assert "Report-only: would ask for more" in page
    assert "john@fabrikam.example" in page
    admin.done(f"/policies/{the_policy().pk}/switch-on")
    rp.browser.cookies.clear()
    sign_in(rp.browser, john)
    assert rp.authorize()["Location"].endswith("/register")  # asked for more, as was said
    assert SignIn.objects.filter(account=john).count() == 1


def test_another_tenants_policy_is_not_there(admin: Admin, contoso: Tenant) -> None:
    theirs = save_policy(tenant=contoso, name="Theirs", grant=Grant.MFA, actor="test")
    path = f"/policies/{theirs.pk}"
    for page in ("", "/edit", "/delete", "/switch-on"):
        assert admin.get(f"{path}{page}").status_code == 404
    for sent in ("/edit", "/switch-on", "/state/off", "/deleted"):
        assert admin.post(f"{path}{sent}", **NEW).status_code == 404
    assert "Theirs" not in admin.text("/policies")
    theirs.refresh_from_db()
    assert theirs.state == "on"


def test_a_change_wants_a_verification_of_the_last_quarter_of_an_hour_and_the_form_comes_back(
    admin: Admin, sign_in: Any
) -> None:
    admin.let_verification_age()
    request = asked(admin.post("/policies/new", **NEW | {"name": "Typed before"}), at=FABRIKAM)
    assert (request["login_hint"], request["max_age"]) == ("grace@fabrikam.example", "840")
    assert not ConditionalAccessPolicy.objects.exists()
    key = admin.client.cookies["entra_admin"].value
    sign_in(admin.client, admin.account, *MFA)
    step_up = admin.post("/policies/new", **NEW | {"name": "Typed before"})["Location"]
    back = admin.client.get(admin.client.get(step_up)["Location"])
    assert back["Location"].startswith("/admin/policies/new?held=")
    page = admin.client.get(back["Location"]).content.decode()
    assert "Typed before" in page
    assert "nothing was changed yet" in page
    assert not ConditionalAccessPolicy.objects.exists()  # never sent by itself
    assert admin.client.cookies["entra_admin"].value != key
    admin.done("/policies/new", **NEW | {"name": "Typed before"})
    assert the_policy().name == "Typed before"


@pytest.mark.parametrize("outlives", [False, True])
def test_somebody_elses_verification_does_not_count(admin: Admin, svetlana: User, sign_in: Any, outlives: bool) -> None:
    admin.let_verification_age()
    step_up = admin.post("/registration/ask")["Location"]
    sign_in(admin.client, svetlana, *MFA)
    if outlives:  # the session of the first person may be there still: it is not raised all the same
        ProviderSession.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    answer = admin.client.get(step_up.replace("login_hint=grace%40", "login_hint=svetlana%40"))
    response = admin.client.get(answer["Location"])
    assert response.status_code == 403
    assert "Nothing was changed." in response.content.decode()
    assert AdminSession.objects.get().mfa_at < timezone.now() - timedelta(minutes=15)


def test_reading_wants_no_fresh_verification(admin: Admin) -> None:
    admin.let_verification_age(60)
    assert admin.get("/policies").status_code == 200
    assert admin.get("/policies/new").status_code == 200
