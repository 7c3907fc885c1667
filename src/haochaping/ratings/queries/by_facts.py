"""Services and what was said of them, counted from the rows by facts by which no tally is kept: for who may read rows, a job
and no page.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from haochaping.cases.facts import CHANNELS
from haochaping.ratings.fragments import STANDING_RATINGS, UNCOUNTED_OCCASIONS, VOIDED_RATINGS
from haochaping.ratings.states import Origin, VoidEffect
from haochaping.registry.fragments import through_time
from haochaping.registry.rules import ITEM_TYPES
from haochaping.tallies.rules import Counts

# By what services can be picked, each as SQL over the occasion `o`. Handled online is handled in no hall (`cases.facts`).
_OF_SERVICE: Final = {
    "place": "coalesce(nullif(o.place, ''), halls.fact, '')",
    "item_type": "coalesce(items.fact, '')",
    **{name: f"coalesce(o.{name}, '')" for name in ("case_type", "form", "stage", "rater")},
}
_JOINS: Final = {
    "place": ("halls", through_time("hall", "kind"), "p.hall_id"),
    "item_type": ("items", through_time("item", "task_type"), "p.item_id"),
}
FACTS: Final = frozenset(_OF_SERVICE)
# What was entered for the rater came by no page of ours, whatever `pf` its record has.
_ENTERED: Final = {
    Origin.PAPER.value: "paper",
    Origin.HOTLINE.value: "hotline",
    Origin.UPPER_PLATFORM.value: "upper_platform",
}
CHANNEL_WORDS: Final = frozenset({*CHANNELS.values(), *_ENTERED.values()})
_COLUMNS: Final = (
    "occasion_id, organisation_id, shared_with, hall_id, window_id, item_id, staff_id, service_day"
)
_NOBODY: Final = "NULL::smallint AS channel, '' AS origin, NULL::boolean AS named"
_SHARED: Final = "CROSS JOIN LATERAL unnest(array_prepend(p.organisation_id, p.shared_with)) AS f (whose)"


@dataclass(frozen=True, slots=True)
class Picked:
    """Counts of whoever has this registry id. `facts`: by the names that were asked for, "" for not known; `channel`: a word
    of the rules; both channel and `named` are of ratings alone, "" and None for services and silence."""

    whose: int
    facts: tuple[tuple[str, str], ...]
    channel: str
    named: bool | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom: "organisation" (all for which it counts), "hall", "window", "item" or "staff"; by which of FACTS. `of_staff`:
    what was said of members of staff themselves and their services, each once. Of the services of these days, both included,
    of items of those that these `organisations` gave. `without`: ratings that are left out, though their services are not.
    """

    kind: str
    facts: Collection[str]
    of_staff: bool
    first: date
    last: date
    organisations: Collection[int]
    without: Collection[UUID]


def counted_by_facts(asked: Asked) -> Iterator[Picked]:
    """Services that may be rated, ratings and defaults by level, as the tallies count them."""
    names = sorted(asked.facts)
    within: dict[str, Any] = {"first": asked.first, "last": asked.last, "without": list(asked.without)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(asked, names), {**within, "organisations": list(asked.organisations)})
        rows = cursor.fetchall()
    found: dict[tuple[object, ...], dict[str, int]] = {}
    for *key, measure, number in rows:
        found.setdefault(tuple(key), {})[measure] = int(number)
    for (whose, channel, origin, named, *said), counts in found.items():
        words = tuple((name, _word(name, str(each))) for name, each in zip(names, said, strict=True))
        yield Picked(whose, words, _channel(channel, str(origin)), named, Counts(**counts))  # type: ignore[arg-type]


def _word(name: str, said: str) -> str:
    return ITEM_TYPES.get(said, "") if name == "item_type" else said


def _channel(channel: object, origin: str) -> str:
    return _ENTERED.get(origin) or CHANNELS.get(channel, "")  # type: ignore[call-overload]


def _statement(asked: Asked, names: list[str]) -> str:
    shared = asked.kind == "organisation" and not asked.of_staff
    whose = "f.whose" if shared else f"p.{asked.kind}_id"
    only = [f"{whose} IS NOT NULL"]
    only += ["p.staff_id IS NOT NULL"] if asked.of_staff else []
    # Others may serve the same item elsewhere: what they do is theirs.
    only += ["p.organisation_id = ANY (%(organisations)s::integer[])"] if asked.kind == "item" else []
    columns = ", ".join([whose, "p.channel", "p.origin", "p.named", *(_OF_SERVICE[name] for name in names)])
    groups = ", ".join(map(str, range(1, 6 + len(names))))
    joins = " ".join(
        f"LEFT JOIN {spans} {alias} ON {alias}.id = {column} AND {alias}.since <= p.service_day "
        f"AND p.service_day < {alias}.until"
        for name in names
        if name in _JOINS
        for alias, spans, column in [_JOINS[name]]
    )
    return (
        f"SELECT {columns}, p.measure, sum(p.number)::bigint FROM ({_parts(of_staff=asked.of_staff)}) AS p "  # noqa: S608
        f"LEFT JOIN cases_serviceoccasion o ON o.id = p.occasion_id {joins} {_SHARED if shared else ''} "
        f"WHERE {' AND '.join(only)} GROUP BY {groups}"
    )


def _parts(*, of_staff: bool) -> str:
    """What adds to which measure, and what takes off."""
    number, said = ("1", "staff_level") if of_staff else ("weight", "level")
    silent = "coalesce(occasion_id, id) AS occasion_id, " + _COLUMNS.partition(", ")[2]
    parts = (
        (_COLUMNS, "channel, origin, named", f"'n' || {said}", 1, STANDING_RATINGS, _said(said)),
        (silent, _NOBODY, "'d' || level", 1, "ratings_defaultrating", "superseded_at IS NULL"),
        (_COLUMNS, _NOBODY, "'d' || level", 1, VOIDED_RATINGS, f"effect = '{VoidEffect.DEFAULT}'"),
        (_COLUMNS, _NOBODY, "'occasions'", -1, VOIDED_RATINGS, f"effect = '{VoidEffect.NOT_COUNTED}'"),
        (_COLUMNS, _NOBODY, "'occasions'", -1, UNCOUNTED_OCCASIONS, "true"),
        (
            _COLUMNS.replace("occasion_id", "id AS occasion_id", 1),
            _NOBODY,
            "'occasions'",
            1,
            "cases_serviceoccasion",
            "weight > 0 AND NOT late",
        ),
    )
    return " UNION ALL ".join(
        f"SELECT {columns}, {voice}, {measure} AS measure, {sign} * {number} AS number FROM {rows} "  # noqa: S608
        f"WHERE {only} AND service_day BETWEEN %(first)s AND %(last)s"
        for columns, voice, measure, sign, rows, only in parts
    )


def _said(level: str) -> str:
    return f"{level} IS NOT NULL AND NOT rating_id = ANY(%(without)s::uuid[])"
