"""How the statements of other rooms append deltas: in their own transaction, by a common table expression."""

from haochaping.tallies.rules import MEASURES


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
        f"INSERT INTO tallies_delta (organisation_id, day, {columns}) "  # noqa: S608  (names are declared above)
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
