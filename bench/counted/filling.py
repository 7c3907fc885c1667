"""Ratings and tallies of two years, set-based and in bounded steps; how much disk they take is worked out first."""

import shutil
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.cli.figures import CouldNotRun
from haochaping.foundation.ids import random_id
from haochaping.ratings.receipt import MARK_SIZE
from haochaping.ratings.wording import sealed_text
from haochaping.starter.progress import Say

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

ORGANISATIONS: Final = 1_000
STAFF_OF_EACH: Final = 50
FIRST: Final = date(2025, 1, 1)
DAYS: Final = 730
A_STEP: Final = 1_000_000
GIB: Final = 1 << 30
# Bytes a rating: its row, its indexes, and both once more while they are put in order; its share of the export, and what
# that sorts on the disk. Above it tallies, the log and the templates of a cluster.
_ROW, _INDEXES, _AGAIN, _EXPORTED, _SORTED = 160, 110, 40, 30, 120
_BESIDE: Final = 5 * GIB
# Few organisations have most of the ratings. As in the Guangdong of July 2023 (`simulation/shapes/guangdong.toml`) one in
# 11,000 is bad, 62 of 100 are given online, half of the others by a code in the hall and half on a device there; a fifth
# have tags and three in a hundred a text (assumed there). Rows are as the door leaves them (`ratings.fragments.store`).
_RATINGS: Final = """
INSERT INTO ratings_rating (id, occasion_id, level, staff_level, tags, text, channel, origin, named, norm_version,
    received_at, submission, service_day, division_id, organisation_id, hall_id, window_id, staff_id, item_id, ruleset)
SELECT made.id, made.id, CASE WHEN i %% 11000 = 0 THEN 1 WHEN i %% 9 = 0 THEN 4 ELSE 5 END,
    CASE WHEN i %% 3 = 0 THEN 5 END, CASE i %% 10 WHEN 3 THEN '{501}'::smallint[] WHEN 7 THEN '{501,502}' END,
    CASE WHEN i * 29 %% 100 < 3 THEN %(text)s ELSE '' END, made.channel,
    CASE WHEN made.channel = 4 THEN 'device' END, i %% 4 = 0, 2,
    made.day + time '10:00' AT TIME ZONE 'Asia/Shanghai', substr(sha256(made.id::text::bytea), 1, %(submission)s), made.day,
    1, made.whose, CASE WHEN made.channel >= 3 THEN 1 + made.whose %% 200 END,
    CASE WHEN made.channel >= 3 THEN made.whose * 20 + i %% 20 END, made.whose * %(each)s + i %% %(each)s, 1 + i %% 500,
    hashtextextended('kunming', 0)
FROM generate_series(%(begin)s::bigint, %(end)s::bigint - 1) AS i CROSS JOIN LATERAL (
    SELECT (lpad(to_hex(i), 12, '0') || '7000' || '8000' || substr(md5(i::text), 1, 12))::uuid AS id,
           %(first)s::date + (i * 7919 %% %(days)s)::int AS day,
           1 + (power(random(), 2) * (%(organisations)s - 1))::int AS whose,
           1 + (i * 37 %% 100 >= 43)::int + (i * 37 %% 100 >= 62)::int + (i * 37 %% 100 >= 81)::int AS channel
) AS made
"""
_TEXT: Final = "窗口的同志很耐心，材料一次说清，当天就办好了。"
_LEVELS: Final = ", ".join(f"count(*) FILTER (WHERE level = {level})" for level in range(1, 6))
_NAMES: Final = ("occasions", "late", *(f"n{n}" for n in range(1, 6)), *(f"d{n}" for n in range(1, 6)))
_TALLIES: Final = (
    "TRUNCATE tallies_organisationday, tallies_organisationmonth, tallies_staffmonth, tallies_filled",
    f"""INSERT INTO tallies_organisationday (organisation_id, day, {", ".join(_NAMES)})
        SELECT organisation_id, service_day, 0, 0, {_LEVELS}, 0, 0, 0, 0, 0 FROM ratings_rating GROUP BY 1, 2""",  # noqa: S608
    f"""INSERT INTO tallies_organisationmonth (organisation_id, month, {", ".join(_NAMES)})
        SELECT organisation_id, date_trunc('month', day)::date, {", ".join(f"sum({name})" for name in _NAMES)}
        FROM tallies_organisationday GROUP BY 1, 2""",  # noqa: S608  (constants)
    f"""INSERT INTO tallies_staffmonth (staff_id, month, {", ".join(_NAMES[2:])})
        SELECT staff_id, date_trunc('month', service_day)::date, 0, 0, 0, 0, count(*), 0, 0, 0, 0, 0
        FROM ratings_rating WHERE staff_level IS NOT NULL GROUP BY 1, 2""",  # noqa: S608  (constants)
    "INSERT INTO tallies_filled VALUES ('tallies_organisationmonth', now())",
)


