"""What coverage asks (Shandong HRSS, 一(二)): is every item, window and member of staff rateable, every channel connected?
Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

# Days of service that are looked at, unless somebody asks for others: a quarter.
DAYS: Final = 90
LONGEST: Final = 1_100
# A business system that has sent nothing for so many days is no longer connected.
SILENT_DAYS: Final = 7


class Kind(StrEnum):
    """What may have a gap."""

    ITEM = "item"
    WINDOW = "window"
    STAFF = "staff"
    HALL = "hall"
    CHANNEL = "channel"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of service, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not covered, by code and name. `channel` is the `pf` of a gap of that kind, `last_day` when a sender
    reported last (None: never)."""

    kind: Kind
    organisation_id: int
    code: str
    name: str
    channel: int | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of how many."""

    covered: int = 0
    total: int = 0

    def __add__(self, other: "Covered") -> "Covered":
        return Covered(self.covered + other.covered, self.total + other.total)

    @property
    def missing(self) -> int:
        return self.total - self.covered

    @property
    def tenths(self) -> int | None:
        """The share in tenths of a percent, rounded down: what is not whole is never shown as 100 %. None of nothing."""
        return 1000 * self.covered // self.total if self.total else None


@dataclass(frozen=True, slots=True)
class OrganisationCoverage:
    """One organisation's counts by kind; kinds of which it has nothing are there with 0 of 0."""

    id: int
    code: str
    name: str
    division: str
    counts: Mapping[Kind, Covered]

    @property
    def missing(self) -> int:
        return sum(each.missing for each in self.counts.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """Organisations by division and name; gaps by organisation in that order, then by kind and code."""

    span: Span
    organisations: tuple[OrganisationCoverage, ...]
    gaps: tuple[Gap, ...]

    @property
    def totals(self) -> Mapping[Kind, Covered]:
        return {
            kind: sum((each.counts[kind] for each in self.organisations), start=Covered()) for kind in Kind
        }
