"""Which schema the databases of a data folder were made with.

Until the first release a change of the schema is written into the first migration, so databases made before it cannot
be brought up to date. That is said in one line instead of failing in the middle of a page.
"""

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ("*/migrations/0*.py", "entra/*/migrations/0*.py", "activity/counting.py", "activity/partitions.py")
"""The migrations, and what they take their SQL from."""
DATABASES = {"portal.sqlite3": "DATABASE_URL", "entra.sqlite3": "ENTRA_DATABASE_URL"}


def claim(var_dir: Path) -> None:
    """Note that the folder's databases have this code's schema; end the program if one was made with another.

    Noted before the first table is made: a start that is cut short is taken up again.
    """
    own = [var_dir / name for name, variable in DATABASES.items() if not os.environ.get(variable)]
    stamp = var_dir / "schema"
    made_with = stamp.read_text() if stamp.is_file() else ""
    current = _fingerprint()
    if made_with != current and any(_has_tables(path) for path in own):
        sys.exit(
            f"The databases in {var_dir} were made by another version of this program. Move that folder away or delete "
            "it (its demo data is made again), then run the same command."
        )
    stamp.write_text(current)


def _has_tables(path: Path) -> bool:
    """Commands that only look, such as `make check`, leave an empty database behind."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SCHEMA:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
