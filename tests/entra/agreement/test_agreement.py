"""One answer to every sign-in: `evaluate`, what-if and the sign-in itself agree, whatever the tenant has set up."""

import os
from collections import Counter
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, seed, settings

from entra.keys.services import sign
from entra.policy.evaluate import Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy
from entra.signin.foresight import people, what_if
from entra.signin.models import SignIn
from tests.entra.agreement.scenes import NOW, Cast, Scene, foretold, scenes
from tests.entra.agreement.stage import Stage, staged

CASES_A_SCENE = 36
SCENES = 10
PARTS = range(1, 7)
"""Six parts of 10 scenes with 36 attempts each: 2,160 sign-ins, side by side where there are processors."""
CASES = int(os.environ.get("AGREEMENT_CASES", "1000"))
"""How many of the cheap kind, `evaluate` against what-if without HTTP; `make agreement` asks for many more."""
PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
REPORTED = {
    "reportOnlySuccess": "allow",
    "reportOnlyNotApplied": "allow",
    "reportOnlyInterrupted": "prompt",
    "reportOnlyFailure": "block",
}


def scenes_played(number: int) -> Any:
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )


@pytest.fixture(autouse=True)
def _stage(db: None, settings: Any) -> Any:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        sign({})  # the signing key is made once, not with every scene
        yield


@pytest.mark.requirement("V12", "V13", "V14")
@pytest.mark.parametrize("part", PARTS)
def test_evaluate_what_if_and_the_sign_in_agree(part: int) -> None:
    seen: Counter[str] = Counter()

    @seed(part)
    @scenes_played(SCENES)
    @given(scenes())
    def play(scene: Scene) -> None:
        with staged(scene) as stage:
            for number, attempt in enumerate(scene.attempts()):
                foreseen = stage.what_if(attempt)
                real, step = stage.sign_in(attempt)
                assert foretold(scene, attempt) == foreseen["outcome"] == real
                assert (foreseen["step"] or "") == step
                seen[real] += 1
                if number == 6 and attempt.actor.cast is Cast.MEMBER:
                    assert stage.sign_in_typing(attempt) == (real, step)
                    seen["typed"] += 1

    play()
    assert seen["allow"] + seen["prompt"] + seen["block"] >= SCENES * CASES_A_SCENE
    assert min(seen["allow"], seen["prompt"], seen["block"]) > 0  # no outcome was left out
    assert seen["typed"] >= SCENES


def reported(stage: Stage, index: int) -> list[tuple[Any, str]]:
    """Allowed attempts with what the log says the report-only policy would have done."""
    found = []
    for attempt in list(stage.scene.attempts())[::3]:
        SignIn.objects.all().delete()
        outcome, _step = stage.sign_in(attempt)
        if outcome == "allow":
            (row,) = SignIn.objects.all()
            results = {one["rule"]: one["result"] for one in row.weighed}
            default = "reportOnlyNotApplied"  # an account for emergencies is weighed under no policy
            found.append((attempt, results.get(f"policy:{stage.scene.policies[index].name}", default)))
    return found


@pytest.mark.requirement("V13")
@pytest.mark.parametrize(
    ("broad", "expected_among"),
    [(None, "reportOnlyNotApplied"), (Grant.MFA, "reportOnlyInterrupted"), (Grant.BLOCK, "reportOnlyFailure")],
)
def test_report_only_says_what_happens_once_the_policy_is_on(broad: Grant | None, expected_among: str) -> None:
    seen: Counter[str] = Counter()

    @seed(1)
    @scenes_played(SCENES)
    @given(scenes(at_least=1))
    def play(scene: Scene) -> None:
        scene = (scene.with_broad_first(broad) if broad else scene).with_state(0, PolicyState.REPORT_ONLY)
        with staged(scene) as stage:
            expected = reported(stage, 0)
            ConditionalAccessPolicy.objects.filter(pk=scene.policies[0].id).update(state=PolicyState.ON)
            switched_on = scene.with_state(0, PolicyState.ON)
            for attempt, result in expected:
                real, _step = stage.sign_in(attempt)
                assert REPORTED[result] == real == foretold(switched_on, attempt)
                seen[result] += 1

    play()
    assert expected_among in seen


@pytest.mark.requirement("V12", "V13", "V14")
def test_what_if_agrees_with_evaluate_for_old_protocols_and_many_more() -> None:
    played = 0

    @seed(1)
    @scenes_played(max(1, CASES // (2 * CASES_A_SCENE)))
    @given(scenes())
    def play(scene: Scene) -> None:
        nonlocal played
        with staged(scene) as stage:
            accounts = {actor.cast: stage.account(actor) for actor in scene.actors}
            subjects = {person.account.pk: person.subject for person in people(stage.tenant, accounts.values())}
            for attempt in scene.attempts():
                # Read for many at once, or one by one: the same people.
                assert subjects[attempt.actor.id] == attempt.actor.subject
                for legacy in (False, True):
                    found = what_if(
                        account=accounts[attempt.actor.cast],
                        client_id=attempt.application,
                        ip=attempt.ip,
                        known_place=attempt.known_device and attempt.known_location,
                        legacy=legacy,
                    )
                    assert found.foreseen.outcome.value == foretold(scene, attempt, legacy=legacy)
                    played += 1

    play()
    assert played >= CASES * 0.9
