"""The API's list of 25 customers against peers, in requests a second: real processes, two workers each, on one
PostgreSQL and one Redis. Prints one JSON object.

    python -m benchmarks.api
"""

import json
import os
import statistics
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from functools import partial

from benchmarks import world
from benchmarks.load import Load, Scenario, get
from benchmarks.running import STORES
from benchmarks.workers import WORKERS, gunicorn, uvicorn, workers
from scripts.running import free_ports

ROUNDS = 30
SECONDS = 0.5
USERS = 8
PARTNER, CUSTOMERS = 1, 10_000
PEERS = partial(gunicorn, "benchmarks.api_peers.wsgi"), "benchmarks.api_peers.settings"
VARIANTS = {
    "ours": ("/v1/customers", partial(gunicorn, "partnercenter.wsgi"), "partnercenter.settings"),
    "plain": ("/plain/customers", *PEERS),
    "drf": ("/drf/customers", *PEERS),
    "ninja": ("/ninja/customers", *PEERS),
    "fastapi": ("/customers", partial(uvicorn, "benchmarks.api_peers.fastapi_app:app"), ""),
}


def main() -> None:
    if "DATABASE_URL" not in os.environ:  # started by hand: on stores of its own
        sys.exit(subprocess.call([*STORES, sys.executable, "-m", "benchmarks.api"]))
    with world.signer() as signer, ExitStack() as stack:
        world.settings_from(signer.environment())
        world.people(signer.base, {PARTNER: CUSTOMERS})
        headers = world.bearer(signer.token(world.tenant_id(PARTNER)))
        loads, items = {}, {}
        for name, (path, command, settings) in VARIANTS.items():
            env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
            ports = stack.enter_context(workers([command(port) for port in free_ports(WORKERS)], env))
            loads[name] = Load(partial(_calls, f"{path}?size=25", headers), ports, USERS)
            items[name] = _items(f"http://localhost:{ports[0]}{path}?size=25", headers)
        if len(items["ours"]) != 25 or any(listed != items["ours"] for listed in items.values()):
            sys.exit(f"The variants do not answer the same: {items}")
        json.dump(_rates(loads), sys.stdout)


def _calls(path: str, headers: dict[str, str], _user: int) -> Scenario:
    request = get(path, "".join(f"{name}: {value}\r\n" for name, value in headers.items()))
    while True:
        answer = yield request
        if answer.status != 200:
            sys.exit(f"A server answers {answer}")
        yield None


def _items(url: str, headers: dict[str, str]) -> list[object]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310 - our own address
        found: list[object] = json.load(answer)["items"]
    return found


def _rates(loads: dict[str, Load]) -> dict[str, dict[str, float]]:
    """Requests a second, and the median over the rounds of ours to each, in the same round."""
    for load in loads.values():
        load.rate(2 * SECONDS)
    names, rounds = list(loads), []
    for number in range(ROUNDS):
        turned = names[number % len(names) :] + names[: number % len(names)]
        rounds.append({name: loads[name].rate(SECONDS) for name in turned})
    return {
        "per_second": {name: statistics.median(rates[name] for rates in rounds) for name in names},
        "ours_to": {
            name: statistics.median(rates["ours"] / rates[name] for rates in rounds) for name in names if name != "ours"
        },
    }


if __name__ == "__main__":
    main()
