"""The two instants of an occasion that is waited for - its window closes, silence counts - and what they are counted from.

Pure. Intake derives them, a later result and a new calendar derive them again: all by `derive`, from the same facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from haochaping.cases.formats import instant
from haochaping.cases.rules import Record
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import CalendarMissing
from haochaping.policy.counting import Course, Due, counts_days
from haochaping.policy.limits import Span
from haochaping.policy.profile import Profile


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case has come; it belongs to the case, whichever of its occasions was reported with it."""

    status: int
    accepted_at: datetime
    result_at: datetime | None = None
    delivered_at: datetime | None = None

    @property
    def accepted_day(self) -> date:
        """The local day on which the case was accepted."""
        return local_day(self.accepted_at)

    def merged(self, other: "Progress") -> "Progress":
        """Status, result and delivery only go forward, whatever came first."""
        return Progress(
            max(self.status, other.status),
            min(self.accepted_at, other.accepted_at),
            _later(self.result_at, other.result_at),
            _later(self.delivered_at, other.delivered_at),
        )

    def events(self, service_at: datetime) -> dict[str, datetime]:
        """What has happened to an occasion of this case, by the events from which limits run.

        Before anybody has rated, the only thing that is notified is the result, to the applicant.
        """
        found = {
            "acceptance": self.accepted_at,
            "service": service_at,
            "result": self.result_at,
            "delivery": self.delivered_at,
            "notification": self.delivered_at,
        }
        return {event: at for event, at in found.items() if at is not None}


def progress_of(record: Record) -> Progress:
    """How far a well-formed record says that its case has come."""
    accepted_at = _at(record, "acceptDate")
    if accepted_at is None:
        raise ValueError("acceptDate was not checked before")
    return Progress(
        int(record["proStatus"]), accepted_at, _at(record, "resultDate"), _at(record, "deliveryDate")
    )


class Instants(NamedTuple):
    """What is stored of an occasion that is waited for, in the order of WAITING_COLUMNS behind its id.

    `window_at`: the first instant at which the window is closed; None where none is laid down, or the event from which it
    runs has not happened (尚未起算). `default_at`: when silence counts as `silence_level`; None as well. `silence_level` is
    None where silence stays silence. `after_default`: whether a rating may follow the default, then until before
    `after_at` (None: for ever); `default_stays`: it does not take the default's place, which alone is counted. What is
    provisional (推定) sets nothing off.
    """

    window_at: datetime | None
    window_provisional: bool
    default_at: datetime | None
    default_provisional: bool
    silence_level: int | None
    after_default: bool
    default_stays: bool
    after_at: datetime | None
    after_provisional: bool

    def closed(self, at: datetime) -> bool:
        """Whether the window is over for certain: what is reported only then is late (迟报)."""
        return self.window_at is not None and not self.window_provisional and at >= self.window_at

    def defaulted(self, at: datetime) -> bool:
        """Whether silence has counted by then for certain."""
        return self.default_at is not None and not self.default_provisional and at >= self.default_at

    def window(self) -> tuple[datetime | None, bool]:
        """When the window closes, and whether that is provisional; `default` and `after` likewise."""
        return self.window_at, self.window_provisional

    def default(self) -> tuple[datetime | None, bool]:
        return self.default_at, self.default_provisional

    def after(self) -> tuple[datetime | None, bool]:
        return self.after_at, self.after_provisional


def derive(profile: Profile, events: Mapping[str, datetime], *, known_at: datetime) -> Instants:
    """Both instants by the rules of the occasion, from what has happened; each independent of the other.

    `known_at`: when the report came in that says so. A default whose instant had passed by then is never taken, because
    nobody could have broken the silence.
    """
    course = Course(events)
    window = _due(profile, profile.window.value if profile.window else None, course)
    rule = profile.default.value if profile.default else None
    silence = _due(profile, rule.limit if rule else None, course)
    if silence is not None and not silence.provisional and silence.due_at <= known_at:
        rule = silence = None
    after = profile.after_default.value if profile.after_default else None
    follows = silence is not None and after is not None and after.allowed
    until = until_after(profile, events, silence) if follows and silence else None
    return Instants(
        *_columns(window),
        *_columns(silence),
        silence_level=rule.level if rule else None,
        after_default=follows,
        default_stays=follows and after is not None and not after.replaces,
        after_at=until.due_at if until else None,
        after_provisional=until.provisional if until else False,
    )


@lru_cache(maxsize=512)
def by_days(profile: Profile) -> bool:
    """Whether instants derived from events on the same legal days are the same, whatever the hour."""
    default, after = profile.default, profile.after_default
    limits = (
        profile.window.value if profile.window else None,
        default.value.limit if default else None,
        after.value.limit if after else None,
    )
    return all(counts_days(limit) for limit in limits if limit is not None)


def until_after(profile: Profile, events: Mapping[str, datetime], silence: Due) -> Due | None:
    """Until when a rating may follow this default, None: for ever. Unsettled while the default is."""
    rule = profile.after_default
    course = Course({**events, "default": silence.due_at})
    found = _due(profile, rule.value.limit if rule else None, course)
    return found and found._replace(provisional=found.provisional or silence.provisional)


def _due(profile: Profile, limit: Span | None, course: Course) -> Due | None:
    """As the profile says; None as well beyond all calendars: what a slip of the keyboard puts into the year 9999 has not
    happened, and must not hold up the other records of a call."""
    try:
        return profile.due(limit, course)
    except (CalendarMissing, OverflowError, ValueError):
        return None


def _columns(due: Due | None) -> tuple[datetime | None, bool]:
    return (due.due_at, due.provisional) if due else (None, False)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _at(record: Record, name: str) -> datetime | None:
    return instant(record[name]) if name in record else None
