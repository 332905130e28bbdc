"""Statements that are sent at every request, put into words once.

Django composes the SQL of a query anew each time, which takes longer than the database's answer. A prepared query is
an ordinary queryset over placeholders: its SQL is kept, and what comes back is read as Django reads it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery

M = TypeVar("M", bound=Model)


class Prepared(Generic[M]):
    """`make` gets a placeholder for each of `fields` and returns the queryset: whole objects, also with
    `select_related`, or `values_list`. A value is never None: comparing with NULL is another query."""

    def __init__(self, make: "Callable[..., QuerySet[M, Any]]", *fields: "Field[Any, Any]") -> None:
        self._make, self._fields = make, fields
        self._plans: dict[str, _Plan] = {}

    def all(self, *values: Any, most: int | None = None) -> list[Any]:
        """The objects, or the tuples of `values_list`, for these values; at most so many."""
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = _Plan(self._make(*_placeholders(self._fields)))
        database = connections[DEFAULT_DB_ALIAS]
        with database.cursor() as cursor:
            limit = "" if most is None else f" LIMIT {most:d}"  # in the text: the database plans for it
            cursor.execute(plan.sql + limit, _filled(plan.params, self._fields, values))
            rows = cursor.fetchall()
        return [plan.read(row, database) for row in rows]

    def first(self, *values: Any) -> Any:
        """The first of them, or None."""
        return next(iter(self.all(*values, most=1)), None)


class PreparedUpdate(Generic[M]):
    """Sets `changes` in the rows of `make`'s queryset; both are over placeholders for `fields`."""

    def __init__(
        self,
        make: "Callable[..., tuple[QuerySet[M, Any], dict[str, Any]]]",
        *fields: "Field[Any, Any]",
    ) -> None:
        self._make, self._fields = make, fields
        self._plans: dict[str, tuple[str, Any]] = {}

    def __call__(self, *values: Any) -> int:
        """How many rows there were."""
        sql, params = self._plan()
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, self._fields, values))
            return int(cursor.rowcount)

    def or_insert(self, new: Sequence[M], *values: Any, returning: str) -> dict[Any, Any]:
        """Insert the new objects, one after the other; a row that is there already is changed instead, if it is one
        of `make`'s. Returns the column `returning` of what was inserted or changed, by key: one left alone is missing.
        """
        sql, params = self._plan()
        insertion, fields = _insertion(type(new[0]), connection.vendor, len(new))
        quote, meta = _quoting(type(new[0]))
        key, column = quote(meta.pk.column), quote(meta.get_field(returning).column)
        change = sql.partition(" SET ")[2]
        upsert = f"{insertion} ON CONFLICT ({key}) DO UPDATE SET {change} RETURNING {key}, {column}"
        with connection.cursor() as cursor:
            cursor.execute(upsert, [*_inserted(new, fields), *_filled(params, self._fields, values)])
            return dict(cursor.fetchall())

    def _plan(self) -> tuple[str, Any]:
        plan = self._plans.get(connection.vendor)
        if plan is None:
            rows, changes = self._make(*_placeholders(self._fields))
            query: Any = rows.query.chain(UpdateQuery)
            query.add_update_values(changes)
            plan = self._plans[connection.vendor] = query.get_compiler(connection=connection).as_sql()
        return plan


def insert(row: M, *, unless_there: bool = False) -> M:
    """Insert a new object, all of it and nothing else: no signals are sent, and a key that the database makes is not
    told. `unless_there`: a row with its key may be there already, and stays. Returns the object."""
    sql, fields = _insertion(type(row), connection.vendor)
    sql += " ON CONFLICT DO NOTHING" if unless_there else ""
    with connection.cursor() as cursor:
        cursor.execute(sql, _inserted([row], fields))
    row._state.adding, row._state.db = False, connection.alias
    return row


def update(row: Model, *names: str) -> None:
    """Write these attributes of an object that is stored (`save(update_fields=...)` without signals).

    Raises DatabaseError when it is not stored any more.
    """
    model, key = type(row), row._meta.pk
    fields = [*(row._meta.get_field(name) for name in names), key]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(_change(model, names, connection.vendor), values)
        if not cursor.rowcount:
            message = f"{model.__name__} {row.pk} is gone"
            raise DatabaseError(message)


def delete(model: type[Model], key: Any) -> None:
    """Delete the row with this key, if there is one. Nothing may refer to rows of this model."""
    with connection.cursor() as cursor:
        cursor.execute(_deletion(model, connection.vendor), [model._meta.pk.get_db_prep_value(key, connection)])


@lru_cache(maxsize=64)
def _deletion(model: type[Model], _vendor: str) -> str:
    quote, meta = _quoting(model)
    return f"DELETE FROM {quote(meta.db_table)} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608 - our own names


@lru_cache(maxsize=64)
def _change(model: type[Model], names: tuple[str, ...], _vendor: str) -> str:
    quote, meta = _quoting(model)
    changes = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608 - our own names


@lru_cache(maxsize=64)
def _insertion(model: type[Model], _vendor: str, rows: int = 1) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    fields = tuple(field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField))
    quote, meta = _quoting(model)
    names, marks = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    values = ", ".join([f"({marks})"] * rows)
    return f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES {values}", fields  # noqa: S608 - our own names


def _inserted(rows: Sequence[Model], fields: "tuple[Field[Any, Any], ...]") -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(field.pre_save(row, True), database) for row in rows for field in fields]


def _quoting(model: type[Model]) -> tuple[Callable[[str], str], Any]:
    return connection.ops.quote_name, model._meta


class _Slot(int):
    """Where in the parameters of a statement a value goes, and which one."""


class _Placeholder(Expression):
    def __init__(self, position: int, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.position = position

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [_Slot(self.position)]


def _placeholders(fields: "tuple[Field[Any, Any], ...]") -> list[_Placeholder]:
    return [_Placeholder(position, field) for position, field in enumerate(fields)]


def _filled(params: Any, fields: "tuple[Field[Any, Any], ...]", values: tuple[Any, ...]) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    adapted = [field.get_db_prep_value(value, database) for field, value in zip(fields, values, strict=True)]
    return [adapted[one] if isinstance(one, _Slot) else one for one in params]


class _Plan:
    """The SQL, and how a row is read (after django.db.models.query.ModelIterable)."""

    def __init__(self, rows: "QuerySet[Any, Any]") -> None:
        compiler: Any = rows.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.converters = list(compiler.get_converters([one[0] for one in compiler.select]).items())
        self.annotations = compiler.annotation_col_map or {}
        self.model = None
        if rows._iterable_class is ModelIterable:
            info = compiler.klass_info
            self.model, fields = info["model"], info["select_fields"]
            self.columns = slice(fields[0], fields[-1] + 1)
            self.names = [one[0].target.attname for one in compiler.select[self.columns]]
            populators_of: Any = get_related_populators  # the stubs know another release
            self.related = populators_of(info, compiler.select, connection.alias)

    def read(self, row: tuple[Any, ...], database: BaseDatabaseWrapper) -> Any:
        values = list(row)
        for position, (converters, expression) in self.converters:
            for convert in converters:
                values[position] = convert(values[position], expression, database)
        if self.model is None:
            return tuple(values)
        found = self.model.from_db(database.alias, self.names, values[self.columns])
        for populator in self.related:
            populator.populate(values, found)
        for name, position in self.annotations.items():
            setattr(found, name, values[position])
        return found
