"""What things were called on a day. Found also after their end: a work order of a merged organisation still shows the name
that it last had.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from haochaping.foundation.asked_once import steady
from haochaping.registry import models
from haochaping.registry.queries.records import latest, latest_of


def division_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    """Names as of the day (after the end: the last one), by id, without unknown ids. So the five below."""
    return names_of(models.DivisionRecord, "division", ids, on)


def organisation_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return {number: name for number, (name, _code) in organisations_called(ids, on).items()}


def organisations_called(ids: Collection[int], on: date) -> Mapping[int, tuple[str, str]]:
    """Likewise with the credit code, which never changes."""
    return _organisations(frozenset(ids), on)


def hall_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.HallRecord, "hall", ids, on)


def window_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.WindowRecord, "window", ids, on)


def staff_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.StaffRecord, "staff", ids, on)


def item_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.ItemRecord, "item", ids, on)


def items_called_then(pairs: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], tuple[str, str]]:
    """Items as each was called on a day of its own, with its handling-item code, by item and day: in one query whatever the
    days. So the four below, without codes."""
    records = _records_then(models.ItemRecord, "item", frozenset(pairs))
    return {key: (found.name, found.item.handle_item) for key, found in records.items()}


def item_names_then(pairs: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], str]:
    return _names_then(models.ItemRecord, "item", pairs)


def window_names_then(pairs: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], str]:
    return _names_then(models.WindowRecord, "window", pairs)


def hall_names_then(pairs: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], str]:
    return _names_then(models.HallRecord, "hall", pairs)


def organisation_names_then(pairs: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], str]:
    return _names_then(models.OrganisationRecord, "organisation", pairs)


def item_types(ids: Collection[int], on: date) -> Mapping[int, str]:
    """Type codes (`rules.TASK_TYPES`) as of the day, by id."""
    records = latest(models.ItemRecord, "item", on).filter(item_id__in=set(ids))
    return {each.item_id: each.task_type for each in records}


def division_codes(ids: Collection[int]) -> Mapping[int, str]:
    """Codes of divisions by id, without unknown ids: they never change."""
    return _codes(frozenset(ids))


def item_codes(ids: Collection[int]) -> Mapping[int, str]:
    """Handling-item codes by id, without unknown ids: they never change."""
    return dict(models.Item.objects.filter(id__in=set(ids)).values_list("id", "handle_item"))


@steady
def _codes(ids: frozenset[int]) -> Mapping[int, str]:
    return dict(models.Division.objects.filter(id__in=ids).values_list("id", "code"))


@steady
def _organisations(ids: frozenset[int], on: date) -> Mapping[int, tuple[str, str]]:
    chosen = latest(models.OrganisationRecord, "organisation", on).filter(organisation_id__in=ids)
    return {
        one.organisation_id: (one.name, one.organisation.credit_code)
        for one in chosen.select_related("organisation")
    }


def _names_then(
    record: type[Model], thing: str, pairs: Collection[tuple[int, date]]
) -> Mapping[tuple[int, date], str]:
    return {key: found.name for key, found in _records_then(record, thing, frozenset(pairs)).items()}


@steady
def _records_then(
    record: type[Model], thing: str, pairs: frozenset[tuple[int, date]]
) -> Mapping[tuple[int, date], Any]:
    if not pairs:
        return {}
    records: dict[int, list[Any]] = {}
    dated = record._default_manager.select_related(thing)
    for each in dated.filter(**{f"{thing}_id__in": {number for number, _ in pairs}}):
        records.setdefault(getattr(each, f"{thing}_id"), []).append(each)
    return {(number, on): latest_of(records[number], on) for number, on in pairs if number in records}


def names_of(record: type[Model], thing: str, ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(record, thing, frozenset(ids), on)


@steady
def _names(record: type[Model], thing: str, ids: frozenset[int], on: date) -> Mapping[int, str]:
    chosen = latest(record, thing, on).filter(**{f"{thing}_id__in": ids})
    return {getattr(one, f"{thing}_id"): one.name for one in chosen}
