"""Where an occasion stands in the registry: the facts of the day by which rules are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.foundation.asked_once import steady
from haochaping.foundation.errors import NotFound
from haochaping.registry import fragments, models
from haochaping.registry.directory import Directory
from haochaping.registry.queries.names import division_codes, division_names
from haochaping.registry.queries.records import latest, one, valid
from haochaping.registry.rules import ITEM_TYPES
from haochaping.registry.situations import Situation, narrowest

_KINDS: Final[Mapping[str, Promise]] = {
    "organisation": gettext_lazy("单位"),
    "hall": gettext_lazy("大厅"),
    "item": gettext_lazy("事项（办理项编码）"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A situation with the names of what has a code in it, by the same words; `project_type` is the item's, or ""."""

    situation: Situation
    names: Mapping[str, str]
    project_type: str


def edition() -> int:
    """The number of the registry's last change; 0 when nothing was ever imported."""
    return models.Edition.objects.filter(id=1).values_list("number", flat=True).first() or 0


@steady
def situation(
    *, division_id: int, organisation_id: int | None, hall_id: int | None, item_id: int | None, day: date
) -> Situation | None:
    """The facts of the day by which rules are chosen; None for an unknown division, "" for what else is unknown.

    For one occasion; whoever asks for many takes a `directory`, which answers the same.
    """
    code = division_codes({division_id}).get(division_id)
    if code is None:
        return None
    return _situation(
        code,
        one(models.OrganisationRecord, "organisation", organisation_id, day),
        one(models.HallRecord, "hall", hall_id, day),
        one(models.ItemRecord, "item", item_id, day),
    )


def described(
    *, organisation: str, hall: str = "", item: str = "", on: date, strict: bool = True
) -> Described:
    """The same by codes, for whoever asks what applies to an organisation: in the division of the organisation.

    `strict`: what is not valid on the day is refused, else it is as it last was. Raises NotFound saying which code.
    """
    of = _by_code(models.OrganisationRecord, "organisation", "credit_code", organisation, on, strict=strict)
    at = _by_code(models.HallRecord, "hall", "code", hall, on, strict=strict) if hall else None
    about = _by_code(models.ItemRecord, "item", "handle_item", item, on, strict=strict) if item else None
    found = _situation(models.Division.objects.get(id=of.division_id).code, of, at, about)
    names = {"organisation": of.name, "division": division_names([of.division_id], on)[of.division_id]}
    names |= {"hall": at.name} if at else {}
    names |= {"item": about.name} if about else {}
    return Described(found, names, about.project_type if about else "")


def directory() -> Directory:
    """The whole registry in memory, for bulk work; the same copy that the door keeps."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    with connection.cursor() as cursor:
        for name, statement in fragments.DIRECTORY.items():
            cursor.execute(statement)
            rows[name] = cursor.fetchall()
    return Directory(edition=edition(), **rows)


def _situation(
    division: str,
    organisation: models.OrganisationRecord | None,
    hall: models.HallRecord | None,
    item: models.ItemRecord | None,
) -> Situation:
    places = [each.division.code for each in (hall, organisation) if each]
    return Situation(
        narrowest(division, *places),
        organisation=organisation.organisation.credit_code if organisation else "",
        department=organisation.department if organisation else "",
        hall=hall.hall.code if hall else "",
        place=hall.kind if hall else "",
        item=item.item.handle_item if item else "",
        item_type=ITEM_TYPES.get(item.task_type, "") if item else "",
    )


def _by_code(record: type[models.Dated], thing: str, key: str, code: str, on: date, *, strict: bool) -> Any:
    """The record of the day of what has this code. Raises NotFound."""
    known = latest(record, thing, on).filter(**{f"{thing}__{key}": code}).select_related(thing)
    found = known.filter(valid(on)).first() if strict else known.first()
    if found is not None:
        return found
    where = {"kind": _KINDS[thing], "code": code, "day": on.isoformat()}
    if known.exists():
        raise NotFound(
            f"ended_{thing}", _("%(kind)s %(code)s 在登记库中，但在 %(day)s 无效。请核对日期。") % where
        )
    raise NotFound(
        f"unknown_{thing}", _("登记库中没有%(kind)s %(code)s。请核对代码，或先导入登记数据。") % where
    )
