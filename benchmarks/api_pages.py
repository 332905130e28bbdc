"""A page of 25 customers by continuation token, first and deep, of partners with 100, 10,000 and 1,000,000 customers.

Prints the time of each as a ratio to the fastest of them. Needs PostgreSQL and Redis.
"""

import json
import sys
from collections.abc import Callable
from urllib.parse import quote

from benchmarks import world
from benchmarks.rounds import ratios

SIZES = {1: 100, 2: 10_000, 3: 1_000_000}
PAGE = 25
DEEP = 0.7


def main() -> None:
    with world.signer() as signer:
        world.settings_from(signer.environment())
        world.people(signer.base, SIZES)
        variants = {}
        for number, size in SIZES.items():
            headers = world.bearer(signer.token(world.tenant_id(number)))
            variants[f"first-{size}"] = world.caller(f"/v1/customers?size={PAGE}", headers)
            variants[f"deep-{size}"] = _deep(number, int(size * DEEP), headers)
        found = ratios(variants, f"first-{SIZES[1]}")
        fastest = min(found.values())
        json.dump({name: ratio / fastest for name, ratio in found.items()}, sys.stdout)


def _deep(number: int, passed: int, headers: dict[str, str]) -> Callable[[], None]:
    """The page after so many customers. Its token is made from the row before it, as the page before would."""
    from customers.listed import BY_NAME
    from customers.models import Customer
    from fluent.listing import keyset

    partner = world.tenant_id(number)
    before = Customer.objects.filter(partner_id=partner).order_by(*BY_NAME.by(backwards=False))[passed - 1]
    token = keyset.token(before, BY_NAME, salt=f"api.customers:{partner}")
    address = f"/v1/customers?size={PAGE}&seekOperation=Next&continuationToken={quote(token)}"
    return world.caller(address, headers)


if __name__ == "__main__":
    main()
