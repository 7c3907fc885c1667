"""The one statement that stores a batch of ratings, put together from what the rooms export, and its
arguments.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

from haochaping.cases.claims import SUBJECT, claim, still_open, still_seen
from haochaping.foundation.clock import local_day, microseconds
from haochaping.intake.submission import Submission
from haochaping.policy.retention import kept
from haochaping.ratings.fragments import default, mark_of, still_supersedable, store, supersede
from haochaping.ratings.receipt import MARK_SIZE, Receipt, ReceiptKeys, issue, submission_mark
from haochaping.ratings.wording import sealed_text
from haochaping.rectification.fragments import LEAVE_IN_INBOX
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

# Keyed hashes of address and device serve the search for rings of false ratings, and only so long: what the privacy notice
# said when the rating was given is kept with each.
TRACE_KEPT: Final = kept("traces").span or timedelta(0)

# A batch travels as two values, not as nineteen arrays: of each element of an array asyncpg asks at length whether it is an
# array itself, and that took longer than everything else it does for a rating. What is long is put side by side in `bytes`,
# numbers into the bits of one, and that with the rest into `words`.
_BETWEEN_RATINGS: Final = "\x1e"
_BETWEEN_WORDS: Final = "\x1f"
_BYTES: Final = {"id": 16, "submission": MARK_SIZE, "secret": 32, "address": 32, "device": 32}
_WORDS: Final = (
    "number",
    "profile",
    "origin",
    "kept_until",
    "tags",
    "text",
    "numbers",
    "received_us",
    "version",
)
_UNKNOWN: Final = bytes(32)
_STAFF, _CHANNEL, _NORM, _NAMED, _BAD, _ELAPSED = 4, 8, 20, 28, 29, 30
_COLUMNS: Final = {
    "id": "encode(id, 'hex')::uuid",
    "submission": "submission",
    "secret": "secret",
    "address": f"nullif(address, '\\x{_UNKNOWN.hex()}')",
    "device": f"nullif(device, '\\x{_UNKNOWN.hex()}')",
    "level": "(numbers::bigint & 15)::smallint",
    # 0 is for nobody who was rated beside the item.
    "staff_level": f"nullif((numbers::bigint >> {_STAFF}) & 15, 0)::smallint",
    "channel": f"((numbers::bigint >> {_CHANNEL}) & 4095)::smallint",
    "norm_version": f"((numbers::bigint >> {_NORM}) & 255)::smallint",
    "named": f"(numbers::bigint >> {_NAMED}) & 1 = 1",
    "bad": f"(numbers::bigint >> {_BAD}) & 1 = 1",
    # One more than it is: 0 is for not known.
    "elapsed_ms": f"nullif(numbers::bigint >> {_ELAPSED}, 0)::integer - 1",
    "received_at": "timestamptz 'epoch' + received_us::bigint * interval '1 microsecond'",
    "number": "number",
    "profile": "profile",
    "origin": "origin",
    "kept_until": "kept_until::date",
    "tags": "tags",
    "text": "text",
    "version": "nullif(version, '')::xid",
}
_NOW: Final = "$3::timestamptz"
# Whoever got the claim is created, whatever else there is: NULL is not looked up at all.
_UNDECIDED: Final = "CASE WHEN s.n = i.n THEN NULL ELSE i.id END"
_FACTS: Final = f"SELECT profile, {SUBJECT} FROM cases_serviceoccasion WHERE id = c.subject_id LIMIT 1"  # noqa: S608
_OCCASION: Final = f"CROSS JOIN LATERAL ({_FACTS}) o"


_CLAIM_SEEN: Final = still_seen("i.version", claimed="w.id", subject="w.subject_id")
_DEFAULT_SEEN: Final = still_seen("i.version", claimed="d.id", subject="d.occasion_id")


class Fate(Enum):
    """What the statement says of one row. CONTENDED: somebody else held the claim just now; ask again. CHANGED: it was
    judged by what its occasion is no more."""

    CREATED = "created"
    SAME = "same"
    GONE = "gone"
    CONTENDED = "contended"
    CHANGED = "changed"


def _taken_apart() -> str:
    """SQL: a row for each rating of a batch ($1: bytes, $2: words), `n` its place.

    By `unnest`: of it PostgreSQL expects ten rows and looks each up by its key; of `string_to_table` a thousand, and then it
    would read all ratings there are.
    """
    size, begin, columns = sum(_BYTES.values()), 1, []
    for name, length in _BYTES.items():
        columns.append(f"substring($1::bytea, ((n - 1) * {size} + {begin})::integer, {length}) AS {name}")
        begin += length
    columns += [
        f"split_part(said, chr({ord(_BETWEEN_WORDS)}), {place}) AS {name}"
        for place, name in enumerate(_WORDS, 1)
    ]
    said = (
        f"unnest(string_to_array($2::text, chr({ord(_BETWEEN_RATINGS)}))) WITH ORDINALITY AS words (said, n)"
    )
    typed = ", ".join(f"{value} AS {name}" for name, value in _COLUMNS.items())
    return f"SELECT {typed}, n FROM (SELECT {', '.join(columns)}, n FROM {said}) apart"  # noqa: S608  (fragments of our own)


BATCH: Final = _taken_apart()


def _looked_up(table: str, alias: str) -> str:
    """SQL: the row of an undecided id, if there is one; one look-up by its key whatever the statistics say."""
    return f"LEFT JOIN LATERAL (SELECT * FROM {table} WHERE id = {_UNDECIDED} LIMIT 1) {alias} ON true"  # noqa: S608


def _statement() -> str:
    """One snapshot sees an occasion as waiting, or defaulted, or rated, or none of these: then it is gone.

    Of several rows for one occasion the one received first may claim it; the others are measured against it. Where a
    default stays what is counted, a rating that follows it is kept beside it, and silence counts here if no sweep has
    come yet.
    """
    return f"""
