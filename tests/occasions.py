"""Occasions that wait for their rating, put straight into the tables: what the tests of door, writer and
sweep begin with.
"""

import uuid
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

import asyncpg
from django.db import connection

from haochaping.foundation.ids import new_id
from haochaping.ratings.rules import RatingContent

SERVICE_DAY = date(2026, 11, 20)
SUBJECT = (SERVICE_DAY, 53, 530, 7, 8, 9, 10, "kunming")


def database_address() -> str:
    """The address of the test database, for what speaks to it without Django."""
    values = connection.settings_dict
    place = urlencode({"host": values["HOST"], "port": values["PORT"] or 5432})
    return f"postgresql://{quote(values['USER'])}:{quote(values['PASSWORD'])}@/{values['NAME']}?{place}"


async def add_occasion(
    database: asyncpg.Connection,
    now: datetime,
    *,
    due_at: datetime | None = None,
    silence_level: int | None = 3,
    provisional: bool = False,
    waiting: bool = True,
    **instants: object,
) -> uuid.UUID:
    """One accepted occasion; its id. `due_at`: the window closes and silence counts, as in Kunming; `instants` are columns
    of `cases_waiting` that differ from that."""
    occasion = new_id(now)
    await database.execute(
        """INSERT INTO cases_serviceoccasion (id, case_id, service_number, service_name, service_at,
        service_day, division_id, organisation_id, hall_id, window_id, staff_id, item_id, profile,
        late) VALUES ($1, $2, 1, '受理', $3, $4, $5, $6, $7, $8, $9, $10, $11, false)""",
        occasion,
        new_id(now),
        now - timedelta(days=3),
        *SUBJECT,
    )
    if waiting:
        row = at_once(due_at, silence_level=silence_level, provisional=provisional) | instants
        await database.copy_records_to_table(
            "cases_waiting", columns=["id", "known_at", *row], records=[(occasion, now, *row.values())]
        )
    return occasion


def at_once(due_at: datetime | None, *, silence_level: int | None, provisional: bool) -> dict[str, object]:
    """Columns of `cases_waiting` where one instant ends the window and lets silence count."""
    silence = due_at is not None and silence_level is not None
    return {
        "window_at": due_at,
        "window_provisional": provisional,
        "default_at": due_at if silence else None,
        "default_provisional": provisional and silence,
        "silence_level": silence_level,
        "after_default": False,
        "default_stays": False,
        "after_provisional": False,
    }


def said(
    level: int = 5, *, text: str = "", tags: tuple[int, ...] = (), submission: bytes | None = None
) -> RatingContent:
    """What a citizen said, as `check_rating` gives it."""
    return RatingContent(
        level=level,
        bad=level <= 2,
        tags=tags,
        text=text,
        named=False,
        submission=submission or uuid.uuid4().bytes,
    )
