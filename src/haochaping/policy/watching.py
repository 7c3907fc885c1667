"""From when on ratings that came and come no longer are told of: thresholds as data (`rules/watching.toml`), and an
operator's own in their place, from the day that he decides. Pure.

No document lays them down: the product's own are its makers' choice and say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from haochaping.policy.cited_files import Stamp, cited, documents, stamp
from haochaping.policy.rule_files import operator_dir
from haochaping.policy.sources import RULES_DIR, RulesError, read_content

FILE: Final = "watching.toml"
_LIST: Final = "thresholds"
# What a number may be: below, chance alone would raise alarms every week; above, nothing ever would.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "one_in": (1_000, 1_000_000_000_000),
    "looked_back": (14, 366),
    "least_workdays": (1, 10),
}
_ENTRY: Final = frozenset({"from", "document", "article", "reading", *BOUNDS})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A silence is told that comes by chance once in `one_in`; `looked_back` days are looked at; a channel may rest for
    fewer working days than `least_workdays`. In force `since` a day, by a `citation` of `decided_by`, of the day
    `decided_on`.
    """

    one_in: int
    looked_back: int
    least_workdays: int
    since: date
    citation: str
    decided_by: str
    decided_on: date
    reading: str


def thresholds(day: date) -> Thresholds:
    """Those in force on a day: the operator's latest, else the product's. Raises RulesError for a file that cannot be
    used."""
    own = operator_dir()
    above = own / FILE if own is not None else None
    mine = _read(stamp(above)) if above is not None and above.exists() else ()
    return _in_force(mine, day) or _first(day)


def known_thresholds(day: date) -> Thresholds:
    """The same for whoever must go on: while the operator's file cannot be used, the product's."""
    try:
        return thresholds(day)
    except RulesError:
        return _first(day)


def _first(day: date) -> Thresholds:
    """The product's; its first ones before they were written, as nobody decided otherwise then."""
    found = _read(stamp(RULES_DIR / FILE))
    return _in_force(found, day) or found[0]


def _in_force(entries: tuple[Thresholds, ...], day: date) -> Thresholds | None:
    begun = [each for each in entries if each.since <= day]
    return begun[-1] if begun else None


@lru_cache(maxsize=8)
def _read(file: Stamp) -> tuple[Thresholds, ...]:
    """In the order of their days. Raises RulesError."""
    content, _ = read_content(file[0], root=file[0].parent)
    if unknown := content.keys() - {"documents", _LIST}:
        problem = f"is not known here; expected [documents] and [[{_LIST}]]"
        raise RulesError(FILE, min(unknown), problem)
    entries: Any = content.get(_LIST)
    if not isinstance(entries, list) or not entries:
        raise RulesError(FILE, _LIST, f"is missing; expected [[{_LIST}]], each from a day")
    named = documents(content, FILE)
    found = sorted((_entry(each, named) for each in entries), key=lambda each: each.since)
    days = [each.since for each in found]
    if len(set(days)) != len(days):
        raise RulesError(FILE, f"{_LIST}.from", "is there twice; expected one entry a day")
    return tuple(found)


def _entry(entry: Any, named: Mapping[str, Any]) -> Thresholds:
    since = entry.get("from") if isinstance(entry, dict) else None
    if type(since) is not date:
        raise RulesError(FILE, f"{_LIST}.from", "is missing; expected a day such as 2026-12-01")
    place = f"{_LIST}.{since}"
    if unknown := entry.keys() - _ENTRY:
        raise RulesError(FILE, f"{place}.{min(unknown)}", "is not known here")
    document, citation = cited(entry, named, place=place, file=FILE)
    return Thresholds(
        one_in=_number(entry, "one_in", place),
        looked_back=_number(entry, "looked_back", place),
        least_workdays=_number(entry, "least_workdays", place),
        since=since,
        citation=citation,
        decided_by=document.issuer,
        decided_on=document.issued,
        reading=str(entry.get("reading", "")),
    )


def _number(entry: Mapping[str, Any], name: str, place: str) -> int:
    value, (least, most) = entry.get(name), BOUNDS[name]
    if type(value) is not int or not least <= value <= most:
        raise RulesError(FILE, f"{place}.{name}", f"expected a whole number from {least} to {most}")
    return value
