"""What was served, by whom, under which rules: the words of the page, out of the door's own copies."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import asyncpg
from msgspec import Struct

from haochaping.cases.token import RatingToken
from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.seen import carried
from haochaping.foundation.clock import local_day
from haochaping.intake.asking import asking
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.governing import Governed, governed
from haochaping.intake.lookups import NotAnswered
from haochaping.intake.services import Services
from haochaping.policy.profile import Profile
from haochaping.registry.directory import Directory

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

_PATIENCE_SECONDS = 5


class Away(Exception):
    """The database, or the copy of the registry, cannot be asked at the moment."""


class What(Struct, frozen=True, gc=False):
    """What was served and by whom, in words. `hall`, `window` and `staff` are "" where nobody sat at a window; `whole_hall`,
    `platform` and `guide` are what is rated by a static code, "" where it is not that."""

    item: str
    step: str
    organisation: str
    hall: str = ""
    window: str = ""
    staff: str = ""
    staff_code: str = ""
    whole_hall: str = ""
    platform: str = ""
    guide: str = ""


class Served(Struct, frozen=True, gc=False):
    """One occasion, at the instant for which it was asked. `what` gives its words: most ratings never show them. `nameless`:
    nobody knows who comes, so that 实名 cannot be chosen. `asks_case`: who comes may say for which case.

    `is_open`: whether it may be rated then; only until before `closes_at`, None where nothing closes it for certain.
    `carried`: what its page carries (`seen.py`)."""

    occasion_id: uuid.UUID
    governed: Governed
    what: Callable[[], What]
    is_open: bool
    closes_at: datetime | None
    nameless: bool = False
    asks_case: bool = False
    carried: Callable[[], str] = str

    @property
    def profile(self) -> Profile:
        """The rules for the question: what the citizen will say is not known yet."""
        return self.governed.rules()

    @property
    def last_day(self) -> date | None:
        """The last day for rating: it closes at 00:00 of the day after it."""
        return local_day(self.closes_at - timedelta(microseconds=1)) if self.closes_at else None

    def words(self, manner: Manner) -> dict[str, str]:
        """What the page says of it, by name; "" for what is not said."""
        what, day, last_day = self.what(), self.governed.occasion.service_day, self.last_day
        return {
            "item": what.item,
            "step": what.step if what.step != what.item else "",
            "organisation": what.organisation,
            "hall": what.hall,
            "window": what.window,
            "staff": what.staff,
            "staff_code": what.staff_code,
            "whole_hall": what.whole_hall,
            "platform": what.platform,
            "guide": what.guide,
            "day": day.isoformat(),
            "day_words": day_words(day, manner),
            "last_day": last_day.isoformat() if last_day else "",
            "last_day_words": day_words(last_day, manner) if last_day else "",
        }


def day_words(day: date, manner: Manner) -> str:
    """A day as it is written in the page's language."""
    said = catalogue(manner.language).gettext(mark("%(year)s年%(month)s月%(day)s日"))
    return said % {"year": day.year, "month": day.month, "day": day.day}


@asynccontextmanager
async def connected(services: Services) -> "AsyncIterator[PoolConnectionProxy[asyncpg.Record]]":
    """A connection for as long as a person waits. Raises Away when the database gives no answer in time."""
    try:
        async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
            yield connection
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise Away from error


async def served(services: Services, token: RatingToken, at: datetime) -> Served | None:
    """The occasion as the rater may see it at an instant; None when there is none. Raises Away."""
    try:
        row = await services.lookups.occasion(token.occasion_id, at)
    except NotAnswered as error:
        raise Away from error
    if row is None:
        return None
    names = Names(services, row["service_day"])
    return Served(
        occasion_id=token.occasion_id,
        governed=governed(services, row, channel=token.channel, at=at),
        what=partial(_what, row, names),
        is_open=row["is_open"],
        closes_at=row["closes_at"],
        carried=partial(carried, row),
    )


def _what(row: "asyncpg.Record", names: "Names") -> What:
    return What(
        item=names.of("item", row["item_id"]),
        step=row["service_name"],
        organisation=names.of("organisation", row["organisation_id"]),
        hall=names.of("hall", row["hall_id"]),
        window=names.of("window", row["window_id"]),
        staff=names.of("staff", row["staff_id"]),
        staff_code=names.staff_code(row["staff_id"]),
    )


def directory_of(services: Services) -> Directory:
    """The registry as it is known here. Raises Away when it has not been read yet."""
    try:
        return services.directory.current()
    except DirectoryNotRead as error:
        raise Away from error


class Names:
    """What things were called on a day. Raises Away when the registry has not been read yet."""

    def __init__(self, services: Services, day: date) -> None:
        self._directory = directory_of(services)
        self._day = day

    def of(self, sort: str, number: int | None) -> str:
        """The name of an item, organisation, hall, window or member of staff; "" when there is none."""
        if number is None:
            return ""
        directory = self._directory
        by_id = {
            "item": directory.item_by_id,
            "organisation": directory.organisation_by_id,
            "hall": directory.hall_by_id,
            "window": directory.window_by_id,
            "staff": directory.staff_by_id,
        }[sort]
        thing = by_id(number, self._day)
        return thing.name if thing else ""

    def staff_code(self, number: int | None) -> str:
        """The number on the badge; "" when there is none."""
        member = self._directory.staff_by_id(number, self._day) if number is not None else None
        return member.code if member else ""
