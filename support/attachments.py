"""Which files may be attached. The kind is found in the content; the name's ending must agree with it."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

LARGEST = 5 * 1024 * 1024
MOST_AT_ONCE = 5
_MOST_ZIP_ENTRIES = 2000
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}
# Endings people use for the same kind.
_KIND_OF = {**{ending: ending for ending in TYPES}, "jpeg": "jpg", "log": "txt", "csv": "txt", "md": "txt"}
ENDINGS = tuple(f".{ending}" for ending in sorted(_KIND_OF))


class Refused(Exception):
    """The file is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file as it will be stored."""

    name: str
    content_type: str
    data: bytes


def accept(name: str, data: bytes) -> Accepted:
    """Check one file. Raises Refused with a message for the person."""
    shown = clean_name(name)
    if not data:
        raise Refused(_("%(name)s is empty.") % {"name": shown})
    if len(data) > LARGEST:
        limit = LARGEST // (1024 * 1024)
        raise Refused(_("%(name)s is larger than %(limit)s MB.") % {"name": shown, "limit": limit})
    claimed = _KIND_OF.get(PurePosixPath(shown).suffix.lower().lstrip("."))
    if claimed is None:
        values = {"name": shown, "endings": ", ".join(ENDINGS)}
        raise Refused(_("%(name)s cannot be attached. Allowed are %(endings)s.") % values)
    if kind_of(data) != claimed:
        raise Refused(_("%(name)s is not what its name says: its content is of another kind.") % {"name": shown})
    return Accepted(name=shown, content_type=TYPES[claimed], data=data)


def clean_name(name: str) -> str:
    """The last part of the path, without control characters and marks that reorder text, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and char not in '"<>|:*?').strip(" .")
    path = PurePosixPath(kept or "file")
    return f"{path.stem[: 120 - len(path.suffix)]}{path.suffix}"


def kind_of(data: bytes) -> str:
    """The kind by signature; empty when it is none of those allowed."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return "txt" if _is_text(data) else ""


def _office_kind(data: bytes) -> str:
    """Only the directory of the archive is read, nothing is unpacked; macros are refused."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or len(names) > _MOST_ZIP_ENTRIES:
        return ""
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n\f" or ord(char) > 0x9F for char in text)
