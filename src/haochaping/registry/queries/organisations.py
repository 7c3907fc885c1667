"""Organisations of a day, and who looks after whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from haochaping.foundation.asked_once import steady
from haochaping.registry import models
from haochaping.registry.queries.divisions import subtree
from haochaping.registry.queries.names import division_names
from haochaping.registry.queries.records import latest, valid
from haochaping.registry.rules import AUTHORITY, name_key


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as it was on a day. `kind` is one of rules.KINDS, `department` its line, "" for none."""

    id: int
    credit_code: str
    name: str
    division_id: int
    division_code: str
    division_name: str
    kind: str
    department: str = ""


@steady
def organisation_id_by_credit_code(code: str) -> int | None:
    """The organisation's id, whether it still exists or not; None for an unknown code."""
    return models.Organisation.objects.filter(credit_code=code).values_list("id", flat=True).first()


def names_by_credit_code(codes: Collection[str], on: date) -> Mapping[str, str]:
    """Names as of the day by credit code, without unknown codes."""
    records = latest(models.OrganisationRecord, "organisation", on).select_related("organisation")
    chosen = records.filter(organisation__credit_code__in=set(codes))
    return {one.organisation.credit_code: one.name for one in chosen}


@steady
def organisation(organisation_id: int, on: date) -> OrganisationView | None:
    """The organisation as of the day (after its end: as it last was); None for an unknown id."""
    records = latest(models.OrganisationRecord, "organisation", on).filter(organisation_id=organisation_id)
    found = _views(records.select_related("organisation", "division"), on)
    return found[0] if found else None


def organisations_ever(ids: Collection[int], on: date) -> list[OrganisationView]:
    """Those of these ids that the registry knows as of the day (after their end: as they last were), by id."""
    records = latest(models.OrganisationRecord, "organisation", on).filter(organisation_id__in=set(ids))
    found = _views(records.select_related("organisation", "division"), on)
    return sorted(found, key=lambda each: each.id)


@steady
def organisations(on: date) -> tuple[OrganisationView, ...]:
    """All organisations valid on the day but for the self-test's, by division code, then by name."""
    records = models.OrganisationRecord.objects.filter(valid(on), division__trial=False)
    return _views(records.select_related("organisation", "division"), on)


@steady
def scope_of(organisation_id: int, on: date) -> frozenset[int]:
    """The ids of the organisations that this one looks after.

    An authority has all of its division and of those below, the ended ones too, by where they last were (a
    renamed division counts where its successor is). Any other organisation has itself, an unknown id nothing.
    """
    own = (
        latest(models.OrganisationRecord, "organisation", on).filter(organisation_id=organisation_id).first()
    )
    if own is None:
        return frozenset()
    if own.kind != AUTHORITY:
        return frozenset({organisation_id})
    below = subtree(own.division_id, on)
    records = latest(models.OrganisationRecord, "organisation", on)
    return frozenset(one.organisation_id for one in records if one.division_id in below)


@steady
def authority_of(organisation_id: int, on: date) -> OrganisationView | None:
    """The authority of the organisation's own division; for an authority, itself.

    It is the 同级政务服务管理部门 that decides on objections (Kunming, article 10).

    None when the division has none on that day, or for an unknown id.
    """
    own = organisation(organisation_id, on)
    return _authority_in(own.division_id, on) if own else None


@steady
def authority_above(organisation_id: int, on: date) -> OrganisationView | None:
    """The authority of the nearest division above that has one: for where the rated is an authority."""
    above = (_authority_in(division.division_id, on) for division in _divisions_up(organisation_id, on)[1:])
    return next((found for found in above if found), None)


@steady
def authorities(on: date) -> dict[int, int]:
    """Division → its authority on the day: of several the one with the first code, as `authority_of` has it."""
    valid_ones = models.OrganisationRecord.objects.filter(valid(on), kind=AUTHORITY)
    rows = valid_ones.order_by("-organisation__credit_code").values_list("division_id", "organisation_id")
    return dict(rows)


def homes(organisations: Collection[int], on: date, *, kind: str = "") -> dict[int, int]:
    """Organisation → its division as of the day (after its end: as it last was); unknown ids are left out, and those of
    another `kind` where one is given."""
    return _homes(frozenset(organisations), on, kind)


@steady
def _homes(organisations: frozenset[int], on: date, kind: str) -> dict[int, int]:
    found = latest(models.OrganisationRecord, "organisation", on).filter(organisation_id__in=organisations)
    rows = found.values_list("organisation_id", "division_id", "kind")
    return {number: division for number, division, its in rows if kind in ("", its)}


def _divisions_up(organisation_id: int, on: date) -> list[models.DivisionRecord]:
    """The organisation's own division and those above it, each once."""
    own = organisation(organisation_id, on)
    records = {one.division_id: one for one in latest(models.DivisionRecord, "division", on)}
    found: dict[int, models.DivisionRecord] = {}
    at = own.division_id if own else None
    while at is not None and at in records and at not in found:
        found[at] = records[at]
        at = records[at].parent_id
    return list(found.values())


def _views(records: Iterable[models.OrganisationRecord], on: date) -> tuple[OrganisationView, ...]:
    records = list(records)
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
            department=one.department,
        )
        for one in records
    )
    return tuple(sorted(views, key=lambda view: (view.division_code, name_key(view.name), view.credit_code)))


def _authority_in(division_id: int, on: date) -> OrganisationView | None:
    records = models.OrganisationRecord.objects.filter(valid(on), division_id=division_id, kind=AUTHORITY)
    first = records.order_by("organisation__credit_code").values_list("organisation_id", flat=True).first()
    return organisation(first, on) if first is not None else None
