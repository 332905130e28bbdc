"""Queries that are compiled once a connection instead of once a request.

Their text never changes, and compiling it costs the ORM several times as much as the database needs to answer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators

Row = TypeVar("Row")


class Given(models.Expression):
    """Stands in the query for a value that each run brings, by its name. The field says how it is stored."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", [self]

    def stored(self, given: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection, prepared=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    parameters: Sequence[Any]
    read: Callable[[Sequence[Any]], Any]
    convert: Callable[[Sequence[Any]], Iterator[Any]] | None


class Statement(Generic[Row]):
    """A query set whose changing values are `Given`. It yields objects, or `into(values)` of a `values_list`."""

    def __init__(
        self, build: Callable[[], "models.QuerySet[Any, Any]"], into: Callable[[Sequence[Any]], Row] | None = None
    ) -> None:
        self._build, self._into = build, into
        self._plans: WeakKeyDictionary[BaseDatabaseWrapper, _Plan] = WeakKeyDictionary()

    def first(self, **given: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(1, **given)
        return found[0] if found else None

    def rows(self, most: int, **given: Any) -> list[Row]:
        """At most so many rows. The number is part of the text: the database plans for it."""
        connection = connections["default"]
        plan = self._plans.get(connection) or self._plans.setdefault(connection, self._compile(connection))
        parameters = [
            value.stored(given, connection) if isinstance(value, Given) else value for value in plan.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"{plan.sql} LIMIT {most:d}", parameters)
            found = cursor.fetchall()
        return [plan.read(row) for row in (plan.convert(found) if plan.convert else found)]

    def _compile(self, connection: BaseDatabaseWrapper) -> _Plan:
        compiler = self._build().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select or []])

        def convert(rows: Sequence[Any]) -> Iterator[Any]:
            return cast("Iterator[Any]", compiler.apply_converters(rows, converters))

        read = self._into or _objects(compiler, connection.alias)
        return _Plan(sql, list(parameters), read, convert if converters else None)


def _objects(compiler: Any, alias: str) -> Callable[[Sequence[Any]], Any]:
    """From a row to the object with the related ones and the annotations, as the ORM makes it."""
    info, select = compiler.klass_info, compiler.select
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    related = get_related_populators(info, select, alias)  # type: ignore[call-arg] # as of a later Django
    annotations = list((compiler.annotation_col_map or {}).items())

    def read(row: Sequence[Any]) -> Any:
        found = info["model"].from_db(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, found)
        for name, column in annotations:
            setattr(found, name, row[column])
        return found

    return read
