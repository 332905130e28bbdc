"""Puts a scene into the database, and plays an attempt over HTTP: what-if, and the sign-in itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from entra.apps.services import register_application
from entra.directory.models import (
    AccountClass,
    Domain,
    DomainAuthentication,
    Group,
    Tenant,
    User,
    UserType,
)
from entra.federation.models import FederatedDomain
from entra.policy.models import (
    AuthenticationPolicy,
    ConditionalAccessPolicy,
    CustomControl,
    NamedLocation,
    PerUserMfa,
    SecurityDefaults,
)
from entra.signin.method import Method
from entra.signin.middleware import ProviderSessionMiddleware
from entra.signin.session import record_event
from tests.entra.agreement.reader import reader_token
from tests.entra.agreement.scenes import (
    APPLICATIONS,
    CONTROL,
    NOW,
    OUTER_GROUP,
    PLACES,
    TRUSTED,
    Actor,
    Cast,
    Scene,
    Try,
    id_of,
)
from tests.entra.agreement.seen_before import USUAL, give_methods, verified_at
from tests.entra.conftest import CHALLENGE, REDIRECT_URI

PASSWORD = "Partner!2026demo"
OTHER = "Lynx/1"
EVALUATE = "/graph/beta/identity/conditionalAccess/evaluate"
RESOURCE, HOME = id_of("resource tenant"), id_of("home tenant")


@dataclass
class Stage:
    scene: Scene
    tenant: Tenant
    token: str
    browsers: dict[Cast, Client]

    def account(self, actor: Actor) -> User:
        return User.objects.select_related("tenant", "home_account__tenant").get(pk=actor.id)

    def what_if(self, attempt: Try, *, legacy: bool = False) -> dict[str, Any]:
        """Over HTTP, as an administrator's program asks."""
        conditions = {"ipAddress": attempt.ip, "clientAppType": "other" if legacy else "browser"}
        if attempt.known_device and attempt.known_location:
            conditions["signInRiskLevel"] = "none"
        body = {
            "signInIdentity": {"userId": str(attempt.actor.id)},
            "signInContext": {"includeApplications": [attempt.application]},
            "signInConditions": conditions,
        }
        response = Client().post(
            EVALUATE, body, content_type="application/json", headers={"Authorization": f"Bearer {self.token}"}
        )
        assert response.status_code == 200, response.content
        return response.json()["@ours.summary"]  # type: ignore[no-any-return]

    def sign_in(self, attempt: Try) -> tuple[str, str]:
        """An authorize request of the person's browser, in which the first factor has been given; outcome and step."""
        browser = self.browsers[attempt.actor.cast]
        return self._read(browser, attempt, self._authorize(browser, attempt))

    def sign_in_typing(self, attempt: Try) -> tuple[str, str]:
        """The same from an empty browser: name and password are typed on the pages."""
        browser, where = Client(), _from(attempt)
        page = browser.get(self._authorize(browser, attempt)["Location"], **where)
        for answer in ({"sign_in_name": f"{attempt.actor.cast}@stage.example"}, {"password": PASSWORD}):
            response = browser.post(page.request["PATH_INFO"], answer, **where)
            page = response
            if "/password" in response.get("Location", ""):
                page = browser.get(response["Location"], **where)
        return self._read(browser, attempt, response)

    def _authorize(self, browser: Client, attempt: Try) -> Any:
        asked = {
            "client_id": attempt.application,
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return browser.get(f"/{RESOURCE}/oauth2/v2.0/authorize", asked, **_from(attempt))

    def _read(self, browser: Client, attempt: Try, response: Any) -> tuple[str, str]:
        if response.status_code == 303:
            target = response["Location"]
        else:  # after a form a page goes on to the application
            target = unescape(re.search(r'https://app\.example/callback[^"\']*', response.content.decode())[0])  # type: ignore[index]
        if not target.startswith(REDIRECT_URI):
            step = resolve(urlsplit(target).path).url_name or ""
            if step == "register" and b"/put-off" in browser.get(target, **_from(attempt)).content:
                return self._read(browser, attempt, browser.post(f"{target}/put-off", **_from(attempt)))
            return "prompt", step
        return ("allow" if "code" in parse_qs(urlsplit(target).query) else "block"), ""


def _from(attempt: Try) -> dict[str, str]:
    return {"REMOTE_ADDR": attempt.ip, "HTTP_USER_AGENT": USUAL if attempt.usual_browser else OTHER}


@contextmanager
def staged(scene: Scene) -> Iterator[Stage]:
    """The scene in the database; gone afterwards."""
    with transaction.atomic():
        yield _build(scene)
        transaction.set_rollback(True)


def _build(scene: Scene) -> Stage:
    tenant = Tenant.objects.create(id=RESOURCE, display_name="Stage")
    home = Tenant.objects.create(id=HOME, display_name="Home")
    Domain.objects.create(name="stage.example", tenant=tenant, is_default=True)
    Domain.objects.create(name="home.example", tenant=home, is_default=True)
    away = Domain.objects.create(name="federated.example", tenant=tenant, authentication=DomainAuthentication.FEDERATED)
    FederatedDomain.objects.create(
        domain=away,
        issuer_uri="i",
        passive_sign_in_uri="https://i.example",
        signing_certificate="PEM",
        federated_idp_mfa_behavior=scene.behavior,
    )
    applications = [
        register_application(
            client_id=UUID(one),
            tenant=tenant,
            name=one[:8],
            redirect_uris=[REDIRECT_URI],
            public=True,
            preauthorized=True,
        )
        for one in APPLICATIONS
    ]
    _people(scene, tenant, home)
    _policies(scene, tenant, home)
    browsers = {actor.cast: _browser(actor) for actor in scene.actors}
    return Stage(scene, tenant, reader_token(tenant, applications[0], NOW), browsers)


def _people(scene: Scene, tenant: Tenant, home: Tenant) -> None:
    groups = {name: Group.objects.create(id=id_of(name), tenant=tenant, display_name=name) for name in OUTER_GROUP}
    groups["outer"].nested.add(groups["inner"])
    hashed = make_password(PASSWORD)
    for actor in scene.actors:
        guest = actor.cast is Cast.GUEST
        domain = "federated.example" if actor.cast is Cast.FEDERATED else "stage.example"
        host = (
            User.objects.create(tenant=home, user_principal_name="guest@home.example", password=hashed)
            if guest
            else None
        )
        account = User.objects.create(
            id=actor.id,
            tenant=tenant,
            user_principal_name=f"{actor.cast}@{domain}",
            password=hashed,
            user_type=UserType.GUEST if guest else UserType.MEMBER,
            account_class=AccountClass.BREAK_GLASS if actor.cast is Cast.BREAK_GLASS else AccountClass.PERSON,
            home_account=host,
        )
        User.objects.filter(pk=account.pk).update(created_at=NOW - actor.age)
        account.member_groups.set([groups[name] for name in actor.groups])
        for role in actor.roles:
            account.role_assignments.create(role=role)
        if actor.per_user != "disabled":
            PerUserMfa.objects.create(user=account, state=actor.per_user)
        give_methods(actor, host or account)
        for ip in actor.verified_from:
            verified_at(host or account, ip)


def _policies(scene: Scene, tenant: Tenant, home: Tenant) -> None:
    if scene.defaults_age is not None:
        SecurityDefaults.objects.create(tenant=tenant, enabled_at=NOW - scene.defaults_age)
    for where, allowed in ((tenant, scene.allowed), (home, scene.allowed_at_home)):
        AuthenticationPolicy.objects.create(
            tenant=where,
            allowed_methods=None if allowed is None else sorted(allowed),
            blocks_legacy_authentication=where is tenant and scene.legacy_blocked,
        )
    places = {
        name: NamedLocation.objects.create(
            tenant=tenant, name=name, cidr_ranges=list(ranges), is_trusted=name in TRUSTED
        )
        for name, ranges in PLACES.items()
    }
    CustomControl.objects.create(
        id=CONTROL, tenant=tenant, name="C", url="https://c.example", issuer="c", certificate="PEM"
    )
    for policy, (included, trusted_in, excluded, trusted_out) in zip(scene.policies, scene.places, strict=True):
        row = ConditionalAccessPolicy.objects.create(
            id=policy.id,
            tenant=tenant,
            name=policy.name,
            state=policy.state,
            grant=policy.grant,
            custom_control_id=policy.custom_control or None,
            include_users=sorted(policy.include_users),
            exclude_users=sorted(policy.exclude_users),
            include_groups=sorted(policy.include_groups),
            exclude_groups=sorted(policy.exclude_groups),
            include_roles=sorted(policy.include_roles),
            exclude_roles=sorted(policy.exclude_roles),
            include_guests=policy.include_guests,
            exclude_guests=policy.exclude_guests,
            include_applications=sorted(policy.include_applications),
            exclude_applications=sorted(policy.exclude_applications),
            include_trusted=trusted_in,
            exclude_trusted=trusted_out,
        )
        row.include_locations.set([places[name] for name in included or ()])
        row.exclude_locations.set([places[name] for name in excluded])


def _browser(actor: Actor) -> Client:
    """A browser in which the first factor of the home account has just been given, nothing else."""
    account = User.objects.get(pk=actor.id).home
    method = Method.FEDERATED if actor.cast is Cast.FEDERATED else Method.PASSWORD
    request, browser = RequestFactory().get("/", HTTP_USER_AGENT=""), Client()

    def proven(request: Any) -> HttpResponse:
        record_event(request, account=account, method=method)
        return HttpResponse()

    response = ProviderSessionMiddleware(proven)(request)
    browser.cookies[settings.SESSION_COOKIE_NAME] = response.cookies[settings.SESSION_COOKIE_NAME].value
    return browser
