"""A batch travels to the database in few pieces, and every value of every rating arrives where it belongs."""

import os
import uuid
from datetime import datetime, timedelta

import asyncpg
import pytest
from msgspec.structs import replace

from haochaping.intake.statement import STORE_RATINGS, arguments, prepare
from haochaping.intake.submission import Submission
from haochaping.ratings.receipt import issue, submission_mark
from haochaping.ratings.states import Origin
from haochaping.ratings.wording import opened_text
from tests.integration.intake.writing import KEYS
from tests.occasions import add_occasion, said

pytestmark = pytest.mark.usefixtures("committed_db")

ORIGINS = tuple(Origin)
TEXTS = ("", "好", '第一行\n第二行，{含}"引号"、\\反斜杠', "长" * 500)


def rating(number: int, occasion: uuid.UUID, now: datetime) -> Submission:
    """No two alike, some with all that may be missing, some without."""
    level = 1 + number % 5
    content = said(level, text=TEXTS[number % 4], tags=(100 * level + 1, 100 * level + 2)[: number % 3])
    return Submission(
        occasion_id=occasion,
        content=replace(content, named=number % 4 > 1, staff_level=(None, 1, 3, 5)[number // 3 % 4]),
        profile=f"规则{number}@{number:04x}",
        channel=1 + number % 15,
        received_at=now - timedelta(microseconds=number * 1_000_003),
        origin=ORIGINS[number % len(ORIGINS)],
        address=os.urandom(32) if number % 2 else None,
        device=os.urandom(32) if number % 3 else None,
        elapsed_ms=(None, 0, 1, 7 * 86_400_000)[number % 4],
    )


async def test_every_value_of_a_batch_arrives_where_it_belongs(
    database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now, due_at=now + timedelta(days=1)) for _ in range(60)]
    given = [rating(number, occasion, now) for number, occasion in enumerate(occasions)]
    given.append(rating(60, uuid.uuid4(), now))

    told = await database.fetch(STORE_RATINGS, *arguments([prepare(each, KEYS) for each in given], now))

    assert [row["fate"] for row in told] == ["created"] * 60 + ["gone"]
    for each in given[:60]:
        row = await database.fetchrow(
            """SELECT r.*, t.address, t.device, t.elapsed_ms, t.kept_until, c.number, c.secret, s.label
               FROM ratings_rating r JOIN ratings_ruleset s ON s.code = r.ruleset JOIN ratings_trace t ON t.rating_id = r.id
               JOIN ratings_receipt c ON c.rating_id = r.id WHERE r.id = $1""",
            each.occasion_id,
        )
        content, issued = each.content, issue(each.occasion_id, each.content.submission, KEYS)
        assert (row["level"], row["staff_level"]) == (content.level, content.staff_level)
        # What most have travels and is not kept.
        assert (row["tags"], row["named"]) == (list(content.tags) or None, content.named)
        assert (row["norm_version"], row["label"]) == (content.norm_version, each.profile)
        assert opened_text(row["text"], each.occasion_id) == content.text
        assert (row["channel"], row["origin"], row["received_at"]) == (
            each.channel,
            None if each.origin is Origin.CITIZEN else each.origin.value,
            each.received_at,
        )
        assert row["submission"] == submission_mark(each.occasion_id, content.submission, KEYS)
        assert (row["number"], row["secret"]) == (issued.number, issued.kept)
        assert (row["address"], row["device"], row["elapsed_ms"]) == (
            each.address,
            each.device,
            each.elapsed_ms,
        )
    bad = {row["rating_id"] for row in await database.fetch("SELECT rating_id FROM rectification_badrating")}
    assert bad == {each.occasion_id for each in given[:60] if each.content.bad}
