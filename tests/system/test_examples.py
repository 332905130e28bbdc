"""The verification examples of requirements V1 to V4, each documented step seen in a browser."""

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough.__main__ import visit_of
from scripts.walkthrough.example import Example, Outcome, walk
from scripts.walkthrough.examples import EXAMPLES

NOT_YET = {"V2": 1}  # the customer's service pages


@pytest.mark.parametrize(
    "example",
    [pytest.param(example, marks=pytest.mark.requirement(example.requirement)) for example in EXAMPLES],
    ids=lambda example: example.requirement,
)
def test_each_documented_step_is_observed(example: Example, chromium: Browser, own_site: Running) -> None:
    visit = visit_of(chromium, own_site)
    try:
        results = list(walk(example, visit))
    finally:
        visit.close()
    told = "\n".join(f"{result.outcome}: {result.step.text}\n{result.detail}" for result in results)
    available = [result for result in results if result.outcome is not Outcome.NOT_AVAILABLE]
    assert all(result.outcome is Outcome.PASSED for result in available), told
    assert len(results) - len(available) == NOT_YET.get(example.requirement, 0), told
