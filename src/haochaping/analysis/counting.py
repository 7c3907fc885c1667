"""What the exported rows count for: SQL for DuckDB, put together of declared pieces only. The independent half of the proof
against the tallies, and the ground of every question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.analysis.sets import DEFAULTS, OCCASIONS, ORDERS, RATINGS, ExportedSet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# `kind`: n a rating by a citizen, d a default, o an occasion that may be rated, l one reported late, w a work order, x what
# counts for nothing. An occasion that counts no more with its rating is taken off again.
_COUNTS_AS: Final[Mapping[ExportedSet, str]] = {
    RATINGS: (
        "CASE standing WHEN 'counted' THEN 'n' WHEN 'silence' THEN 'd' WHEN 'left_out' THEN 'o' ELSE 'x' END AS kind, "
        "CASE WHEN standing = 'silence' THEN silence_level ELSE level END AS said, "
        "CASE WHEN standing = 'left_out' THEN -weight ELSE weight END AS number"
    ),
    DEFAULTS: "'d' AS kind, level AS said, weight AS number",
    OCCASIONS: "CASE WHEN late THEN 'l' ELSE 'o' END AS kind, 0 AS said, weight AS number",
    ORDERS: "'w' AS kind, 0 AS said, 1 AS number",
}


def _sum(condition: str, name: str) -> str:
    return f"coalesce(sum(number) FILTER (WHERE {condition}), 0)::BIGINT AS {name}"


# As `tallies.rules.MEASURES` has them.
SUMS: Final = ", ".join(
    (
        _sum("kind = 'o'", "occasions"),
        _sum("kind = 'l'", "late"),
        *(
            _sum(f"kind = '{kind}' AND said = {level}", f"{kind}{level}")
            for kind in "nd"
            for level in range(1, 6)
        ),
    )
)
ORDERS_SUM: Final = _sum("kind = 'w'", "orders")


def files(paths: Sequence[Path]) -> str:
    """A table of what these files hold; their paths are ours."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def rows_in(database: "DuckDBPyConnection", path: Path) -> int:
    """How many rows a file holds."""
    row = database.execute(f"SELECT count(*) FROM {files([path])}").fetchone()  # noqa: S608  (our own path)
    return int(row[0]) if row else 0


def counted(
    exported: ExportedSet,
    paths: Sequence[Path],
    columns: Mapping[str, str],
    *,
    by_tag: bool = False,
    shared: bool = True,
) -> str:
    """The rows of a set as they count: `whose`, `kind`, `said` (the level), `number`, and the `columns` (name → expression
    over the set's). With `shared` each once more for every other organisation for which it counts as well. `by_tag`: each
    once for every `tag` that it has, and not without one."""
    more = "".join(f", {expression} AS {name}" for name, expression in columns.items())
    source = files(paths)
    if by_tag:
        source = f"(SELECT *, unnest(tags) AS tag FROM {source})"  # noqa: S608  (declared names)
    rows = f"{_COUNTS_AS[exported]}{more} FROM {source}"
    once = f"SELECT organisation_id AS whose, {rows}"
    if not shared or "shared_with" not in exported.columns:
        return once
    return f"{once} UNION ALL SELECT unnest(shared_with) AS whose, {rows} WHERE shared_with IS NOT NULL"


def of_staff(ratings: Sequence[Path], defaults: Sequence[Path]) -> str:
    """Rows of what was said of members of staff and of silence about services that they gave, each once, as `counted` has
    them, by `whose` of the staff."""
    parts = []
    if ratings:
        parts += [
            f"SELECT staff_id AS whose, 'n' AS kind, staff_level AS said, 1 AS number FROM {files(ratings)}"  # noqa: S608
            " WHERE standing = 'counted' AND staff_level IS NOT NULL",
            f"SELECT staff_id, 'd', silence_level, 1 FROM {files(ratings)} WHERE standing = 'silence'",  # noqa: S608
        ]
    if defaults:
        parts.append(
            f"SELECT staff_id AS whose, 'd' AS kind, level AS said, 1 AS number FROM {files(defaults)}"  # noqa: S608
        )
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE whose IS NOT NULL"  # noqa: S608  (as above)