def needed(ratings: int) -> int:
    """Bytes of disk for so many ratings with their tallies and their export, at the worst moment."""
    return ratings * (_ROW + _INDEXES + max(_AGAIN, _EXPORTED + _SORTED)) + _BESIDE


def ensure_room(ratings: int, places: Sequence[Path], say: Say) -> None:
    """Says how much disk is needed and how much there is. Raises CouldNotRun when it is too little."""
    wanted = needed(ratings)
    free = min(shutil.disk_usage(place).free for place in places)
    say(
        f"{ratings:,} ratings need up to {wanted / GIB:.0f} GiB: {_ROW} bytes a row, {_INDEXES} its indexes, "
        f"{_EXPORTED} in Parquet, {_SORTED} sorted, {_BESIDE / GIB:.0f} GiB beside; {free / GIB:.0f} GiB are free"
    )
    if free < wanted:
        raise CouldNotRun(
            f"{wanted / GIB:.0f} GiB of disk are needed and {free / GIB:.0f} are free: free some, let TMPDIR name a "
            "larger disk, or ask for fewer by HAOCHAPING_BENCH_RATINGS"
        )


def fill(cursor: "CursorWrapper", begin: int, end: int, say: Say) -> None:
    """Adds the ratings `begin` to `end`, a million at a time, and counts all there are."""
    cursor.execute("SET synchronous_commit = off")
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute("SET work_mem = '128MB'")
    cursor.execute("ALTER TABLE ratings_rating SET (autovacuum_enabled = false)")
    indexes = _without_indexes(cursor)
    counts = {
        "days": DAYS,
        "organisations": ORGANISATIONS,
        "each": STAFF_OF_EACH,
        "first": FIRST,
        "submission": MARK_SIZE,
        "text": sealed_text(_TEXT, random_id()),
    }
    started = time.monotonic()
    for at in range(begin, end, A_STEP):
        until = min(at + A_STEP, end)
        cursor.execute(_RATINGS, {**counts, "begin": at, "end": until})
        if (until - begin) % (10 * A_STEP) == 0:
            say(
                f"{until:,} of {end:,} ratings, {(until - begin) / (time.monotonic() - started):,.0f} a second"
            )
    say("their indexes and tallies")
    for statement in (*indexes, *_TALLIES, "VACUUM (ANALYZE)", "RESET work_mem", "RESET synchronous_commit"):
        cursor.execute(statement)


def _without_indexes(cursor: "CursorWrapper") -> list[str]:
    """Takes the indexes but the key's away; the statements that make them again: sorted at once they are made sooner."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'ratings_rating' AND indexname NOT LIKE '%%_pkey'",
        [],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def taken(cursor: "CursorWrapper", folder: Path) -> int:
    """Bytes on the disk: of the database, and of the files below a folder."""
    cursor.execute("SELECT pg_database_size(current_database())")
    size: int = cursor.fetchone()[0]
    return size + sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
