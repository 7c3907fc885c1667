"""What things were called on a day. Found also after their end: a work order of a merged organisation still shows the name
that it last had.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Model

from haochaping.registry import models
from haochaping.registry.queries.records import latest


def division_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    """Names as of the day (after the end: the last one), by id, without unknown ids. So the five below."""
    return names_of(models.DivisionRecord, "division", ids, on)


def organisation_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.OrganisationRecord, "organisation", ids, on)


def hall_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.HallRecord, "hall", ids, on)


def window_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.WindowRecord, "window", ids, on)


def staff_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.StaffRecord, "staff", ids, on)


def item_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return names_of(models.ItemRecord, "item", ids, on)


def item_codes(ids: Collection[int]) -> Mapping[int, str]:
    """Handling-item codes by id, without unknown ids: they never change."""
    return dict(models.Item.objects.filter(id__in=set(ids)).values_list("id", "handle_item"))


def names_of(record: type[Model], thing: str, ids: Collection[int], on: date) -> Mapping[int, str]:
    chosen = latest(record, thing, on).filter(**{f"{thing}_id__in": set(ids)})
    return {getattr(one, f"{thing}_id"): one.name for one in chosen}
