"""The filters of the desk as they stand in its address. What is no filter of ours is passed over, and nothing in an address
is personal."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from haochaping.rectification.listing import Carrier, DeskFilter, Due, LedgerFilter, Outcome, Show
from haochaping.rectification.states import State
from haochaping.registry.rules import TASK_TYPES

# A class that nobody has given yet, in an address.
UNCLASSIFIED: Final = "none"
_LONGEST_NUMBER: Final = 9
_KEY: Final = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_YES_NO: Final[Mapping[str, bool]] = {"yes": True, "no": False}
_E = TypeVar("_E", bound=StrEnum)


def desk_filter(asked: Mapping[str, str]) -> DeskFilter:
    """Out of the fields of the desk's form."""
    said = {name: _key(asked.get(name, "")) for name in _FIELDS}
    return DeskFilter(
        show=_one_of(Show, said["show"]) or Show.OPEN,
        due=_one_of(Due, said["due"]),
        state=_one_of(State, said["state"]),
        organisation=number_in(said["unit"]),
        item_type=said["type"] if said["type"] in TASK_TYPES else "",
        bad_class="" if said["class"] == UNCLASSIFIED else said["class"] or None,
        carrier=_one_of(Carrier, said["channel"]),
        joint=_YES_NO.get(said["joint"]),
        contested=_YES_NO.get(said["contested"]),
        named=_YES_NO.get(said["named"]),
        week=_monday(said["week"]),
        after=said["after"],
        before=said["before"],
    )


def desk_query(asked: DeskFilter, **instead: str) -> str:
    """The address of a filter, without its page; `instead`: other values for fields of the form, "" for none."""
    said = {name: told(asked) for name, told in _TOLD.items()} | instead
    return urlencode({name: value for name, value in said.items() if value})


def is_narrowed(asked: DeskFilter) -> bool:
    """Whether anything but the list was asked for."""
    return bool(desk_query(asked, show=""))


def ledger_filter(asked: Mapping[str, str]) -> LedgerFilter:
    """Out of the fields of the ledger's form."""
    return LedgerFilter(
        organisation=number_in(asked.get("unit", "")),
        outcome=_one_of(Outcome, asked.get("outcome", "")),
        late=_YES_NO.get(asked.get("late", "")),
        page=number_in(asked.get("page", "")) or 1,
    )


def ledger_query(asked: LedgerFilter) -> str:
    """The address of a filter of the ledger, without its page."""
    said = {
        "unit": str(asked.organisation or ""),
        "outcome": asked.outcome or "",
        "late": _yes_no(asked.late),
    }
    return urlencode({name: value for name, value in said.items() if value})


def number_in(text: str) -> int | None:
    """A whole number as people type it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _key(text: str) -> str:
    """As what we put into addresses looks; "" for anything else."""
    return text.strip() if _KEY.fullmatch(text.strip()) else ""


def _one_of(kind: type[_E], text: str) -> _E | None:
    return kind(text) if text in list(kind) else None


def _monday(text: str) -> date | None:
    """The Monday of the week of a day: no finer is asked for than is shown."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day - timedelta(days=day.weekday()) if day.year > 1 else None


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


_TOLD: Final[Mapping[str, Callable[[DeskFilter], str]]] = {
    "show": lambda asked: asked.show,
    "due": lambda asked: asked.due or "",
    "state": lambda asked: asked.state or "",
    "unit": lambda asked: str(asked.organisation or ""),
    "type": lambda asked: asked.item_type,
    "class": lambda asked: UNCLASSIFIED if asked.bad_class == "" else asked.bad_class or "",
    "channel": lambda asked: asked.carrier or "",
    "joint": lambda asked: _yes_no(asked.joint),
    "contested": lambda asked: _yes_no(asked.contested),
    "named": lambda asked: _yes_no(asked.named),
    "week": lambda asked: asked.week.isoformat() if asked.week else "",
}
_FIELDS: Final = (*_TOLD, "after", "before")
