"""How the statements of other rooms append deltas: in their own transaction, by a common table expression."""

from typing import NamedTuple

from haochaping.tallies.declared import ORGANISATION_DAY, STAFF_MONTH
from haochaping.tallies.rules import MEASURES


class OfStaff(NamedTuple):
    """What a CTE with staff_id and service_day says of members of staff: by its column `level`, where it is not NULL;
    `prefix` and `sign` as in `append_levels`."""

    source: str
    prefix: str
    level: str = "level"
    sign: int = 1


def append_deltas(source: str, *, whose: str = "organisation_id", **measures: str) -> str:
    """INSERT of one delta for each row of the CTE `source`, which has organisation_id (or another `whose`) and service_day.

    `measures` maps a measure to an SQL expression over `source`, such as ``occasions="1"``.
    Raises ValueError for a measure that is not declared.
    """
    unknown = sorted(set(measures) - set(MEASURES))
    if unknown or not measures:
        raise ValueError(f"not a declared measure: {unknown}")
    columns = ", ".join(measures)
    values = ", ".join(measures.values())
    return (
        f"INSERT INTO {ORGANISATION_DAY.deltas} (organisation_id, day, {columns}) "  # noqa: S608  (names are declared)
        f"SELECT {whose}, service_day, {values} FROM {source}"
    )


def append_levels(source: str, *, prefix: str, sign: int = 1) -> str:
    """As `append_shared`, for rows with a `level`; `prefix` is "n" (by citizens) or "d" (defaults)."""
    measures = {
        f"{prefix}{level}": f"CASE WHEN level = {level} THEN {sign} * weight ELSE 0 END"
        for level in range(1, 6)
    }
    return append_shared(source, **measures)


def append_shared(source: str, **measures: str) -> str:
    """As `append_deltas`, for rows with `weight` and `shared_with`: for each of the organisations for which they count."""
    each = f"{source} CROSS JOIN LATERAL unnest(array_prepend(organisation_id, shared_with)) AS whose (counted_for)"
    return append_deltas(each, whose="counted_for", **measures)


def append_staff(*said: OfStaff) -> str:
    """INSERT of one delta for each member of staff and month of whom these say anything."""
    each = " UNION ALL ".join(
        f"SELECT staff_id, service_day, '{one.prefix}' || {one.level} AS measure, {one.sign} AS more"  # noqa: S608  (our own)
        f" FROM {one.source} WHERE {one.level} IS NOT NULL AND staff_id IS NOT NULL"
        for one in said
    )
    sums = ", ".join(
        f"coalesce(sum(more) FILTER (WHERE measure = '{measure}'), 0)" for measure in STAFF_MONTH.measures
    )
    return (
        f"INSERT INTO {STAFF_MONTH.deltas} (staff_id, month, {', '.join(STAFF_MONTH.measures)}) "  # noqa: S608  (declared)
        f"SELECT staff_id, service_day - (extract(day FROM service_day)::int - 1) AS month, {sums} "
        f"FROM ({each}) AS said GROUP BY 1, 2"
    )
