"""Interleaved timing: every round runs every variant, and only ratios within a round count.

Absolute times swing by a third on shared machines; the median of same-round ratios does not.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 300
REQUESTS_PER_ROUND = 3


def ratios(variants: Mapping[str, Callable[[], None]], base: str) -> dict[str, float]:
    """Median, over the rounds, of each variant's time divided by the base's time in the same round."""
    for run in variants.values():
        for _ in range(REQUESTS_PER_ROUND):
            run()
    rounds: list[dict[str, float]] = []
    gc.disable()
    names = list(variants)
    for number in range(ROUNDS):
        # The order turns, so that nobody always runs after the same neighbour.
        turned = names[number % len(names) :] + names[: number % len(names)]
        rounds.append({name: _seconds(variants[name]) for name in turned})
        if number % 20 == 0:
            gc.collect()
    gc.enable()
    return {name: statistics.median(times[name] / times[base] for times in rounds) for name in names}


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(REQUESTS_PER_ROUND):
        run()
    return time.perf_counter() - start
