"""What the nightly export holds, in one place: four sets of rows, each by month of service, without anything that tells who
somebody is. The rooms that own the tables say how a row is made; here stands what columns it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from haochaping.cases.exported import OCCASIONS as _OCCASIONS
from haochaping.ratings.exported import DEFAULTS as _DEFAULTS
from haochaping.ratings.exported import RATINGS as _RATINGS
from haochaping.rectification.exported import ORDERS as _ORDERS

# With another one every month is written anew.
SCHEMA: Final = 1
_LIST: Final = "[]"


@dataclass(frozen=True, slots=True, eq=False)
class ExportedSet:
    """Rows of one kind. `rows`: the SELECT of them, for PostgreSQL; `columns`: name → type, for Parquet. `month` is the
    first day of the month by which they are kept apart; it is in no file."""

    name: str
    rows: str
    columns: Mapping[str, str]

    def as_text(self) -> str:
        """The same SELECT with each value as CSV has it."""
        shown = ", ".join(
            f"translate({name}::text, '{{}}', '[]') AS {name}" if kind.endswith(_LIST) else name
            for name, kind in self.columns.items()
        )
        return f"SELECT {shown} FROM ({self.rows}) AS exported"  # noqa: S608  (declared names)


_WHEN: Final = {"month": "DATE", "day": "DATE"}
_WHERE: Final = {
    "organisation_id": "INTEGER",
    "shared_with": "INTEGER[]",
    "hall_id": "INTEGER",
    "window_id": "INTEGER",
    "staff_id": "INTEGER",
    "item_id": "INTEGER",
    "weight": "SMALLINT",
}
RATINGS: Final = ExportedSet(
    "ratings",
    _RATINGS,
    {
        **_WHEN,
        "hour": "TINYINT",
        **_WHERE,
        "channel": "TINYINT",
        "origin": "VARCHAR",
        "named": "BOOLEAN",
        "level": "TINYINT",
        "staff_level": "TINYINT",
        "tags": "SMALLINT[]",
        "standing": "VARCHAR",
        "silence_level": "TINYINT",
    },
)
DEFAULTS: Final = ExportedSet("defaults", _DEFAULTS, {**_WHEN, **_WHERE, "level": "TINYINT"})
OCCASIONS: Final = ExportedSet("occasions", _OCCASIONS, {**_WHEN, **_WHERE, "late": "BOOLEAN"})
ORDERS: Final = ExportedSet(
    "orders",
    _ORDERS,
    {
        "month": "DATE",
        "week": "DATE",
        "organisation_id": "INTEGER",
        "handler_id": "INTEGER",
        "item_id": "INTEGER",
        "channel": "TINYINT",
        "named": "BOOLEAN",
        "tags": "SMALLINT[]",
        "state": "VARCHAR",
        "finding": "VARCHAR",
        "bad_class": "VARCHAR",
        "exclusion": "VARCHAR",
        "set_off": "VARCHAR",
        "opened_on": "DATE",
        "closed_on": "DATE",
        "due_on": "DATE",
    },
)
SETS: Final = (RATINGS, DEFAULTS, OCCASIONS, ORDERS)
