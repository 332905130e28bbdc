"""The shape of a verification example (requirements V1 to V4): documented steps, each done and observed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from playwright.sync_api import Error as BrowserError

from scripts.walkthrough.visit import Visit

Act = Callable[[Visit], None]


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    NOT_AVAILABLE = "not available yet"


@dataclass(frozen=True)
class Step:
    """`act` does the step and asserts what must be observed; None where the product cannot do it yet."""

    text: str
    act: Act | None


@dataclass(frozen=True)
class Example:
    number: int
    requirement: str
    title: str
    tenant: str
    persona: str
    persona_2020: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Result:
    step: Step
    outcome: Outcome
    detail: str = ""
    screenshot: bytes | None = None


def walk(example: Example, visit: Visit) -> Iterator[Result]:
    """Do the steps in order. After a failure the rest is not reached: each step stands on the one before."""
    failed = False
    for step in example.steps:
        if step.act is None:
            yield Result(step, Outcome.NOT_AVAILABLE)
        elif failed:
            yield Result(step, Outcome.NOT_REACHED)
        else:
            detail = _failure(step.act, visit)
            failed = bool(detail)
            yield Result(step, Outcome.FAILED if failed else Outcome.PASSED, detail, visit.screenshot())


def _failure(act: Act, visit: Visit) -> str:
    """What went wrong, empty if nothing did."""
    try:
        act(visit)
    except (AssertionError, BrowserError) as error:
        return f"{error}\n{visit.where()}"
    return ""
