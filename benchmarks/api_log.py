"""What its row in the log costs a call of the API: the list of 25 customers, in this process and on the stores of the
environment.

With Redis the count for the limit of calls travels with the row. `logged` is compared with a call that is only counted,
for the limit is no part of the log; `both` with a call that is neither counted nor logged.
"""

import json
import sys
from collections.abc import Callable

from benchmarks import world
from benchmarks.rounds import ratios

PARTNER, CUSTOMERS = 1, 10_000


def main() -> None:
    with world.signer() as signer:
        world.settings_from(signer.environment())
        world.people(signer.base, {PARTNER: CUSTOMERS})
        logged = world.caller("/v1/customers?size=25", world.bearer(signer.token(world.tenant_id(PARTNER))))
        variants = {"bare": _instead_of_the_log(logged, _nothing), "counted": _instead_of_the_log(logged, _counter())}
        found = ratios({**variants, "logged": logged}, "counted")
        json.dump({"logged": found["logged"], "both": found["logged"] / found["bare"]}, sys.stdout)


def _instead_of_the_log(run: Callable[[], None], act: Callable[..., None]) -> Callable[[], None]:
    from api import dispatch

    log = dispatch._log

    def changed() -> None:
        dispatch._log = act
        try:
            run()
        finally:
            dispatch._log = log

    return changed


def _nothing(*_call: object) -> None:
    """Neither counted nor logged."""


def _counter() -> Callable[..., None]:
    from django.conf import settings

    from activity.writer import TALLY_SECONDS, stream

    def count(*_call: object) -> None:
        pipe = stream().pipeline(transaction=False)
        pipe.incr("bench")
        pipe.expire("bench", TALLY_SECONDS)
        pipe.execute()

    return count if settings.REDIS_URL else _nothing


if __name__ == "__main__":
    main()
