"""Whom a policy would lock out, read for all at once, is whom weighing each person alone finds (V13)."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given, seed
from hypothesis import strategies as st

from entra.directory.methods import MethodKind
from entra.directory.models import (
    AccountClass,
    AuthenticatorApp,
    Group,
    HardwareToken,
    Tenant,
    User,
    UserType,
)
from entra.keys.services import sign
from entra.policy.evaluate import Attempt, Grant, PolicyState, evaluate
from entra.policy.models import ConditionalAccessPolicy, PerUserMfa
from entra.policy.services import rules_of
from entra.signin import lockout
from entra.signin.foresight import foresee, gets_through, people
from entra.signin.lockout import locked_out_by
from tests.entra.agreement.scenes import NOW, OUTER_GROUP, ROLES, Scene, id_of, scenes
from tests.entra.agreement.stage import HOME, staged
from tests.entra.agreement.test_agreement import scenes_played

SCENES, CROWD = 20, 12
NO_METHOD, TOKENS_ALONE = frozenset[MethodKind](), frozenset({MethodKind.HARDWARE_TOKEN})


@pytest.fixture(autouse=True)
def _stage(db: None, settings: Any) -> Any:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        sign({})
        yield


def some(rng: random.Random, values: Any) -> list[Any]:
    return [one for one in values if rng.random() < 0.4]


def crowd(tenant: Tenant, rng: random.Random) -> None:
    """More people, some of them alike: of the tenant, federated, or guests, with whatever people may have."""
    home = Tenant.objects.get(pk=HOME)
    for number in range(CROWD):
        guest = rng.random() < 0.3
        name = f"{number}@{rng.choice(['stage.example', 'stage.example', 'federated.example'])}"
        host = User.objects.create(tenant=home, user_principal_name=f"{number}@home.example") if guest else None
        account = User.objects.create(
            tenant=tenant,
            user_principal_name=name,
            user_type=UserType.GUEST if guest else UserType.MEMBER,
            account_class=rng.choice([AccountClass.PERSON] * 5 + [AccountClass.BREAK_GLASS]),
            account_enabled=rng.random() < 0.9,
            home_account=host,
            sessions_valid_from=rng.choice([None, NOW - timedelta(days=1)]),
        )
        User.objects.filter(pk=account.pk).update(created_at=NOW - timedelta(days=rng.choice([0, 13, 15, 60])))
        account.member_groups.set([id_of(group) for group in some(rng, OUTER_GROUP)])
        for role in some(rng, ROLES) if rng.random() < 0.3 else ():
            account.role_assignments.create(role=role)
        if rng.random() < 0.2:
            PerUserMfa.objects.create(user=account, state="enabled")
        if rng.random() < 0.4:
            AuthenticatorApp.objects.create(account=host or account, name="App", seed_sealed="x", confirmed=True)
        if rng.random() < 0.4:
            HardwareToken.objects.create(
                tenant=(host or account).tenant,
                account=host or account,
                serial_number=str(number),
                seed_sealed="x",
                confirmed=rng.random() < 0.5,
            )
    if rng.random() < 0.3:
        HardwareToken.objects.create(tenant=tenant, serial_number="free", seed_sealed="x")


def one_by_one(policy: ConditionalAccessPolicy) -> dict[str, int]:
    """Everybody, each weighed alone under the policy off and on; sign-in name and code."""
    rules = rules_of(policy.tenant)
    this = next(one for one in rules.policies if one.id == str(policy.pk))
    where = lockout._where_it_applies(this, NOW)
    found: dict[str, int] = {}
    for account in User.objects.filter(tenant=policy.tenant).select_related("tenant", "home_account__tenant"):
        if where is None or not (account.account_enabled and account.home.account_enabled):
            continue
        (person,) = people(policy.tenant, [account])

        def met(state: PolicyState, person: Any = person, where: Attempt = where) -> Any:
            changed = tuple(replace(one, state=state) if one is this else one for one in rules.policies)
            verdict = evaluate(subject=person.subject, attempt=where, rules=replace(rules, policies=changed))
            return foresee(facts=person.facts, tenant=policy.tenant, verdict=verdict, now=NOW)

        after = met(PolicyState.ON)
        if gets_through(person, met(PolicyState.OFF)) and not gets_through(person, after):
            found[account.user_principal_name] = after.code
    return found


@pytest.mark.requirement("V13")
@pytest.mark.parametrize("part", [1, 2, 3])
def test_the_list_for_everybody_is_what_each_person_alone_would_meet(part: int) -> None:
    seen: Counter[int] = Counter()

    @seed(part)
    @scenes_played(SCENES)
    @given(
        scenes(at_least=1),
        st.sampled_from([None, Grant.MFA, Grant.BLOCK]),
        st.sampled_from([None, NO_METHOD, TOKENS_ALONE]),
        st.integers(0, 2**32),
    )
    def play(scene: Scene, broad: Grant | None, allowed: frozenset[MethodKind] | None, number: int) -> None:
        scene = scene.with_broad_first(broad) if broad else scene
        with staged(scene if allowed is None else replace(scene, allowed=allowed)) as stage:
            crowd(stage.tenant, random.Random(number))
            Group.objects.get(pk=id_of("apart")).nested.add(id_of("outer"))
            for policy in ConditionalAccessPolicy.objects.select_related("tenant"):
                expected = one_by_one(policy)
                found = locked_out_by(policy)
                assert {one.account.user_principal_name: one.code for one in found} == expected
                assert len(found) == len(expected)
                seen.update(expected.values())

    play()
    assert set(seen) == {53003, 50079, 0}  # blocked, nothing to verify with, no token at hand to register
