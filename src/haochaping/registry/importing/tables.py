"""The tables behind the forms: one for the thing with its code, one for its dated records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db import connection
from django.db.models import F, Model
from psycopg import sql

from haochaping.registry import models
from haochaping.registry.importing.comparing import Comparison, Stored
from haochaping.registry.importing.forms import VALID_FROM, VALID_TO, Form

Value: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True)
class Table:
    """Where a form is kept; `owner` is the record's foreign key to its thing, `placed` the way to its division."""

    thing: type[Model]
    record: type[Model]
    owner: str
    placed: str


_OF_ORGANISATION = "organisation__records__division"
TABLES: Mapping[str, Table] = {
    "divisions": Table(models.Division, models.DivisionRecord, "division", "division"),
    "organisations": Table(models.Organisation, models.OrganisationRecord, "organisation", "division"),
    "halls": Table(models.Hall, models.HallRecord, "hall", "division"),
    "windows": Table(models.Window, models.WindowRecord, "window", _OF_ORGANISATION),
    "staff": Table(models.Staff, models.StaffRecord, "staff", _OF_ORGANISATION),
    "items": Table(models.Item, models.ItemRecord, "item", _OF_ORGANISATION),
}

# The column that holds a thing's code, by form: what a reference is spelled with.
Keys = Mapping[str, str]


def stored(form: Form, keys: Keys) -> list[Stored]:
    """All records of the form's table but for the self-test's, their references spelled as codes as in the file."""
    table = TABLES[form.name]
    spelled = {
        column.name: F(f"{column.name}__{keys[column.refers]}" if column.refers else column.name)
        for column in form.fields
    }
    rows = table.record._default_manager.exclude(**{f"{table.placed}__trial": True}).values_list(
        "pk", f"{table.owner}__{form.key}", "valid_from", "valid_to", *spelled.values()
    )
    return [
        Stored(pk, code, start, end, {name: value or "" for name, value in zip(spelled, values, strict=True)})
        for pk, code, start, end, *values in rows
    ]


def add_things(comparison: Comparison) -> None:
    """Gives every code that the registry has never seen its identity."""
    form, table = comparison.form, TABLES[comparison.form.name]
    known = _ids(form)
    missing = dict.fromkeys(entry.code for entry in comparison.new if entry.code not in known)
    _copy(table.thing, [form.key], ([code] for code in missing))


def write_records(comparison: Comparison, forms: Mapping[str, Form]) -> None:
    """Adds, alters and ends the records; all things of all forms must be there."""
    form, table = comparison.form, TABLES[comparison.form.name]
    needed = {form.name, *(column.refers for column in form.fields if column.refers)}
    ids = {name: _ids(forms[name]) for name in needed}
    names = [f"{column.name}_id" if column.refers else column.name for column in form.fields]
    own = ids[form.name]
    added = (
        [own[entry.code], entry.start, entry.end, *_values(form, entry.fields, ids)]
        for entry in comparison.new
    )
    _copy(table.record, [f"{table.owner}_id", VALID_FROM, VALID_TO, *names], added)
    altered = [
        [old.pk, entry.end, *_values(form, {**old.fields, **entry.fields}, ids)]
        for old, entry in comparison.changed
    ]
    _update(table.record, [VALID_TO, *names], altered)
    _update(table.record, [VALID_TO], [[old.pk, last] for old, last in comparison.ended])


def _copy(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """All rows in one statement: a registry of a hundred thousand must not take a hundred thousand."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _update(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Each row is a primary key and the new values of the columns; again one statement for all."""
    if not rows:
        return
    types = [model._meta.get_field(name.removesuffix("_id")).db_type(connection) for name in columns]
    statement = sql.SQL("UPDATE {} AS held SET {} FROM unnest({}) AS said (pk, {}) WHERE held.id = said.pk")
    composed = statement.format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.SQL("{0} = said.{0}").format(sql.Identifier(name)) for name in columns),
        sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind in ("integer", *types)),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor:
        cursor.execute(composed, [list(values) for values in zip(*rows, strict=True)])


def _ids(form: Form) -> dict[str, int]:
    return dict(TABLES[form.name].thing._default_manager.values_list(form.key, "pk"))


def _values(form: Form, fields: Mapping[str, str], ids: Mapping[str, Mapping[str, int]]) -> list[Value]:
    """A record's values in the order of the form's fields, references as ids."""
    return [
        _id(ids[column.refers], fields.get(column.name, "")) if column.refers else fields.get(column.name, "")
        for column in form.fields
    ]


def _id(ids: Mapping[str, int], code: str) -> int | None:
    return ids[code] if code else None
