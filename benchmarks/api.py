"""The API's list of 25 customers against peers, in requests a second over HTTP. Needs PostgreSQL and Redis:

python -m scripts.stores .venv/bin/python -m benchmarks.api
"""

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack

from benchmarks import world
from benchmarks.http_load import Load, gunicorn, serving, uvicorn
from benchmarks.running import STORES

ROUNDS = 60
REQUESTS = 80
PARTNER, CUSTOMERS = 1, 10_000
DJANGO = "benchmarks.api_peers.wsgi"
PEERS = {"plain": "/plain/customers", "drf": "/drf/customers", "ninja": "/ninja/customers"}


def main() -> None:
    if "DATABASE_URL" not in os.environ:  # started by hand: on stores of its own
        sys.exit(subprocess.call([*STORES, sys.executable, "-m", "benchmarks.api"]))
    with world.signer() as signer, ExitStack() as stack:
        world.settings_from(signer.environment())
        world.people(signer.base, {PARTNER: CUSTOMERS})
        commands = {"ours": (gunicorn("partnercenter.wsgi"), "/v1/customers", "partnercenter.settings")}
        for name, path in PEERS.items():
            commands[name] = (gunicorn(DJANGO), path, "benchmarks.api_peers.settings")
        commands["fastapi"] = (uvicorn("benchmarks.api_peers.fastapi_app:app"), "/customers", "")
        headers = world.bearer(signer.token(world.tenant_id(PARTNER)))
        ports = {
            name: stack.enter_context(serving(command, {"DJANGO_SETTINGS_MODULE": settings}))
            for name, (command, _path, settings) in commands.items()
        }
        loads = {name: Load(port, f"{commands[name][1]}?size=25", headers) for name, port in ports.items()}
        _require_same_items(loads)
        json.dump(_rates(loads), sys.stdout)


def _require_same_items(loads: dict[str, Load]) -> None:
    items = {name: json.loads(load.body())["items"] for name, load in loads.items()}
    if len(items["ours"]) != 25 or any(listed != items["ours"] for listed in items.values()):
        sys.exit(f"The variants do not answer the same: {items}")


def _rates(loads: dict[str, Load]) -> dict[str, dict[str, float]]:
    """Requests a second, and the median over the rounds of ours to each, in the same round."""
    for load in loads.values():
        load.seconds(3 * REQUESTS)
    names, rounds = list(loads), []
    for number in range(ROUNDS):
        turned = names[number % len(names) :] + names[: number % len(names)]
        rounds.append({name: loads[name].seconds(REQUESTS) for name in turned})
    return {
        "per_second": {name: REQUESTS / statistics.median(times[name] for times in rounds) for name in names},
        "ours_to": {
            name: statistics.median(times[name] / times["ours"] for times in rounds) for name in names if name != "ours"
        },
    }


if __name__ == "__main__":
    main()
