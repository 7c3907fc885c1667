"""Which dated record of a thing counts on a day."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from django.db.models import Case, DateField, F, IntegerField, Model, Q, QuerySet, Value, When

from haochaping.registry.models import Dated

_D = TypeVar("_D", bound=Dated)


def valid(on: date) -> Q:
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def latest(record: type[Model], thing: str, on: date) -> "QuerySet[Any]":
    """One record of each thing: the one of the day, else the last before it, else the first after it.

    Periods of one thing never overlap: the last that has begun is that of the day or the one ended before it.
    """
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return (
        record._default_manager.annotate(
            later=Case(When(begun, then=Value(0)), default=Value(1), output_field=IntegerField()),
            began=Case(When(begun, then=F("valid_from")), output_field=DateField()),
        )
        .order_by(f"{thing}_id", "later", F("began").desc(nulls_last=True), "valid_from")
        .distinct(f"{thing}_id")
    )


def latest_of(records: "Collection[_D]", on: date) -> "_D":
    """The same choice among the records of one thing that are there already; at least one."""
    begun = [each for each in records if each.valid_from is None or each.valid_from <= on]
    if begun:
        return max(begun, key=lambda each: each.valid_from or date.min)
    return min(records, key=lambda each: each.valid_from or date.min)


def one(record: type[Model], thing: str, number: int | None, on: date) -> Any:
    """The record of one thing as of the day; None for none and for an unknown id."""
    if number is None:
        return None
    placed = [thing, "division"] if hasattr(record, "division") else [thing]
    return latest(record, thing, on).filter(**{f"{thing}_id": number}).select_related(*placed).first()
