"""Names of people, in the order their script writes them."""

import unicodedata


def full_name(first: str, last: str) -> str:
    """Last name first for names in kana, kanji or hangul; first name first for all others."""
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in last}
    east_asian = scripts & {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
    return f"{last} {first}".strip() if east_asian else f"{first} {last}".strip()
