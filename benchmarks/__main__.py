"""`make bench`: measures every part, or the ones named, writes results.json, fails when a target is missed.

python -m benchmarks [gate] [api] [status] [provider] [--most 8]
"""

import argparse
import json
import sys
from collections.abc import Callable

from benchmarks import api_rows, gate_rows, provider_rows, status_rows
from benchmarks.running import ROOT, Row

RESULTS = ROOT / "benchmarks" / "results.json"
PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "gate": lambda _options: gate_rows.rows(),
    "api": lambda _options: api_rows.rows(),
    "status": lambda options: status_rows.rows(options.most),
    "provider": lambda _options: provider_rows.rows(),
}


def main() -> None:
    options = _options()
    named = options.parts or list(PARTS)
    kept: dict[str, list[Row]] = json.loads(RESULTS.read_text())
    results = {part: PARTS[part](options) if part in named else kept.get(part, []) for part in PARTS}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    rows = [row for part in named for row in results[part]]
    for row in rows:
        print(f"{row['id']:34} {row['ratio']:.2f}  target {row['target']}  holds {row['holds']}")
    sys.exit(0 if all(row["holds"] is not False for row in rows) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--most", type=float, default=7, help="status: up to this power of ten of logged operations")
    return parser.parse_args()


if __name__ == "__main__":
    main()
