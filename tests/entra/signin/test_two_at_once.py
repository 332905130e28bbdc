"""Two people prove themselves in one browser at the same moment: each in a session of their own."""

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory

from entra.directory.models import Tenant, User
from entra.signin.gather import _seen
from entra.signin.method import Method
from entra.signin.models import AuthenticationEvent, ProviderSession
from entra.signin.session import current_session, record_event
from tests.entra.conftest import RelyingParty


def asking(browser: Client) -> HttpRequest:
    """A request of this browser that has looked up its session already."""
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert current_session(request) is not None
    return request


def test_nobody_takes_over_the_session_of_who_was_faster(rp: RelyingParty, john: User, alejandra: User) -> None:
    rp.authorize()
    faster, slower = asking(rp.browser), asking(rp.browser)
    record_event(faster, account=john, method=Method.AUTHENTICATOR_APP)
    record_event(slower, account=alejandra, method=Method.PASSWORD)
    found = {session.account: [event.account for event in session.events.all()] for session in _sessions()}
    assert found == {john: [john], alejandra: [alejandra]}
    assert current_session(slower) == ProviderSession.objects.get(account=alejandra)


def test_two_proofs_of_one_person_stay_in_one_session(rp: RelyingParty, john: User) -> None:
    rp.authorize()
    faster, slower = asking(rp.browser), asking(rp.browser)
    record_event(faster, account=john, method=Method.PASSWORD)
    record_event(slower, account=john, method=Method.AUTHENTICATOR_APP)
    assert [session.events.count() for session in _sessions()] == [2]


def test_where_another_account_was_verified_nobody_else_is_known(
    rp: RelyingParty, john: User, alejandra: User, fabrikam: Tenant
) -> None:
    rp.authorize()
    record_event(asking(rp.browser), account=john, method=Method.PASSWORD)
    session = ProviderSession.objects.get()
    AuthenticationEvent.objects.create(
        session=session, account=alejandra, method=Method.AUTHENTICATOR_APP, at=session.created_at
    )
    assert _seen.all(john.pk, session.user_agent, session.ip_address, fabrikam.pk) == []


def _sessions() -> list[ProviderSession]:
    return list(ProviderSession.objects.exclude(account=None))
