"""Reads of the registry. `on` is a legal day.

Lists give what is valid on that day. Names and single things by id are found also after their end: a work
order of a merged organisation still shows the name that it last had.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, IntegerField, Model, Q, QuerySet, Value, When

from haochaping.registry import fragments, models
from haochaping.registry.directory import Directory
from haochaping.registry.rules import AUTHORITY, ITEM_TYPES, name_key
from haochaping.registry.situations import Situation


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as it was on a day. `kind` is one of rules.KINDS."""

    id: int
    credit_code: str
    name: str
    division_id: int
    division_code: str
    division_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall as it was on a day."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as it was on a day; `code` is the handling-item code. Type codes are the national convention's."""

    code: str
    name: str
    task_type: str
    project_type: str


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division in the tree of a day. `depth` is 0 for the topmost; `parent_id` is None there."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    depth: int


def edition() -> int:
    """The number of the registry's last change; 0 when nothing was ever imported."""
    return models.Edition.objects.filter(id=1).values_list("number", flat=True).first() or 0


def organisation_id_by_credit_code(code: str) -> int | None:
    """The organisation's id, whether it still exists or not; None for an unknown code."""
    return models.Organisation.objects.filter(credit_code=code).values_list("id", flat=True).first()


def organisation(organisation_id: int, on: date) -> OrganisationView | None:
    """The organisation as of the day (after its end: as it last was); None for an unknown id."""
    found = _organisation_views([organisation_id], on)
    return found[0] if found else None


def organisations(on: date) -> tuple[OrganisationView, ...]:
    """All organisations valid on the day, by division code, then by name."""
    valid = models.OrganisationRecord.objects.filter(_valid(on)).values_list("organisation_id", flat=True)
    return _organisation_views(list(valid), on)


def division_tree(on: date) -> tuple[DivisionView, ...]:
    """All divisions valid on the day, each parent before its children, by code among themselves.

    One whose parent is not valid on the day stands at the top.
    """
    records = list(models.DivisionRecord.objects.filter(_valid(on)).select_related("division"))
    known = {record.division_id for record in records}
    children: dict[int | None, list[models.DivisionRecord]] = {}
    for record in sorted(records, key=lambda one: one.division.code):
        above = record.parent_id if record.parent_id in known else None
        children.setdefault(above, []).append(record)
    tree: list[DivisionView] = []

    def descend(above: int | None, depth: int) -> None:
        for one in children.get(above, ()):
            tree.append(DivisionView(one.division_id, one.division.code, one.name, one.level, above, depth))
            descend(one.division_id, depth + 1)

    descend(None, 0)
    return tuple(tree)


def scope_of(organisation_id: int, on: date) -> frozenset[int]:
    """The ids of the organisations that this one looks after.

    An authority has all of its division and of those below, the ended ones too, by where they last were (a
    renamed division counts where its successor is). Any other organisation has itself, an unknown id nothing.
    """
    own = (
        _latest(models.OrganisationRecord, "organisation", on).filter(organisation_id=organisation_id).first()
    )
    if own is None:
        return frozenset()
    if own.kind != AUTHORITY:
        return frozenset({organisation_id})
    below = _subtree(own.division_id, on)
    records = _latest(models.OrganisationRecord, "organisation", on)
    return frozenset(one.organisation_id for one in records if one.division_id in below)


def authority_of(organisation_id: int, on: date) -> OrganisationView | None:
    """The authority of the organisation's own division; for an authority, itself.

    It is the 同级政务服务管理部门 that decides on objections (Kunming, article 10).

    None when the division has none on that day, or for an unknown id.
    """
    own = organisation(organisation_id, on)
    return _authority_in(own.division_id, on) if own else None


def authority_above(organisation_id: int, on: date) -> OrganisationView | None:
    """The authority of the nearest division above that has one: for where the rated is an authority."""
    own = organisation(organisation_id, on)
    if own is None:
        return None
    parents = {one.division_id: one.parent_id for one in _latest(models.DivisionRecord, "division", on)}
    seen: set[int] = set()
    above = parents.get(own.division_id)
    while above is not None and above not in seen:
        seen.add(above)
        if found := _authority_in(above, on):
            return found
        above = parents.get(above)
    return None


def division_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    """Names as of the day (after the end: the last one), by id, without unknown ids. So the five below."""
    return _names(models.DivisionRecord, "division", ids, on)


def organisation_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(models.OrganisationRecord, "organisation", ids, on)


def hall_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(models.HallRecord, "hall", ids, on)


def window_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(models.WindowRecord, "window", ids, on)


def staff_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(models.StaffRecord, "staff", ids, on)


