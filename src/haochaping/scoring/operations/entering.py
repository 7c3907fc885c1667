"""Entering the values that the rules take from outside: of a unit and period, with where they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit import operations as audit
from haochaping.foundation.errors import NotFound, Refused
from haochaping.foundation.ids import new_id
from haochaping.policy.owed import period_of
from haochaping.policy.profile import Profile
from haochaping.policy.spells import KINDS
from haochaping.policy.vocabulary import SCORED
from haochaping.registry import queries as registry
from haochaping.scoring.countable import external_names
from haochaping.scoring.models import EnteredValue

# What fits into the column: 18 digits before the point, six behind.
_MOST: Final = Decimal(10) ** 18
_PLACES: Final = Decimal("0.000001")
_SOURCE_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: its name in the rules, of which unit (a word of SCORED and the registry's id), over the period of this
    length with that day."""

    name: str
    unit_kind: str
    unit_number: int
    kind: str
    day: date
    value: Decimal
    source: str


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
    """Keeps a value; one that was entered before for the same stays and counts no more.

    Raises Refused for a name that no score of the rules takes, for a value that cannot be kept exactly, and without a
    source.
    """
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
    period = period_of(entry.kind, entry.day)
    row = EnteredValue.objects.create(
        id=new_id(now),
        name=entry.name,
        unit_kind=entry.unit_kind,
        unit_number=entry.unit_number,
        kind=entry.kind,
        first=period.first,
        value=entry.value,
        source=entry.source.strip(),
        entered_by=actor,
        entered_at=now,
    )
    audit.record(
        now=now, actor=actor, act="scoring.value_entered", subject=str(row.id), detail={"name": entry.name}
    )
