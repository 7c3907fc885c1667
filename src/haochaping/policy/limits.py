"""How long: a limit as a regulation words it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from haochaping.policy.shapes import LONGEST, Matching, OneOf, Range
from haochaping.policy.vocabulary import BODIES, EVENTS, MEANS, ROLLS, UNITS

Event = Annotated[str, OneOf(EVENTS)]
Body = Annotated[str, OneOf(BODIES, prefix="named:")]
Means = Annotated[str, OneOf(MEANS)]
Word = Annotated[str, Matching(r"[a-z][a-z0-9_]{0,39}", "a short name of a-z, 0-9 and _")]

# Units that are counted in whole legal days; the others run from the instant of the event.
DAY_UNITS = frozenset(
    {"workday", "calendar_day", "week", "month", "year", "week_end", "month_end", "quarter_end", "year_end"}
)
END_UNITS = frozenset({"week_end", "month_end", "quarter_end", "year_end"})


@dataclass(frozen=True, slots=True)
class Span:
    """`n` units `after` (or `before`) an event. The last day is wholly in time."""

    n: Annotated[
        int, Range(0, LONGEST), "how many; 0 is the day of the event itself (当日), or the period's own end"
    ]
    unit: Annotated[str, OneOf(UNITS), "what is counted"]
    after: Annotated[Event | None, "counted forward from this event; or `before`, one of both"] = None
    before: Annotated[Event | None, "counted backward: at least n units before this event"] = None
    count_first: Annotated[bool | None, "is the event's day itself the first? day units must say it"] = None
    roll: Annotated[str, OneOf(ROLLS), "where a last day falls that is no working day"] = "none"
    start_on_workday: Annotated[bool, "an event on a day off counts as of the next working day"] = False
    cutoff: Annotated[time | None, "an event at or after this time of day counts as of the next day"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if (self.after is None) == (self.before is None):
            yield "after", "give one of `after` and `before`"
        counted = self.unit in DAY_UNITS - END_UNITS
        if counted and self.count_first is None and self.n > 0:
            yield "count_first", f"is missing: a limit in {self.unit} says if the event's day is the first"
        if not counted and self.count_first is not None:
            yield "count_first", f"has no meaning for {self.unit}"
        if self.n == 0 and (self.count_first is not None or self.unit not in DAY_UNITS):
            yield "n", "0 is the day of the event itself: a unit of days, without `count_first`"
        if self.before is not None and (
            self.unit in END_UNITS | {"working_hour"} or self.start_on_workday or self.cutoff
        ):
            yield "before", "is counted in minutes, hours, days, weeks, months or years from the event alone"


@dataclass(frozen=True, slots=True)
class Limit(Span):
    """A span with what bounds and stops it."""

    cap: Annotated[Span | None, "and not later than this (whichever is earlier)"] = None
    floor: Annotated[Span | None, "but not earlier than this (whichever is later)"] = None
    suspended_by: Annotated[
        tuple[Event, ...], "while a step that began with one of these is pending, the clock stands still"
    ] = ()

    def by_day_of(self, event: str) -> bool:
        """Whether the day of this one event decides the end alone: counted forward in days, with no cutoff and no pause."""
        spans = [self, *(each for each in (self.cap, self.floor) if each is not None)]
        return not self.suspended_by and all(
            span.after == event and span.unit in DAY_UNITS and span.cutoff is None for span in spans
        )

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Span.mistakes(self)
        if self.before is not None and self.suspended_by:
            yield "suspended_by", "a limit before an event cannot stand still"
