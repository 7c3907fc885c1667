"""The one statement that stores a batch of ratings, put together from what the rooms export, and its
arguments.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

from haochaping.cases.claims import SUBJECT, claim, still_open
from haochaping.foundation.clock import local_day
from haochaping.intake.submission import Submission
from haochaping.policy.retention import kept
from haochaping.ratings.fragments import default, still_supersedable, store, supersede
from haochaping.ratings.receipt import Receipt, ReceiptKeys, issue, kept_submission
from haochaping.ratings.wording import sealed_text
from haochaping.rectification.fragments import LEAVE_IN_INBOX
from haochaping.tallies.fragments import append_levels

# Keyed hashes of address and device serve the search for rings of false ratings, and only so long: what the privacy notice
# said when the rating was given is kept with each.
TRACE_KEPT: Final = kept("traces").span or timedelta(0)

# What `prepare` gives of each rating, in this order, with its type.
COLUMNS: Final = {
    "id": "uuid",
    "level": "smallint",
    "staff_level": "smallint",
    "bad": "boolean",
    "tags": "text",
    "text": "text",
    "named": "boolean",
    "norm_version": "smallint",
    "profile": "text",
    "channel": "smallint",
    "origin": "text",
    "received_at": "timestamptz",
    "submission": "bytea",
    "number": "text",
    "secret": "bytea",
    "address": "bytea",
    "device": "bytea",
    "elapsed_ms": "integer",
    "kept_until": "date",
}
_NOW: Final = f"${len(COLUMNS) + 1}::timestamptz"


class Fate(Enum):
    """What the statement says of one row. CONTENDED: somebody else held the claim just now; ask again."""

    CREATED = "created"
    SAME = "same"
    GONE = "gone"
    CONTENDED = "contended"


def _statement() -> str:
    """One snapshot sees an occasion as waiting, or defaulted, or rated, or none of these: then it is gone.

    Of several rows for one occasion the one received first may claim it; the others are measured against it. Where a
    default stays what is counted, a rating that follows it is kept beside it, and silence counts here if no sweep has
    come yet.
    """
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(COLUMNS.values(), start=1))
    return f"""
WITH input AS MATERIALIZED (
    SELECT t.*, row_number() OVER (PARTITION BY t.id ORDER BY t.received_at, t.n) = 1 AS first
    FROM unnest({arrays}) WITH ORDINALITY AS t({", ".join(COLUMNS)}, n)
), {claim("input")}, {supersede("input", now=_NOW)}, subject AS MATERIALIZED (
    SELECT i.*, c.beside, c.subject_id, {SUBJECT}
    FROM (SELECT id, subject_id, beside FROM claimed UNION ALL SELECT id, subject_id, beside FROM superseded) c
    JOIN input i ON i.id = c.id AND i.first
    JOIN cases_serviceoccasion o ON o.id = c.subject_id
), standing AS (
    SELECT c.*, o.profile, {SUBJECT} FROM claimed c JOIN cases_serviceoccasion o ON o.id = c.subject_id WHERE c.beside
), {default("standing", now=_NOW, followed=_NOW)}, {store("subject")}, counting AS (
    SELECT organisation_id, service_day, level, weight, shared_with FROM subject WHERE NOT beside
), counted AS (
    {append_levels("counting", prefix="n")}
), replaced AS (
    SELECT organisation_id, service_day, level, weight, shared_with FROM superseded WHERE NOT beside
), uncounted AS (
    {append_levels("replaced", prefix="d", sign=-1)}
), silenced AS (
    {append_levels("defaulted", prefix="d")}
), inbox AS (
    {LEAVE_IN_INBOX.format(source="subject")}
)
SELECT CASE
    WHEN s.n = i.n THEN 'created'
    WHEN coalesce(s.submission, r.submission) = i.submission THEN 'same'
    WHEN s.id IS NOT NULL OR r.id IS NOT NULL THEN 'gone'
    WHEN {still_open("w", received_at="i.received_at")}
      OR {still_supersedable("d", received_at="i.received_at")} THEN 'contended'
    ELSE 'gone' END AS fate
FROM input i
LEFT JOIN subject s ON s.id = i.id
LEFT JOIN ratings_rating r ON r.id = i.id
LEFT JOIN cases_waiting w ON w.id = i.id
LEFT JOIN ratings_defaultrating d ON d.id = i.id
ORDER BY i.n
"""  # noqa: S608  (fragments of our own and names of columns)


STORE_RATINGS: Final = _statement()

Row = tuple[object, ...]


class Prepared(NamedTuple):
    """A submission with its receipt and its row of arguments, in the order of the statement's columns."""

    receipt: Receipt
    row: Row


def prepare(submission: Submission, keys: ReceiptKeys) -> Prepared:
    """Hashes and derives what the database is to keep, so that no secret travels further than this."""
    content = submission.content
    issued = issue(submission.occasion_id, content.submission, keys)
    row = (
        submission.occasion_id,
        content.level,
        content.staff_level,
        content.bad,
        "{" + ",".join(map(str, content.tags)) + "}",
        sealed_text(content.text, submission.occasion_id),
        content.named,
        content.norm_version,
        submission.profile,
        submission.channel,
        submission.origin.value,
        submission.received_at,
        kept_submission(submission.occasion_id, content.submission, keys),
        issued.number,
        issued.kept,
        submission.address,
        submission.device,
        submission.elapsed_ms,
        local_day(submission.received_at) + TRACE_KEPT,
    )
    return Prepared(issued.receipt, row)


def arguments(batch: Sequence[Prepared], now: datetime) -> list[object]:
    """One array a column, and the instant at which the batch is stored."""
    return [*map(list, zip(*(each.row for each in batch), strict=True)), now]
