"""`make walkthrough`: the verification examples in a real browser, on a site of their own beside yours."""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from scripts.chromium import browser, install_missing
from scripts.running import Running, ServiceFailed, fresh_site
from scripts.services import SETTINGS, default_site
from scripts.walkthrough.example import Example, Outcome, Result, walk
from scripts.walkthrough.examples import EXAMPLES
from scripts.walkthrough.report import MARKS, counts, heading, write_report
from scripts.walkthrough.visit import Visit


def main() -> None:
    chosen = _chosen(os.environ.get("EXAMPLE", ""))
    install_missing()
    print("Starting the services with fresh demo data ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="walkthrough-") as folder:
        try:
            with fresh_site(Path(folder) / "var") as running:
                walked = [(example, _walk_and_tell(example, running)) for example in chosen]
        except ServiceFailed as error:
            sys.exit(str(error))
    report = write_report(default_site().var_dir / "walkthrough", walked)
    print(f"\n{counts(results for _, results in walked)}. Report: {report}")
    failed = any(result.outcome is Outcome.FAILED for _, results in walked for result in results)
    sys.exit(1 if failed else 0)


def _chosen(number: str) -> list[Example]:
    chosen = [example for example in EXAMPLES if number in ("", str(example.number))]
    if not chosen:
        sys.exit(f"There is no example {number}: EXAMPLE is 1, 2, 3 or 4.")
    return chosen


def _walk_and_tell(example: Example, running: Running) -> list[Result]:
    print(f"\n{heading(example)}", flush=True)
    results = []
    with browser(headed=os.environ.get("HEADED", "") not in ("", "0")) as chromium:
        visit = visit_of(chromium, running)
        for number, result in enumerate(walk(example, visit), start=1):
            results.append(result)
            print(f"  {MARKS[result.outcome]} {number}. {result.step.text}  [{result.outcome}]", flush=True)
            if result.detail:
                print("      " + result.detail.replace("\n", "\n      "), flush=True)
        visit.close()
    return results


def visit_of(chromium: Browser, running: Running) -> Visit:
    """Somebody at a browser, on a site where days can pass and policies can change."""
    return Visit(
        chromium,
        running.site,
        lambda days: let_days_pass(running, days),
        lambda *arguments: running.manage("entra.settings", "set_policy", *arguments),
    )


def let_days_pass(running: Running, days: int) -> None:
    for settings in SETTINGS:
        running.manage(settings, "age", str(days))


if __name__ == "__main__":
    main()
