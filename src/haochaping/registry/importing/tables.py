"""The tables behind the forms: one for the thing with its code, one for its dated records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Model

from haochaping.registry import models
from haochaping.registry.importing.comparing import Comparison, Stored
from haochaping.registry.importing.forms import VALID_TO, Form
from haochaping.registry.importing.reading import Entry

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """Where a form is kept; `owner` is the record's foreign key to its thing."""

    thing: type[Model]
    record: type[Model]
    owner: str


TABLES: Mapping[str, Table] = {
    "divisions": Table(models.Division, models.DivisionRecord, "division"),
    "organisations": Table(models.Organisation, models.OrganisationRecord, "organisation"),
    "halls": Table(models.Hall, models.HallRecord, "hall"),
    "windows": Table(models.Window, models.WindowRecord, "window"),
    "staff": Table(models.Staff, models.StaffRecord, "staff"),
    "items": Table(models.Item, models.ItemRecord, "item"),
}

# The column that holds a thing's code, by form: what a reference is spelled with.
Keys = Mapping[str, str]


def stored(form: Form, keys: Keys) -> list[Stored]:
    """All records of the form's table, their references spelled as codes as in the file."""
    table = TABLES[form.name]
    spelled = {
        column.name: F(f"{column.name}__{keys[column.refers]}" if column.refers else column.name)
        for column in form.fields
    }
    rows = table.record._default_manager.values_list(
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
    table.thing._default_manager.bulk_create((table.thing(**{form.key: code}) for code in missing), _BATCH)


def write_records(comparison: Comparison, forms: Mapping[str, Form]) -> None:
    """Adds, alters and ends the records; all things of all forms must be there."""
    form, table = comparison.form, TABLES[comparison.form.name]
    needed = {form.name, *(column.refers for column in form.fields if column.refers)}
    ids = {name: _ids(forms[name]) for name in needed}
    make = table.record
    table.record._default_manager.bulk_create(
        (
            make(
                **{f"{table.owner}_id": ids[form.name][entry.code]},
                **_attributes(form, entry, entry.fields, ids),
            )
            for entry in comparison.new
        ),
        _BATCH,
    )
    altered = [
        make(pk=old.pk, **_attributes(form, entry, {**old.fields, **entry.fields}, ids))
        for old, entry in comparison.changed
    ]
    names = [f"{column.name}_id" if column.refers else column.name for column in form.fields]
    _update(table.record, altered, [*names, VALID_TO])
    _update(table.record, [make(pk=old.pk, valid_to=last) for old, last in comparison.ended], [VALID_TO])


def _update(record: type[Model], rows: Iterable[Model], names: list[str]) -> None:
    fields = [name.removesuffix("_id") for name in names]
    record._default_manager.bulk_update(rows, fields, _BATCH)


def _ids(form: Form) -> dict[str, int]:
    return dict(TABLES[form.name].thing._default_manager.values_list(form.key, "pk"))


def _attributes(
    form: Form, entry: Entry, fields: Mapping[str, str], ids: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    attributes: dict[str, date | str | int | None] = {"valid_from": entry.start, "valid_to": entry.end}
    for column in form.fields:
        value = fields.get(column.name, "")
        if column.refers:
            attributes[f"{column.name}_id"] = ids[column.refers][value] if value else None
        else:
            attributes[column.name] = value
    return attributes
