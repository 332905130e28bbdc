"""The identity provider against django-oauth-toolkit and npm oidc-provider: real processes, over HTTP.

Two workers each, on one PostgreSQL that syncs every commit to disk, and one Redis. Prints one JSON object: for each
scenario the rates, what one costs in CPU, stores included, and the median of the same-round ratios.

    python -m benchmarks.provider [scenario ...]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.load import Load
from benchmarks.peers import servers
from benchmarks.scenarios import OIDC_PROVIDER, OURS, SCENARIOS, TOOLKIT

ROUNDS = int(os.environ.get("ROUNDS", "15"))
SECONDS = {"client_credentials": 1.0, "refresh": 1.0, "sign_in": 2.5}
"""A round of each peer: long enough for a good many of what is counted."""
USERS = 8
STORES = [sys.executable, "-m", "scripts.stores"]
PEERS = {
    "ours": (servers.ours, OURS),
    "django-oauth-toolkit": (servers.toolkit, TOOLKIT),
    "oidc-provider": (servers.oidc_provider, OIDC_PROVIDER),
}


def main() -> None:
    if "ENTRA_DATABASE_URL" not in os.environ:
        servers.install()
        command = [*STORES, sys.executable, "-m", "benchmarks.provider", *sys.argv[1:]]
        sys.exit(subprocess.call(command, env={**os.environ, "STORES_FSYNC": "on"}))
    with ExitStack() as stack:
        var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        ports = {name: stack.enter_context(start(var_dir)) for name, (start, _provider) in PEERS.items()}
        measured = {name: _measured(name, ports) for name in sys.argv[1:] or SCENARIOS}
    json.dump(measured, sys.stdout, indent=2)
    print()


def _measured(scenario: str, ports: dict[str, list[int]]) -> dict[str, Any]:
    loads = {
        name: Load(partial(SCENARIOS[scenario], provider), ports[name], USERS)
        for name, (_start, provider) in PEERS.items()
    }
    for load in loads.values():
        load.rate(SECONDS[scenario])
    rounds = []
    cost: dict[str, list[float]] = {name: [] for name in loads}
    names = list(loads)
    for number in range(ROUNDS):
        turned = names[number % len(names) :] + names[: number % len(names)]
        rates = {}
        for name in turned:
            before = _cpu()
            rates[name] = loads[name].rate(SECONDS[scenario])
            cost[name].append((_cpu() - before) / loads[name].done * 1000)
        rounds.append(rates)
    return {
        "per second": {name: round(statistics.median(one[name] for one in rounds), 1) for name in names},
        "CPU ms": {name: round(statistics.median(cost[name]), 2) for name in names},
        "ratios": {
            name: statistics.median(one["ours"] / one[name] for one in rounds) for name in names if name != "ours"
        },
    }


def _cpu() -> float:
    """Seconds of CPU that the servers and both stores have used so far: all that was started here or beside us."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        used[int(stat.parent.name)] = int(fields[11]) + int(fields[12])
    top, total = os.getppid(), 0
    for pid, ticks in used.items():
        above = pid
        while above in parents and above != top:
            above = parents[above]
        total += ticks if above == top and pid != os.getpid() else 0
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