def item_names(ids: Collection[int], on: date) -> Mapping[int, str]:
    return _names(models.ItemRecord, "item", ids, on)


def halls_of(organisation_id: int, on: date) -> tuple[HallView, ...]:
    """The halls in which the organisation has a window on that day, by name."""
    at_windows = models.WindowRecord.objects.filter(_valid(on), organisation_id=organisation_id)
    records = models.HallRecord.objects.filter(
        _valid(on), hall_id__in=at_windows.values("hall_id")
    ).select_related("hall")
    views = [HallView(one.hall.code, one.name) for one in records]
    return tuple(sorted(views, key=lambda view: (name_key(view.name), view.code)))


def items_of(organisation_id: int, on: date) -> tuple[ItemView, ...]:
    """The items that the organisation handles on that day, by name."""
    records = models.ItemRecord.objects.filter(_valid(on), organisation_id=organisation_id).select_related(
        "item"
    )
    views = [ItemView(one.item.handle_item, one.name, one.task_type, one.project_type) for one in records]
    return tuple(sorted(views, key=lambda view: (name_key(view.name), view.code)))


def situation(
    *, division_id: int, organisation_id: int | None, hall_id: int | None, item_id: int | None, day: date
) -> Situation | None:
    """The facts of the day by which rules are chosen; None for an unknown division, "" for what else is unknown.

    For one occasion; whoever asks for many takes a `directory`, which answers the same.
    """
    division = models.Division.objects.filter(id=division_id).first()
    if division is None:
        return None
    organisation = _one(models.OrganisationRecord, "organisation", organisation_id, day)
    hall = _one(models.HallRecord, "hall", hall_id, day)
    item = _one(models.ItemRecord, "item", item_id, day)
    return Situation(
        division.code,
        organisation=organisation.organisation.credit_code if organisation else "",
        department=organisation.department if organisation else "",
        hall=hall.hall.code if hall else "",
        place=hall.kind if hall else "",
        item=item.item.handle_item if item else "",
        item_type=ITEM_TYPES.get(item.task_type, "") if item else "",
    )


def directory() -> Directory:
    """The whole registry in memory, for bulk work; the same copy that the door keeps."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    with connection.cursor() as cursor:
        for name, statement in fragments.DIRECTORY.items():
            cursor.execute(statement)
            rows[name] = cursor.fetchall()
    return Directory(edition=edition(), **rows)


def _valid(on: date) -> Q:
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _latest(record: type[Model], thing: str, on: date) -> "QuerySet[Any]":
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


def _one(record: type[Model], thing: str, number: int | None, on: date) -> Any:
    """The record of one thing as of the day; None for none and for an unknown id."""
    if number is None:
        return None
    return _latest(record, thing, on).filter(**{f"{thing}_id": number}).select_related(thing).first()


def _names(record: type[Model], thing: str, ids: Collection[int], on: date) -> Mapping[int, str]:
    chosen = _latest(record, thing, on).filter(**{f"{thing}_id__in": set(ids)})
    return {getattr(one, f"{thing}_id"): one.name for one in chosen}


def _organisation_views(ids: Collection[int], on: date) -> tuple[OrganisationView, ...]:
    records = list(
        _latest(models.OrganisationRecord, "organisation", on)
        .filter(organisation_id__in=set(ids))
        .select_related("organisation", "division")
    )
    divisions = division_names({one.division_id for one in records}, on)
    views = (
        OrganisationView(
            id=one.organisation_id,
            credit_code=one.organisation.credit_code,
            name=one.name,
            division_id=one.division_id,
            division_code=one.division.code,
            division_name=divisions[one.division_id],
            kind=one.kind,
        )
        for one in records
    )
    return tuple(sorted(views, key=lambda view: (view.division_code, name_key(view.name), view.credit_code)))


def _subtree(top: int, on: date) -> frozenset[int]:
    children: dict[int | None, list[int]] = {}
    for one in _latest(models.DivisionRecord, "division", on):
        ended = one.valid_to is not None and one.valid_to < on
        above = one.successor_id if ended and one.successor_id else one.parent_id
        children.setdefault(above, []).append(one.division_id)
    found, ahead = {top}, [top]
    while ahead:
        below = [number for number in children.get(ahead.pop(), ()) if number not in found]
        found.update(below)
        ahead.extend(below)
    return frozenset(found)


def _authority_in(division_id: int, on: date) -> OrganisationView | None:
    records = models.OrganisationRecord.objects.filter(_valid(on), division_id=division_id, kind=AUTHORITY)
    first = records.order_by("organisation__credit_code").values_list("organisation_id", flat=True).first()
    return organisation(first, on) if first is not None else None
