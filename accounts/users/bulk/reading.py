"""Reading the file of a bulk change. What is wrong in one row is said at that row and spoils no other."""

import csv
import io
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import BulkRow, RowState
from accounts.roles import PARTNER_ROLES, Role
from accounts.users.bulk.problems import Problem, RowProblem

COLUMNS = ("user_principal_name", "add_roles", "remove_roles", "account", "registration")
MOST_ROWS = 10_000
LARGEST = 4 * 1024 * 1024
_LONGEST_NAME = 255
_ACCOUNT = {"": None, "enable": True, "disable": False}
_REGISTRATION = {"": False, "require": True}


class FileUnusable(Exception):
    """The file as a whole cannot be read; `reason` says why, for people."""

    def __init__(self, reason: "str | Promise") -> None:
        super().__init__(str(reason))
        self.reason = reason


def read_rows(content: bytes) -> list[BulkRow]:
    """The rows of a file, not stored yet; those that are wrong in themselves say so. Raises FileUnusable."""
    reader = csv.DictReader(io.StringIO(_text(content)), strict=True)
    try:
        header = [name.strip().lower() for name in reader.fieldnames or []]
        if COLUMNS[0] not in header or not set(header) <= set(COLUMNS) or len(set(header)) != len(header):
            raise FileUnusable(_("The first line has to name the columns, as in the example."))
        reader.fieldnames = header
        rows = _rows(reader)
    except csv.Error as error:
        raise FileUnusable(_("The file is not valid CSV.")) from error
    if not rows:
        raise FileUnusable(_("The file has no rows."))
    return rows


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise FileUnusable(_("The file is too large."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnusable(_("The file has to be UTF-8 text.")) from error
    if "\x00" in text:
        raise FileUnusable(_("The file has to be UTF-8 text."))
    return text


def _rows(lines: Iterable[Mapping[str | None, str | None]]) -> list[BulkRow]:
    rows: list[BulkRow] = []
    seen: set[str] = set()
    for line in lines:
        if len(rows) == MOST_ROWS:
            raise FileUnusable(_("The file has more than 10,000 rows. Split it."))
        name = (line.get(COLUMNS[0]) or "").strip()
        row = BulkRow(number=len(rows) + 1, user_principal_name=name[:_LONGEST_NAME])
        try:
            _fill(row, line, name, seen)
        except RowProblem as wrong:
            row.state, row.reason, row.note = RowState.WRONG, wrong.problem.value, wrong.note[:200]
        rows.append(row)
    return rows


def _fill(row: BulkRow, line: Mapping[str | None, str | None], name: str, seen: set[str]) -> None:
    if not name or len(name) > _LONGEST_NAME:
        raise RowProblem(Problem.NO_NAME)
    if name.lower() in seen:
        raise RowProblem(Problem.TWICE)
    seen.add(name.lower())
    row.add_roles, row.remove_roles = _roles(line.get("add_roles")), _roles(line.get("remove_roles"))
    if both := set(row.add_roles) & set(row.remove_roles):
        raise RowProblem(Problem.CONTRADICTION, ", ".join(sorted(both)))
    row.enable = _word(line.get("account"), _ACCOUNT)
    row.require_registration = bool(_word(line.get("registration"), _REGISTRATION))
    if line.get(None):
        raise RowProblem(Problem.UNKNOWN_WORD)  # more values than columns


def _roles(text: str | None) -> list[str]:
    found = []
    for written in (text or "").split(";"):
        if not written.strip():
            continue
        name = "-".join(written.strip().lower().split())
        if name not in {role.value for role in PARTNER_ROLES}:
            raise RowProblem(Problem.UNKNOWN_ROLE, written.strip())
        found.append(name)
    return sorted(set(found))


def _word(text: str | None, known: Mapping[str, bool | None]) -> bool | None:
    word = (text or "").strip().lower()
    if word not in known:
        raise RowProblem(Problem.UNKNOWN_WORD, word)
    return known[word]


def roles_of(names: Iterable[str]) -> list[Role]:
    return [role for role in Role if role.value in set(names)]
