"""What every template of both services keeps to."""

import re
from pathlib import Path

import pytest

from fluent.icons import ICONS

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    found = INLINE.search(COMMENT.sub("", template.read_text()))
    assert found is None, f"{template}: {found}"


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))
    assert set(ICONS) == sprite
    named = {
        (name, template.name)
        for template in TEMPLATES
        for name in re.findall(r'(?:\{% icon |icon=)"([a-z-]+)"', template.read_text())
    }
    assert {pair for pair in named if pair[0] not in ICONS} == set()


def test_style_sheets_use_only_tokens_that_exist() -> None:
    css = ROOT / "static" / "css"
    known = set(re.findall(r"--([A-Za-z0-9]+):", (css / "tokens.css").read_text()))
    used = {
        name
        for sheet in css.glob("*.css")
        if sheet.name != "tokens.css"
        for name in re.findall(r"var\(--([A-Za-z0-9]+)\)", sheet.read_text())
    }
    assert used - known == set()


def test_style_sheets_name_no_colour_of_their_own() -> None:
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)])|rgba?\(", sheet.read_text()) == [], sheet.name
