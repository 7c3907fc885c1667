"""How long: a limit as a regulation words it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Final

from haochaping.policy.shapes import LONGEST, Matching, OneOf, Range
from haochaping.policy.vocabulary import BODIES, EVENTS, MEANS, ROLLS, UNITS

Event = Annotated[str, OneOf(EVENTS, prefix="named:")]
Body = Annotated[str, OneOf(BODIES, prefix="named:")]
Means = Annotated[str, OneOf(MEANS)]
Word = Annotated[str, Matching(r"[a-z][a-z0-9_]{0,39}", "a short name of a-z, 0-9 and _")]

# Units that are counted in whole legal days; the others run from the instant of the event.
DAY_UNITS = frozenset(
    {"workday", "calendar_day", "week", "month", "year", "week_end", "month_end", "quarter_end", "year_end"}
)
WHICHEVER: Final = {"first": "以先发生者为准", "last": "以后发生者为准"}
END_UNITS = frozenset({"week_end", "month_end", "quarter_end", "year_end"})
# Which event ends the step that another one began: while it is pending a limit may stand still.
PAUSES: Final[Mapping[str, str]] = {
    "objection": "decision",
    "objection_acceptance": "decision",
    "appeal": "appeal_decision",
    "extension_request": "extension",
    "return": "dispatch",
    "suspension": "resumption",
}


@dataclass(frozen=True, slots=True)
class Span:
    """`n` units `after` (or `before`) an event. The last day is wholly in time."""

    n: Annotated[
        int,
        Range(0, LONGEST),
        "how many; 0 is the event's own day (当日), its instant (before it), or the period's own end",
    ]
    unit: Annotated[str, OneOf(UNITS), "what is counted"]
    after: Annotated[Event | None, "counted forward from this event; or `before`, one of both"] = None
    before: Annotated[Event | None, "counted backward: at least n units before this event"] = None
    count_first: Annotated[bool | None, "is the event's day itself the first? day units must say it"] = None
    roll: Annotated[str, OneOf(ROLLS), "where a last day falls that is no working day"] = "none"
    start_on_workday: Annotated[bool, "an event on a day off counts as of the next working day"] = False
    cutoff: Annotated[time | None, "an event at or after this time of day counts as of the next day"] = None
    from_opening: Annotated[bool, "an event outside office hours counts as of their next beginning"] = False
    until: Annotated[time | None, "the last day ends at this time of day"] = None
    or_after: Annotated[
        tuple[Event, ...], "or from one of these; `whichever` says from which (办结或者送达之日起)"
    ] = ()
    whichever: Annotated[
        str | None,
        OneOf(WHICHEVER),
        "with `or_after`: which event counts; the last one only when all have happened",
    ] = None

    def starts(self) -> tuple[str, ...]:
        """The events of which one begins it."""
        return (self.after or self.before or "", *self.or_after)

    def start(self, events: Mapping[str, datetime]) -> str | None:
        """The event from which it is counted, of those that have happened; None while that is not known."""
        if not self.or_after:
            # Nearly all of them, and counted by the million.
            event = self.after or self.before
            return event if event in events else None
        known = [event for event in self.starts() if event in events]
        if not known or (self.whichever == "last" and len(known) <= len(self.or_after)):
            return None
        return (max if self.whichever == "last" else min)(known, key=events.__getitem__)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if (self.after is None) == (self.before is None):
            yield "after", "give one of `after` and `before`"
        if bool(self.or_after) != (self.whichever is not None):
            yield (
                "whichever",
                'stands with `or_after`: whichever = "first" (以先者为准) or "last" (以后者为准)',
            )
        if self.or_after and self.after is None:
            yield "or_after", "stands beside `after`"
        if self.after in self.or_after:
            yield "or_after", f"{self.after} is given twice"
        counted = self.unit in DAY_UNITS - END_UNITS
        if counted and self.count_first is None and self.n > 0:
            yield "count_first", f"is missing: a limit in {self.unit} says if the event's day is the first"
        if not counted and self.count_first is not None:
            yield "count_first", f"has no meaning for {self.unit}"
        if self.n == 0 and (self.count_first is not None or self.unit == "working_hour"):
            yield (
                "n",
                "0 is the day of the event itself, or its instant: without `count_first`, and not in working hours",
            )
        moved = bool(self.cutoff or self.from_opening or self.start_on_workday)
        if self.before is not None and (self.unit in END_UNITS | {"working_hour"} or moved):
            yield "before", "is counted in minutes, hours, days, weeks, months or years from the event alone"
        if self.until is not None and self.unit not in DAY_UNITS:
            yield "until", f"has no meaning for {self.unit}: it says when the last day ends"
        if self.from_opening and (self.cutoff or self.start_on_workday or self.unit == "working_hour"):
            yield (
                "from_opening",
                "says all of it: leave out `cutoff` and `start_on_workday`, count no working hours",
            )


@dataclass(frozen=True, slots=True)
class Limit(Span):
    """A span with what bounds and stops it."""

    then: Annotated[Span | None, 'and from that end so long again (`after = "due"`): 次月10日前'] = None
    cap: Annotated[Span | None, "and not later than this (whichever is earlier)"] = None
    floor: Annotated[Span | None, "but not earlier than this (whichever is later)"] = None
    suspended_by: Annotated[
        tuple[Event, ...], "while a step that began with one of these is pending, the clock stands still"
    ] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Span.mistakes(self)
        if self.before is not None and self.suspended_by:
            yield "suspended_by", "a limit before an event cannot stand still"
        if self.then is not None and self.then.after != "due":
            yield "then.after", 'is counted from where the first span ends: expected "due"'
        for index, word in enumerate(self.suspended_by):
            if word not in PAUSES:
                known = ", ".join(sorted(PAUSES))
                yield f"suspended_by[{index}]", f"nothing ends {word}; what can be pending: {known}"