WITH input AS MATERIALIZED (
    SELECT t.*, row_number() OVER (PARTITION BY t.id ORDER BY t.received_at, t.n) = 1 AS first
    FROM ({BATCH}) t
), {claim("input", unchanged=_CLAIM_SEEN)}, {
        supersede("input", now=_NOW, unchanged=_DEFAULT_SEEN)
    }, subject AS MATERIALIZED (
    SELECT i.*, c.beside, c.subject_id, {SUBJECT}
    FROM (SELECT id, subject_id, beside FROM claimed UNION ALL SELECT id, subject_id, beside FROM superseded) c
    JOIN input i ON i.id = c.id AND i.first
    {_OCCASION}
), standing AS (
    SELECT c.*, o.profile, {SUBJECT} FROM claimed c {_OCCASION} WHERE c.beside
), {default("standing", now=_NOW, followed=_NOW)}, {store("subject")}, counted AS (
    {
        append(
            Fact(
                "subject",
                "n",
                only="NOT beside",
                staff_level="staff_level",
                tags="tags::smallint[]",
                rating=True,
            ),
            Fact("superseded", "d", sign=-1, only="NOT beside", why=Correction.RATED_AFTER_ALL),
            Fact("defaulted", "d"),
        )
    }
), inbox AS (
    {LEAVE_IN_INBOX.format(source="subject")}
)
SELECT CASE
    WHEN s.n = i.n THEN 'created'
    WHEN coalesce(s.submission, {mark_of("r")}) = i.submission THEN 'same'
    WHEN s.id IS NOT NULL OR r.id IS NOT NULL THEN 'gone'
    WHEN {still_open("w", received_at="i.received_at")}
      OR {still_supersedable("d", received_at="i.received_at")} THEN
        CASE WHEN CASE WHEN w.id IS NOT NULL THEN {_CLAIM_SEEN} ELSE {_DEFAULT_SEEN} END
            THEN 'contended' ELSE 'changed' END
    ELSE 'gone' END AS fate
FROM input i
LEFT JOIN subject s ON s.id = i.id
{_looked_up("ratings_rating", "r")}
{_looked_up("cases_waiting", "w")}
{_looked_up("ratings_defaultrating", "d")}
ORDER BY i.n
"""  # noqa: S608  (fragments of our own and names of columns)


STORE_RATINGS: Final = _statement()


class Prepared(NamedTuple):
    """A submission with its receipt, and as it travels: see _BYTES and _WORDS."""

    receipt: Receipt
    together: bytes
    words: str


def prepare(submission: Submission, keys: ReceiptKeys) -> Prepared:
    """Hashes and derives what the database is to keep, so that no secret travels further than this."""
    content, occasion = submission.content, submission.occasion_id
    issued = issue(occasion, content.submission, keys)
    together = (
        occasion.bytes,
        submission_mark(occasion, content.submission, keys),
        issued.kept,
        submission.address or _UNKNOWN,
        submission.device or _UNKNOWN,
    )
    words = (
        issued.number,
        submission.profile,
        submission.origin.value,
        (local_day(submission.received_at) + TRACE_KEPT).isoformat(),
        "{" + ",".join(map(str, content.tags)) + "}",
        sealed_text(content.text, occasion),
        str(_numbers(submission)),
        str(microseconds(submission.received_at)),
        "" if submission.seen is None else str(submission.seen),
    )
    return Prepared(issued.receipt, b"".join(together), _BETWEEN_WORDS.join(words))


def _numbers(submission: Submission) -> int:
    content, elapsed = submission.content, submission.elapsed_ms
    return (
        content.level
        | (content.staff_level or 0) << _STAFF
        | submission.channel << _CHANNEL
        | content.norm_version << _NORM
        | content.named << _NAMED
        | content.bad << _BAD
        | (0 if elapsed is None else elapsed + 1) << _ELAPSED
    )


def arguments(batch: Sequence[Prepared], now: datetime) -> tuple[bytes, str, datetime]:
    """What the statement is given: the batch, and the instant at which it is stored."""
    together = b"".join([each.together for each in batch])
    return together, _BETWEEN_RATINGS.join([each.words for each in batch]), now
