"""Writes static/icons.svg from the npm package @fluentui/svg-icons (MIT).

Usage: npm pack @fluentui/svg-icons && tar xzf fluentui-svg-icons-*.tgz && python scripts/icons.py package
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from fluent.icons import ICONS  # noqa: E402 -- the repository's root must be on the path first

DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def symbol(name: str, source: Path) -> str:
    """One drawing as a symbol that takes its colour from the text around it."""
    match = DRAWING.search(source.read_text())
    if match is None:
        message = f"{source} is not an SVG drawing"
        raise ValueError(message)
    return f'<symbol id="{name}" viewBox="0 0 20 20" fill="currentColor">{match.group(1)}</symbol>'


def main(package: Path) -> None:
    symbols = [symbol(name, package / "icons" / f"{file}_20_regular.svg") for name, file in sorted(ICONS.items())]
    head = "<!-- Fluent System Icons, (c) Microsoft Corporation, MIT license, see NOTICE. Made by scripts/icons.py. -->"
    lines = [head, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    (ROOT / "static" / "icons.svg").write_text("\n".join(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
