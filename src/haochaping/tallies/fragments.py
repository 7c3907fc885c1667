"""How the statements of other rooms append changes: in their own transaction, by one common table expression, one change for
each fact, or for all that are equal, and organisation for which it counts."""

from typing import Final, NamedTuple

from haochaping.tallies.rules import Correction
from haochaping.tallies.sources import CHANGES

# In which column a fact is counted, by its place.
_COLUMNS: Final = (
    *(f"n{level}" for level in range(1, 6)),
    *(f"d{level}" for level in range(1, 6)),
    "occasions",
    "late",
)
_BEGIN: Final = {"n": "level", "d": "level + 5", "occasions": "11", "late": "12"}
# Of the organisation to which it belongs alone: another one that it counts for has it at no window, by no member of staff.
_ITS_OWN: Final = {
    "hall_id": "int",
    "window_id": "int",
    "item_id": "int",
    "staff_id": "int",
    "staff_level": "smallint",
}
_OF_RATING: Final = {"channel": "smallint", "named": "boolean", "tags": "smallint[]"}
# By all of this facts are equal, and by how often they count.
_EQUAL: Final = ", ".join(
    ("organisation_id", "shared_with", "service_day", *_ITS_OWN, *_OF_RATING, "counted_in", "why")
)


class Fact(NamedTuple):
    """Facts to be counted: a row each of the CTE `source`, which has organisation_id, service_day, hall_id, window_id,
    item_id, staff_id, weight and shared_with; of `only` these.

    `measure`: "n" (ratings by citizens) and "d" (defaults) by the column `level`, "occasions" or "late". `sign` -1 takes
    back what was counted. `staff_level`, `tags`: SQL for what a rating says of its member of staff and with which tags, NULL
    for nothing; a `rating` has `channel` and `named` as well. `why`: it corrects what was counted before.
    """

    source: str
    measure: str
    sign: int = 1
    only: str = "true"
    level: str = "level"
    staff_level: str = "NULL"
    tags: str = "NULL"
    rating: bool = False
    why: Correction | None = None

    def rows(self) -> str:
        """SELECT of these, one row a fact."""
        column = _BEGIN[self.measure].replace("level", self.level)
        of_rating = {"channel": "channel", "named": "named", "tags": f"nullif({self.tags}, '{{}}')"}
        values = {
            **{name: self.staff_level if name == "staff_level" else name for name in _ITS_OWN},
            **{name: of_rating[name] if self.rating else "NULL" for name in _OF_RATING},
        }
        types = {**_ITS_OWN, **_OF_RATING}
        typed = ", ".join(f"{value}::{types[name]} AS {name}" for name, value in values.items())
        return (
            f"SELECT organisation_id, shared_with, service_day, {typed}, {column} AS counted_in, "  # noqa: S608  (our own)
            f"{self.sign} * weight AS more, {self.sign} AS times, {int(self.why or 0)} AS why "
            f"FROM {self.source} WHERE {self.only}"
        )


def append(*facts: Fact, together: bool = False) -> str:
    """INSERT of one change for each of these and each organisation for which it counts. `together`: of one for all that are
    equal, where thousands are stored at once; one holds at most 32,767. Raises KeyError for a measure that is not declared.
    """
    own = (f"CASE WHEN whose.place = 1 THEN fact.{name} END" for name in _ITS_OWN)
    of_rating = (f"fact.{name}" for name in _OF_RATING)
    used = _used(facts)
    measures = (
        f"CASE WHEN counted_in = {place} THEN more ELSE 0 END"
        for place, name in enumerate(_COLUMNS, 1)
        if name in used
    )
    # Who corrects nothing has not to say so each time.
    why = ("why",) if any(fact.why for fact in facts) else ()
    counted = (name for name in _COLUMNS if name in used)
    columns = ("organisation_id", "day", *_ITS_OWN, *_OF_RATING, "times", *why, *counted)
    values = ("whose.counted_for", "fact.service_day", *own, *of_rating, "fact.times", *why, *measures)
    each = " UNION ALL ".join(fact.rows() for fact in facts)
    if together:
        sums = "sum(one.more) AS more, sum(times) AS times"
        each = f"SELECT {_EQUAL}, {sums} FROM ({each}) AS one GROUP BY {_EQUAL}, one.more"  # noqa: S608
    return (
        f"INSERT INTO {CHANGES} ({', '.join(columns)}) SELECT {', '.join(values)} FROM ({each}) AS fact "  # noqa: S608
        "CROSS JOIN LATERAL unnest(array_prepend(fact.organisation_id, fact.shared_with)) "
        "WITH ORDINALITY AS whose (counted_for, place)"
    )


def _used(facts: tuple[Fact, ...]) -> frozenset[str]:
    kinds = {fact.measure for fact in facts}
    return frozenset(name for name in _COLUMNS if name in kinds or name[:-1] in kinds)


# What a call reports, added up by place: pairwise $1 organisations, $2 days, $3 halls, $4 windows, $5 items, $6 members of
# staff, $7 occasions, $8 late, $9 how many occasions that is.
APPEND_REPORTED: Final = f"""
INSERT INTO {CHANGES} (organisation_id, day, hall_id, window_id, item_id, staff_id, occasions, late, times)
SELECT * FROM unnest($1::int[], $2::date[], $3::int[], $4::int[], $5::int[], $6::int[], $7::smallint[], $8::smallint[],
                     $9::smallint[])
"""  # noqa: S608  (a declared name)
