"""Translations without the gettext programs: `compile` the catalogs, `update` them from the code, `check` them.

Python is read through its syntax tree, templates through Django's own `templatize`, catalogs through polib.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ja", "ru")  # English is written in the code
SKIPPED = {".venv", "tests", "var", "node_modules", "staticfiles", "benchmarks", "scripts", "migrations"}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
TEMPLATE_CALL = re.compile(r"(?<![\w.])(?:_|gettext|ngettext|pgettext|npgettext)\(")
Key = tuple[str | None, str, str | None]  # context, msgid, plural


def catalog_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def messages() -> dict[Key, str]:
    """Every message of the code, with the first file it stands in."""
    found: dict[Key, str] = {}
    for path in sorted(ROOT.rglob("*")):
        place = path.relative_to(ROOT)
        if path.suffix not in {".py", ".html", ".txt"} or SKIPPED & set(place.parts):
            continue
        if path.suffix == ".py":
            source = path.read_text()
        elif "templates" in place.parts:
            source = _calls(templatize(path.read_text(), origin=str(place)))
        else:
            continue
        for key in _keys(source):
            found.setdefault(key, str(place))
    return found


def _calls(templatized: str) -> str:
    """Only the gettext calls of what `templatize` answers: the rest is filler that is no Python."""
    calls = []
    for match in TEMPLATE_CALL.finditer(templatized):
        for end in (position.end() for position in re.finditer(r"\)", templatized[match.end() :])):
            call = templatized[match.start() : match.end() + end].replace("\n", "\\n")
            try:
                ast.parse(call)
            except SyntaxError:
                continue
            calls.append(call)
            break
    return "\n".join(calls)


def _keys(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in PLAIN and texts:
            yield (None, texts[0], None)
        elif name in CONTEXT and len(texts) > 1:
            yield (texts[0], texts[1], None)
        elif name in PLURAL and len(texts) > 1:
            yield (None, texts[0], texts[1])


def faults() -> Iterator[str]:
    """What is missing, fuzzy, half translated, no longer used or cannot be filled in, one line each."""
    wanted = messages()
    for language in LANGUAGES:
        entries = {(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in _catalog(language) if not e.obsolete}
        for key, place in wanted.items():
            entry = entries.get(key)
            if entry is None or not entry.translated():
                yield f"{language}: not translated: {key[1]!r} ({place})"
        yield from (f"{language}: not used any more: {key[1]!r}" for key in entries.keys() - wanted.keys())
        yield from (f"{language}: cannot be filled in: {text!r}" for e in entries.values() for text in unfillable(e))


def unfillable(entry: polib.POEntry) -> Iterator[str]:
    """The texts that fail with the values of the message: another name, or a percent sign of its own that stands alone.

    A message without a named value is never filled in, so that percent signs mean themselves.
    """
    values = dict.fromkeys(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural), 0)
    for text in [entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()] if values else []:
        try:
            text % values
        except (KeyError, TypeError, ValueError):
            yield text


def update() -> None:
    """Add what is new with an empty translation, drop what is gone; what a person translated stays."""
    wanted = messages()
    for language in LANGUAGES:
        catalog = _catalog(language)
        old = {(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in catalog}
        catalog.clear()
        for key, place in sorted(wanted.items(), key=lambda item: (item[1], item[0][1])):
            entry = old.get(key) or polib.POEntry(msgctxt=key[0], msgid=key[1], msgid_plural=key[2] or "")
            if key[2] and not entry.msgstr_plural:
                entry.msgstr_plural = dict.fromkeys(range(3 if language == "ru" else 1), "")
            entry.occurrences = [(place, "")]
            catalog.append(entry)
        catalog_path(language).parent.mkdir(parents=True, exist_ok=True)
        catalog.save(str(catalog_path(language)))


def compile_catalogs() -> None:
    """Write the .mo files where the .po is newer."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def _catalog(language: str) -> polib.POFile:
    path = catalog_path(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalog = polib.POFile(wrapwidth=110)
    plurals = {
        "ja": "nplurals=1; plural=0;",
        "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    }
    catalog.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": plurals[language],
    }
    return catalog


def main() -> None:
    settings.configure(USE_I18N=True)  # templatize asks for nothing else
    match sys.argv[1:]:
        case ["compile"]:
            compile_catalogs()
        case ["update"]:
            update()
        case ["check"]:
            found = list(faults())
            sys.exit("\n".join([*found, f"{len(found)} faults in the translations"]) if found else 0)
        case _:
            sys.exit("usage: python -m scripts.messages compile|update|check")


if __name__ == "__main__":
    main()
