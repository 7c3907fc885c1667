"""Entering the values that the rules take from outside: of a unit and period, with where they come from. What an official
enters counts when another one has confirmed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.foundation.ids import new_id
from haochaping.policy.owed import period_of
from haochaping.policy.profile import Profile
from haochaping.policy.spells import KINDS
from haochaping.policy.vocabulary import SCORED
from haochaping.registry import queries as registry
from haochaping.scoring.countable import external_names
from haochaping.scoring.models import EnteredValue
from haochaping.scoring.operations.reach import divisions_of

# What fits into the column: 18 digits before the point, six behind.
_MOST: Final = Decimal(10) ** 18
_PLACES: Final = Decimal("0.000001")
_SOURCE_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: its name in the rules, of which unit (a word of SCORED and the registry's id), over the period of this
    length with that day; from a document of the day `documented_on`."""

    name: str
    unit_kind: str
    unit_number: int
    kind: str
    day: date
    value: Decimal
    source: str
    documented_on: date | None = None


def unit_by_code(kind: str, code: str, *, on: date) -> tuple[int, str]:
    """The registry's id of an organisation (by its credit code) or a division, and the code of the division by whose
    rules it is scored. Raises NotFound."""
    if kind == "region":
        found = next((each for each in registry.division_tree(on) if each.code == code), None)
        if found is not None:
            return found.id, found.code
    else:
        number = registry.organisation_id_by_credit_code(code)
        whose = registry.organisation(number, on) if number is not None else None
        if whose is not None:
            return whose.id, whose.division_code
    raise NotFound("unit", _("登记库中没有代码为 %(code)s 的部门或者地区。") % {"code": code})


@transaction.atomic
def enter_value(entry: Entry, *, rules: Profile, actor: str, now: datetime) -> None:
    """Keeps a value that an operator enters by command; it counts at once. One that was entered before for the same stays
    and counts no more.

    Raises Refused for a name that no score of the rules takes, for a value that cannot be kept exactly, and without a
    source.
    """
    check(entry, rules)
    row = _row(entry, now, entered_by=actor)
    row.save(force_insert=True)
    audit.record(
        now=now, actor=actor, act="scoring.value_entered", subject=str(row.id), detail={"name": entry.name}
    )


@transaction.atomic
def propose_values(
    entries: Sequence[Entry], *, division_id: int, rules: Profile, official_id: UUID, now: datetime
) -> int:
    """Keeps values that an official of the authority of a division enters for units in it: all of them or none. They count
    when another person has confirmed them. Returns how many.

    Raises NotAllowed for another's division, Refused as `check` does.
    """
    who = officials.official(official_id=official_id, on=local_day(now))
    if who is None or division_id not in divisions_of(
        official_id=official_id, permission=Permission.RUN_SCORES, now=now
    ):
        raise NotAllowed("score_values", _("只能录入本单位负责的地方的外部值。"))
    for entry in entries:
        check(entry, rules)
        check_place(entry, division_id)
    by = {"division_id": division_id, "entered_by": who.label, "entered_by_id": official_id}
    rows = EnteredValue.objects.bulk_create(_row(entry, now, **by) for entry in entries)
    audit.record(
        now=now,
        actor=who.actor,
        act="scoring.values_proposed",
        subject=str(rows[0].id) if rows else "",
        detail={"number": len(rows), "names": sorted({entry.name for entry in entries})},
    )
    return len(rows)


@transaction.atomic
def decide_value(*, value_id: UUID, confirm: bool, official_id: UUID, now: datetime) -> None:
    """Confirms a value that another person of the same authority entered, so that it counts; or sends it back, and it never
    does. Raises NotFound, NotAllowed for who entered it himself, Conflict when it was decided already."""
    row = EnteredValue.objects.select_for_update().filter(pk=value_id, entered_by_id__isnull=False).first()
    who = officials.official(official_id=official_id, on=local_day(now))
    places = divisions_of(official_id=official_id, permission=Permission.SIGN_SCORES, now=now)
    if row is None or who is None or row.division_id not in places:
        raise NotFound("score_value", _("没有这个值，或者它不属于您负责的地方。"))
    if row.entered_by_id == official_id:
        raise NotAllowed("own_value", _("自己录入的值，由本单位的另一个人确认。"))
    if row.decided_at is not None:
        raise Conflict("decided_already", _("这个值已经有人确认或者退回。"))
    row.confirmed, row.decided_by, row.decided_by_id, row.decided_at = confirm, who.label, official_id, now
    row.save(update_fields=["confirmed", "decided_by", "decided_by_id", "decided_at"])
    audit.record(
        now=now,
        actor=who.actor,
        act="scoring.value_decided",
        subject=str(row.id),
        result="confirmed" if confirm else "sent_back",
        detail={"name": row.name},
    )


def check(entry: Entry, rules: Profile) -> None:
    """Raises Refused for a name that no score of the rules takes, for a value that cannot be kept exactly, and without a
    source."""
    known = external_names(rules)
    if entry.name not in known:
        message = _("规则中没有叫“%(name)s”的外部值。可以录入的有：%(known)s。")
        raise Refused(
            "name", message % {"name": entry.name, "known": "、".join(sorted(known)) or _("（没有）")}
        )
    if entry.unit_kind not in SCORED or entry.kind not in KINDS:
        raise Refused("unit", _("评分对象或者统计期的种类不对。"))
    if (
        not entry.value.is_finite()
        or abs(entry.value) >= _MOST
        or entry.value != entry.value.quantize(_PLACES)
    ):
        raise Refused("value", _("请填写一个数，小数点后不超过六位。"))
    if not 1 <= len(entry.source.strip()) <= _SOURCE_MOST:
        raise Refused("source", _("请写明这个值的来源，例如文件名称和文号。"))


def check_place(entry: Entry, division_id: int) -> None:
    """Raises NotFound for a unit that is not of the place."""
    on = period_of(entry.kind, entry.day).last
    below = registry.divisions_below(division_id, on)
    whose = registry.organisation(entry.unit_number, on) if entry.unit_kind == "organisation" else None
    division = whose.division_id if whose is not None else entry.unit_number
    if (entry.unit_kind == "organisation") != (whose is not None) or division not in below:
        raise NotFound("unit", _("这个部门或者地区不属于所选的地方。"))


def _row(entry: Entry, now: datetime, **by: object) -> EnteredValue:
    return EnteredValue(
        id=new_id(now),
        name=entry.name,
        unit_kind=entry.unit_kind,
        unit_number=entry.unit_number,
        kind=entry.kind,
        first=period_of(entry.kind, entry.day).first,
        value=entry.value,
        source=entry.source.strip(),
        documented_on=entry.documented_on,
        entered_at=now,
        **by,
    )
