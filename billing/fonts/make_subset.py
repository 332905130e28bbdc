"""Reduces Noto Sans JP to the characters the documents need. Usage: make_subset.py source.ttf target.ttf"""

import sys

from fontTools import subset  # type: ignore[import-untyped]

RANGES = (
    (0x20, 0x7F),  # Basic Latin
    (0xA0, 0x250),  # Latin-1, Latin Extended-A and -B
    (0x400, 0x530),  # Cyrillic
    (0x2010, 0x2070),  # General punctuation
    (0x20A0, 0x20C0),  # Currency signs
    (0x2100, 0x2220),  # Letterlike, number forms, arrows
    (0x2460, 0x2500),  # Enclosed alphanumerics
    (0x3000, 0x3100),  # CJK punctuation, kana
    (0x31F0, 0x3200),  # Kana extensions
    (0x3220, 0x3400),  # Enclosed CJK, CJK compatibility
    (0xF900, 0xFB00),  # CJK compatibility ideographs
    (0xFF00, 0xFFF0),  # Half- and full-width forms
)


def characters() -> set[int]:
    found = {code for first, end in RANGES for code in range(first, end)}
    return found | {code for code in range(0x4E00, 0xA000) if _in_code_page_932(code)}


def _in_code_page_932(code: int) -> bool:
    try:
        chr(code).encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def main(source: str, target: str) -> None:
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
