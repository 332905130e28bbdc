"""The walkthrough on paper: one HTML file with a picture of what was seen after each step."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from scripts.walkthrough.example import Example, Outcome, Result

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_REACHED: "–", Outcome.NOT_AVAILABLE: "○"}
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Verification examples</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #242424 }}
img {{ border: 1px solid #d1d1d1; max-width: 100%; display: block; margin: .5rem 0 1.5rem }}
.failed {{ color: #b10e1c }} .passed {{ color: #0e700e }}
pre {{ white-space: pre-wrap; background: #f5f5f5; padding: .5rem }}
</style>
<h1>Verification examples</h1>
<p>{when}: {counts}</p>
<ol>{contents}</ol>
{body}
</html>
"""


def write_report(folder: Path, walked: list[tuple[Example, list[Result]]]) -> Path:
    """Write `index.html` and the pictures; answers the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    body = "\n".join(_section(folder, example, results) for example, results in walked)
    contents = "".join(
        f'<li value="{example.number}"><a href="#{example.requirement}">{escape(heading(example))}</a>: '
        f"{counts([results])}</li>"
        for example, results in walked
    )
    target = folder / "index.html"
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    told = counts(results for _, results in walked)
    target.write_text(PAGE.format(body=body, contents=contents, when=when, counts=told))
    return target


def counts(walked: Iterable[list[Result]]) -> str:
    """How many steps ended how: "18 passed, 2 not available yet"."""
    outcomes = [result.outcome for results in walked for result in results]
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Outcome if outcome in outcomes)


def heading(example: Example) -> str:
    return (
        f"Example {example.number} ({example.requirement}): {example.title} · "
        f"{example.persona} of {example.tenant} (in 2020: {example.persona_2020})"
    )


def _section(folder: Path, example: Example, results: list[Result]) -> str:
    parts = [f'<h2 id="{example.requirement}">{escape(heading(example))}</h2>', "<ol>"]
    for number, result in enumerate(results, start=1):
        name = result.outcome.name.lower().replace("_", "-")
        parts.append(
            f'<li><p><b class="{name}">{MARKS[result.outcome]} {result.outcome}</b> {escape(result.step.text)}</p>'
        )
        if result.detail:
            parts.append(f"<pre>{escape(result.detail)}</pre>")
        if result.screenshot:
            picture = f"{example.requirement.lower()}-{number}.png"
            (folder / picture).write_bytes(result.screenshot)
            parts.append(f'<img src="{picture}" alt="What the browser showed after this step">')
        parts.append("</li>")
    return "\n".join([*parts, "</ol>"])
