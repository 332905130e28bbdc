"""Names of people, in the order their script writes them."""

import unicodedata


def full_name(first: str, last: str) -> str:
    """Last name first for names in kana, kanji or hangul; first name first for all others."""
    return f"{last} {first}".strip() if _last_name_first(last) else f"{first} {last}".strip()


def first_and_last(name: str) -> tuple[str, str]:
    """The two parts of what `full_name` wrote. A name of one word is a last name."""
    if _last_name_first(name):
        last, _space, first = name.partition(" ")
    else:
        first, _space, last = name.rpartition(" ")
    return first, last


def _last_name_first(text: str) -> bool:
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in text}
    return bool(scripts & {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
