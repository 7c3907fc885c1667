"""What may be laid down for a business system that calls the API: its rights, for whom it may report, how far its clock
may be off, how much it may send. Pure: the door asks here too."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a client may do: a closed list."""

    REPORT = "report"  # report service occasions
    RATE = "rate"  # hand in ratings, signed, in its own dialect
    QUARANTINE = "quarantine"  # read what was kept aside of its own reports


class Reach(StrEnum):
    """For which organisations a client may report."""

    PLATFORM = "platform"  # whatever its platform reports: every organisation
    OWN = "own"  # its own organisation; of an authority also all of its division and of the divisions below
    LISTED = "listed"  # those on its list, and no other


# How many seconds a caller's clock may be off, either way.
TOLERANCE: Final = 300
TOLERANCES: Final = range(30, 901)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a client may send: calls and records a second in the long run, and how many at once after a pause.

    Every number is at least 1; `records_burst` does not bound a call, which may carry 10,000 records however small it is:
    what goes beyond is waited for before the next call.
    """

    calls: int = 100
    calls_burst: int = 1_000
    records: int = 5_000
    records_burst: int = 100_000


def allowance(
    calls: int | None, calls_burst: int | None, records: int | None, records_burst: int | None
) -> Allowance:
    """The limits of a client, the product's own where none of its own is laid down."""
    own = Allowance()
    return Allowance(
        calls or own.calls,
        calls_burst or own.calls_burst,
        records or own.records,
        records_burst or own.records_burst,
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """The organisation of a client (registry id) and how far from it the client may report; `listed` are registry ids."""

    organisation_id: int
    reach: Reach = Reach.PLATFORM
    listed: Collection[int] = frozenset()
