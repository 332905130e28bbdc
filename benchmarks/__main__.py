"""`make bench`: measures every part, or the ones named, writes results.json, fails when a target is missed.

python -m benchmarks [gate] [api] [provider]
"""

import json
import sys
from collections.abc import Callable

from benchmarks import api_rows, gate_rows, provider_rows
from benchmarks.running import ROOT, Row

RESULTS = ROOT / "benchmarks" / "results.json"
PARTS: dict[str, Callable[[], list[Row]]] = {
    "gate": gate_rows.rows,
    "api": api_rows.rows,
    "provider": provider_rows.rows,
}


def main() -> None:
    named = sys.argv[1:] or list(PARTS)
    kept: dict[str, list[Row]] = json.loads(RESULTS.read_text())
    results = {part: PARTS[part]() if part in named else kept.get(part, []) for part in PARTS}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    rows = [row for part in named for row in results[part]]
    for row in rows:
        print(f"{row['id']:34} {row['ratio']:.2f}  target {row['target']}  holds {row['holds']}")
    sys.exit(0 if all(row["holds"] is not False for row in rows) else 1)


if __name__ == "__main__":
    main()
