"""An aggregate that both databases compute in one pass: what somebody was called last."""

from typing import Any

from django.db.models import Aggregate, CharField, Func, TextField


class Newest(Aggregate):
    """The text in the row with the latest moment: `Newest("user_name", "last_at")`, of columns that are never null.

    Of rows at the same moment the greater text, by code points, as the roll-ups keep it (`activity.counting`).
    """

    arg_joiner = " || "
    template = "substr(max(%(expressions)s), 27)"

    def __init__(self, text: str, at: str, **extra: Any) -> None:
        super().__init__(_Moment(at), text, output_field=CharField(), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template='substr(max(%(expressions)s COLLATE "C"), 27)', **extra)


class _Moment(Func):
    """26 characters that are in the order of time."""

    template = "substr(%(expressions)s || '.000000', 1, 26)"  # SQLite keeps UTC as text, at times without a fraction
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        return self.as_sql(compiler, connection, template=template, **extra)
