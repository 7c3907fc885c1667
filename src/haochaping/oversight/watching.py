"""What is watched: through which ways and channels a rating can come, what the self-test looks at, and when something that
came has stopped to come. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.policy.watching import Thresholds
from haochaping.ratings.states import Origin

LEVELS: Final = (5, 4, 3, 2, 1)
# The kind of alarms about terms of keeping that were not carried out.
RETENTION: Final = "retention"
# The kind of the alarm about files of evidence that are missing.
EVIDENCE: Final = "evidence"
# The kind of the alarm about the nightly export.
EXPORT: Final = "export"
# The kind of the alarm about tallies that are not what their rows add up to.
TALLIES: Final = "tallies"
# The kind of the alarm about publications that are not as they were published, or missing.
PUBLICATIONS: Final = "publications"
# Alarms about something kept, not about a way to rate.
OF_THINGS: Final = frozenset({RETENTION, EVIDENCE, EXPORT, TALLIES, PUBLICATIONS})


class Way(StrEnum):
    """How the self-test rates."""

    FORM = "form"  # the citizen's page
    DEVICE = "device"  # JSON with a rating token
    CLIENT = "client"  # the same, signed by a business system
    NUMBER = "number"  # signed by a business system, by the number of the case


class Step(StrEnum):
    """What is looked at of each rating, in this order; the first that fails is what is told."""

    REPORT = "report"  # the occasion is accepted and rateable
    PAGE = "page"  # the rating page is shown
    RATE = "rate"  # the rating is taken, with a receipt
    STORED = "stored"  # it is kept as it was said
    TALLY = "tally"  # it is counted, once, under its level
    RECEIPT = "receipt"  # the receipt shows it
    ORDER = "order"  # a bad one has a work order, and its rater sees it


class Driven(NamedTuple):
    """A way with the door's route that it takes (method and pattern) and the channels (`pf`) by which it is driven."""

    way: Way
    route: tuple[str, str]
    channels: tuple[int, ...]


# A link or QR code opens the page; a tablet or terminal in the hall speaks JSON; a business system hands in from every
# channel, by the link that it holds and by the number of the case.
DRIVEN: Final = (
    Driven(Way.FORM, ("POST", "/r/{token}"), (*ONLINE, 3)),
    Driven(Way.DEVICE, ("POST", "/api/v1/ratings/{token}"), (4, 5)),
    Driven(Way.CLIENT, ("POST", "/api/v1/ratings/{token}"), (*ONLINE, *ON_THE_SPOT)),
    Driven(Way.NUMBER, ("POST", "/api/v1/ratings"), (*ONLINE, *ON_THE_SPOT)),
)

# Origins of ratings that no machine can play: said on the page of the self-test, so that nobody thinks they were tested.
NOT_DRIVEN: Final = frozenset({Origin.PAPER, Origin.HOTLINE, Origin.UPPER_PLATFORM, Origin.IMPORT})


class Cell(NamedTuple):
    """One rating of the self-test."""

    way: Way
    channel: int
    level: int


def cells() -> tuple[Cell, ...]:
    """All that a self-test rates: way by way, channel by channel, from the best level to the worst."""
    return tuple(
        Cell(driven.way, channel, level)
        for driven in DRIVEN
        for channel in driven.channels
        for level in LEVELS
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell: `step` is the first one that failed, None when all held; `reason` a word of ours or a code."""

    cell: Cell
    step: Step | None = None
    reason: str = ""


class Arrived(NamedTuple):
    """So many ratings of a level came through a channel on a day."""

    channel: int
    level: int
    day: date
    number: int


class Silence(NamedTuple):
    """A channel, or a level of it, through which nothing came after `last_day` though much had. `level` None: of any."""

    channel: int
    level: int | None
    last_day: date


def has_stopped(*, arrived: int, exposure: int, silent: int, one_in: int) -> bool:
    """Whether a silence is no chance. `arrived` came while `exposure` went by, none in the `silent` that followed.

    If each had been as likely to fall into the silence as into any other part, none would have with a probability of
    (exposure / (exposure + silent)) ** arrived: that is held against one in `one_in`. So two of a rare level, or a short
    silence, are never told; a level of which twenty came is, when as much again has gone by without one.
    """
    if arrived == 0 or exposure == 0 or silent == 0:
        return False
    return arrived * (Decimal(exposure + silent) / Decimal(exposure)).ln() >= Decimal(one_in).ln()


def silences(
    arrived: Iterable[Arrived], *, last: date, workdays: Collection[date], by: Thresholds
) -> tuple[Silence, ...]:
    """What has stopped by the end of the day `last`, by the thresholds of that day. A channel is measured by the working
    days of the span, because halls rest and the network does not; a level by all that comes through its channel, because how
    much comes changes."""
    by_channel: dict[int, dict[int, dict[date, int]]] = {}
    for one in arrived:
        by_channel.setdefault(one.channel, {}).setdefault(one.level, {})[one.day] = one.number
    found: list[Silence] = []
    for channel, levels in sorted(by_channel.items()):
        whole: dict[date, int] = {}
        for days in levels.values():
            for day, number in days.items():
                whole[day] = whole.get(day, 0) + number
        if _channel_stopped(whole, last, workdays, by):
            found.append(Silence(channel, None, max(whole)))
        found += [
            Silence(channel, level, max(days))
            for level, days in sorted(levels.items(), reverse=True)
            if _level_stopped(days, whole, by)
        ]
    return tuple(found)


def _channel_stopped(
    whole: Mapping[date, int], last: date, workdays: Collection[date], by: Thresholds
) -> bool:
    begun, ended = min(whole), max(whole)
    exposure = sum(begun <= day <= ended for day in workdays)
    silent = sum(ended < day <= last for day in workdays)
    arrived = sum(whole.values())
    return silent >= by.least_workdays and has_stopped(
        arrived=arrived, exposure=exposure, silent=silent, one_in=by.one_in
    )


def _level_stopped(days: Mapping[date, int], whole: Mapping[date, int], by: Thresholds) -> bool:
    ended = max(days)
    exposure = sum(number for day, number in whole.items() if day <= ended)
    silent = sum(number for day, number in whole.items() if day > ended)
    return has_stopped(arrived=sum(days.values()), exposure=exposure, silent=silent, one_in=by.one_in)
