"""What the roll-ups cost who writes, on the store of the environment, and with Redis how far they lag behind.

Prints one JSON object: the time with the triggers to the time without, or for the eight writers the rate to the rate,
the median of same-round ratios; operations in a second; seconds.
"""

import json
import multiprocessing
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from benchmarks import world

world.settings_from({})

from django.conf import settings  # noqa: E402 - after settings
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Sum  # noqa: E402

from activity import writer  # noqa: E402
from activity.models import DailyTotal  # noqa: E402
from activity.operation import Entry, Operation  # noqa: E402
from benchmarks.status_log import uncounted  # noqa: E402
from scripts.services import ROOT  # noqa: E402

ROUNDS, INSERTS, BATCHES = 20, 100, 2
WRITERS, WRITERS_ROUNDS, WRITERS_SECONDS = 8, 7, 2.0
A_SECOND, SECONDS, LOOK_EVERY, PATIENCE = 500, 60, 0.02, 120
TENANT = world.tenant_id(1)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("make_room", verbosity=0, stdout=sys.stderr)
    if settings.REDIS_URL:
        found = {**_lag(), "batch": _ratio(_batches)}
    elif connection.vendor == "postgresql":
        found = {"insert": _ratio(_inserts), **_eight_writers()}
    else:
        found = {"insert": _ratio(_inserts)}
    json.dump(found, sys.stdout)


def _entry(number: int) -> Entry:
    return Operation(TENANT, f"person {number % 50}", "person@partner.example", "customers", True).entry("/customers")


def _inserts() -> None:
    for number in range(INSERTS):
        writer.write(_entry(number))


def _batches() -> None:
    for batch in range(BATCHES):
        writer.insert([_entry(batch + number) for number in range(1000)])


def _ratio(run: Callable[[], None]) -> float:
    """Of the time with the triggers to the time without, the median over the rounds."""
    return statistics.median(with_them / without for with_them, without in _both(lambda: _seconds(run), ROUNDS))


def _both(measured: Callable[[], float], rounds: int) -> Iterator[tuple[float, float]]:
    """A pair a round: with triggers and without, in turning order."""
    for number in range(rounds):
        pair = [0.0, 0.0]
        for place in (0, 1) if number % 2 else (1, 0):
            with uncounted() if place else nullcontext():
                pair[place] = measured()
        yield pair[0], pair[1]


def _seconds(run: Callable[[], None]) -> float:
    writer.insert([_entry(0)])  # what is planned anew after the triggers were changed
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _eight_writers() -> dict[str, float]:
    """Processes that all count in the one row of a tenant, each operation committed by itself."""
    connection.close()
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        rounds = list(_both(lambda: sum(pool.map(_written, range(WRITERS), chunksize=1)), WRITERS_ROUNDS))
    return {
        "writers": statistics.median(with_them / without for with_them, without in rounds),
        "writers_per_second": statistics.median(with_them for with_them, _without in rounds),
        "writers_per_second_uncounted": statistics.median(without for _with, without in rounds),
    }


def _written(number: int) -> float:
    """How many in a second."""
    start, done = time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < WRITERS_SECONDS:
        writer.write(_entry(number + done))
        done += 1
    return done / passed


def _lag() -> dict[str, float]:
    """Seconds from an operation in the stream to its roll-up, at so many a second, with the real worker."""
    written: list[float] = []
    seen: list[tuple[float, int]] = []
    thread = threading.Thread(target=_write_steadily, args=[written])
    with _shipper():
        _wait_for_first()
        start = _counted()
        thread.start()
        while thread.is_alive() or seen[-1][1] < len(written):
            if not thread.is_alive() and time.time() > written[-1] + PATIENCE:
                sys.exit("The worker does not keep up.")
            seen.append((time.time(), _counted() - start))
            time.sleep(LOOK_EVERY)
    lags = sorted(_lags(written, seen))
    return {
        "lag_median": statistics.median(lags),
        "lag_p99": lags[len(lags) * 99 // 100],
        "lag_max": lags[-1],
        "lag_operations_per_second": (len(written) - 1) / (written[-1] - written[0]),
    }


def _write_steadily(written: list[float]) -> None:
    start = time.time()
    for number in range(A_SECOND * SECONDS):
        time.sleep(max(0.0, start + number / A_SECOND - time.time()))
        written.append(time.time())
        writer.write(_entry(number))


@contextmanager
def _shipper() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "manage.py", "ship_operations"], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for_first() -> None:
    """The worker is there once it has shipped this one."""
    writer.write(_entry(0))
    deadline = time.monotonic() + PATIENCE
    while not _counted():
        if time.monotonic() > deadline:
            sys.exit("The worker does not ship.")
        time.sleep(LOOK_EVERY)


def _counted() -> int:
    found: dict[str, Any] = DailyTotal.objects.filter(tenant_id=TENANT).aggregate(total=Sum("operations"))
    return int(found["total"] or 0)


def _lags(written: Sequence[float], seen: Sequence[tuple[float, int]]) -> Iterator[float]:
    """The stream keeps its order, so the n-th that was written is counted when n are."""
    number = 0
    for at, total in seen:
        for one in written[number:total]:
            yield at - one
        number = total


if __name__ == "__main__":
    main()
