"""SQL: what each service is like, drawn from its number and the seed alone.

SHA-256 of both gives 256 bits; each question takes bits of its own, so that no answer depends on another. Standards only:
the same city on every version of PostgreSQL.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from haochaping.foundation.clock import CN
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import MARK_SIZE
from haochaping.ratings.rules import NORM_VERSION
from haochaping.ratings.states import Origin
from haochaping.simulation.marginals import LEVELS, STREAMS, Shape, bounds, weighted

# Where in the hash the bits of a question begin, and how many bytes it takes.
_BITS: Final = {
    "desk": (0, 2),
    "item": (2, 2),
    "hour": (4, 2),
    "second": (6, 2),
    "channel": (8, 2),
    "level": (10, 4),
    "rated": (14, 2),
    "late": (16, 2),
    "delay": (18, 2),
    "within": (20, 2),
    "named": (22, 2),
    "tags": (24, 2),
    "wordy": (26, 2),
    "masked": (28, 1),
    "report": (29, 1),
    "before": (30, 1),
    "elapsed": (31, 1),
}
TAG_BITS: Final = 12
_LONGEST_LATE: Final = 5  # days after the end of the window

DESK_COLUMNS: Final = (
    *("number", "stream", "division_id", "organisation_id", "hall_id", "window_id", "staff_id", "place"),
    *("items", "bounds"),
)
DESKS: Final = """
CREATE TEMP TABLE sim_desk (number int, stream int, division_id int, organisation_id int, hall_id int, window_id int,
    staff_id int, place text, items int[], bounds int[]) ON COMMIT DROP
"""
TAG_COLUMNS: Final = ("level", "slot", "tags")
TAGS: Final = "CREATE TEMP TABLE sim_tags (level smallint, slot int, tags smallint[]) ON COMMIT DROP"


# Of each service where and when it is given. $1 the seed; pairwise $2 days, $3 streams, $4 first numbers, $5 counts; then
# the desks in halls ($6) and online ($8), each with the bound below which a draw falls to it ($7, $9).
def draw_services(shape: Shape) -> str:
    """The statement that makes `sim_drawn`."""
    hours = [
        picked(_draw("hour"), list(enumerate(map(Decimal, getattr(shape.hours, stream)))), 16)
        for stream in STREAMS
    ]
    return f"""
CREATE TEMP TABLE sim_drawn ON COMMIT DROP AS
SELECT d.i, d.h, d.day, d.stream, k.number AS desk, k.division_id, k.organisation_id, k.hall_id, k.window_id, k.staff_id,
    k.place, k.items[1 + width_bucket({_draw("item")}, k.bounds)] AS item_id,
    d.day::timestamp AT TIME ZONE '{CN.key}' + interval '1 second' * (
        3600 * CASE d.stream WHEN 0 THEN {hours[0]} ELSE {hours[1]} END + ({_draw("second")} * 3600 >> 16)) AS service_at
FROM (
    SELECT p.day, p.stream, i, sha256(int8send($1::bigint) || int8send(i)) AS h
    FROM unnest($2::date[], $3::int[], $4::bigint[], $5::int[]) AS p (day, stream, first, count)
    CROSS JOIN LATERAL generate_series(p.first, p.first + p.count - 1) AS i OFFSET 0
) AS d JOIN sim_desk AS k
  ON k.number = CASE d.stream WHEN 0 THEN ($6::int[])[1 + width_bucket({_draw("desk")}, $7::int[])]
    ELSE ($8::int[])[1 + width_bucket({_draw("desk")}, $9::int[])] END
"""  # noqa: S608  (our own words and numbers)


# The rules of a service: a kind of few, of which all is told once.
RULED_COLUMNS: Final = ("day", "desk", "item_id", "kind")
RULED: Final = "CREATE TEMP TABLE sim_ruled (day date, desk int, item_id int, kind int) ON COMMIT DROP"
KIND_COLUMNS: Final = (
    *("kind", "case_type", "profile", "bad_levels", "named_levels", "staff_rated"),
    *("window_at", "window_provisional", "default_at", "default_provisional", "silence_level"),
    *("after_default", "default_stays", "after_at", "after_provisional"),
)
KINDS: Final = """
CREATE TEMP TABLE sim_kind (kind int, case_type text, profile text, bad_levels int[], named_levels int[],
    staff_rated boolean, window_at timestamptz, window_provisional boolean, default_at timestamptz,
    default_provisional boolean, silence_level smallint, after_default boolean, default_stays boolean,
    after_at timestamptz, after_provisional boolean) ON COMMIT DROP
"""
TO_RULE: Final = "SELECT DISTINCT day, desk, item_id FROM sim_drawn"


def draw_ratings(shape: Shape) -> str:
    """The statement that makes `sim_made`: a row for each service, with all that was said of it, in the order of their
    ids: as a city reports them, and as indexes take them best. What is worked out in one step is not worked out again in
    the next: OFFSET keeps them apart. `fate`: rated, silent (counted as a level), unrated, late, or waiting at the instant
    up to which the city lived ($1). $2 seed, $3 for how many days a trace is kept."""
    level = picked(_draw("level"), weighted(shape.level_weights), 32)
    channels = [picked(_draw("channel"), weighted(getattr(shape.channels, stream)), 16) for stream in STREAMS]
    delays = [_delay(getattr(shape.delays, stream)) for stream in STREAMS]
    wordy = " ".join(
        f"WHEN {each} THEN {_draw('wordy')} < {_of(shape.comments.share.get(each, Decimal(0)))}"
        for each in LEVELS
    )
    return f"""
CREATE TEMP TABLE sim_made ON COMMIT DROP AS
SELECT m.*, m.id AS subject_id, m.fate = 'late' AS late,
    m.fate = 'rated' AND m.level = ANY(bad_levels) AS bad,
    CASE WHEN m.staff_rated AND m.staff_id IS NOT NULL THEN m.level END AS staff_level, t.tags,
    m.fate = 'rated' AND CASE m.level {wordy} END AS wordy, {_draw("masked")} < {_of(shape.comments.masked, 8)} AS masked,
    ''::text AS text, ''::text AS plain, '{Origin.SIMULATION}'::text AS origin, {NORM_VERSION}::smallint AS norm_version,
    m.named_drawn OR m.level = ANY(m.named_levels) AS named,
    substr(sha256(m.h || '\\x01'), 1, {MARK_SIZE}) AS submission, sha256(m.h || '\\x02') AS secret,
    -- Odd, and of less than 36 bits: no two services have the same number.
    upper(lpad(to_hex((m.i * 47013251339 + $2::bigint * 104729) & 281474976710655), 12, '0')) AS number,
    NULL::bytea AS address, NULL::bytea AS device, 3000 + {_draw("elapsed")} * 400 AS elapsed_ms,
    (m.received_at AT TIME ZONE '{CN.key}')::date + $3::int AS kept_until, false AS beside, 1::smallint AS weight,
    NULL::int[] AS shared_with, 'SIM' || $2::bigint || '-' || lpad(m.i::text, 10, '0') AS project_no
FROM (
    SELECT f.*, (lpad(to_hex((extract(epoch FROM f.reported_at) * 1000)::bigint), 12, '0') || '7' || substr(f.x, 1, 3)
            || translate(substr(f.x, 19, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(f.x, 4, 15))::uuid AS id,
        CASE WHEN f.is_late THEN 'late'
             WHEN f.rates AND f.received_at < $1::timestamptz
              AND (f.window_at IS NULL OR f.window_provisional OR f.received_at < f.window_at) THEN 'rated'
             WHEN f.silence_level IS NOT NULL AND NOT f.default_provisional AND f.default_at <= $1 THEN 'silent'
             WHEN f.silence_level IS NULL AND NOT f.window_provisional AND f.window_at <= $1 THEN 'unrated'
             ELSE 'waiting' END AS fate
    FROM (
        SELECT e.*, e.reported_at + interval '1 second' * (
            1 + CASE e.stream WHEN 0 THEN {delays[0]} ELSE {delays[1]} END) AS received_at
        FROM (
            SELECT s.*, CASE WHEN s.is_late THEN s.window_at + interval '1 minute' * {_draw("within")} / 10
                ELSE least(s.service_at + interval '1 second' * (1 + {_draw("report")}), $1 - interval '1 ms') END
                AS reported_at
            FROM (
                SELECT d.i, d.h, d.stream, d.day AS service_day, d.service_at, d.division_id, d.organisation_id, d.hall_id,
                    d.window_id, d.staff_id, d.place, d.item_id, {", ".join(f"k.{name}" for name in KIND_COLUMNS[1:])},
                    greatest(d.day::timestamp AT TIME ZONE '{CN.key}',
                        d.service_at - interval '10 seconds' * {_draw("before")}) AS accepted_at,
                    d.day AS accepted_day, md5(d.h) AS x, {_draw("rated")} < {_of(shape.rated.share)} AS rates,
                    {_draw("named")} < {_of(shape.named.share)} AS named_drawn, ({level})::smallint AS level,
                    (CASE d.stream WHEN 0 THEN {channels[0]} ELSE {channels[1]} END)::smallint AS channel,
                    {_draw("late")} < {_of(shape.late.share)} AND NOT k.window_provisional
                      AND k.window_at + interval '{_LONGEST_LATE} days' < $1 AS is_late
                FROM sim_drawn AS d JOIN sim_ruled AS r ON r.day = d.day AND r.desk = d.desk AND r.item_id = d.item_id
                JOIN sim_kind AS k ON k.kind = r.kind
                OFFSET 0
            ) AS s OFFSET 0
        ) AS e OFFSET 0
    ) AS f OFFSET 0
) AS m JOIN sim_tags AS t ON t.level = m.level AND t.slot = {_draw("tags")} >> {16 - TAG_BITS}
ORDER BY m.id
"""  # noqa: S608  (our own words and numbers)


def tag_rows(shape: Shape, tags: Tags) -> list[tuple[int, int, list[int]]]:
    """TAG_COLUMNS for every draw of TAG_BITS bits at every level: none, or one to three different ones in order."""
    found = []
    for level in LEVELS:
        offered = [int(tag.code) for tag in tags.offered(level)]
        share = shape.tags.share.get(level, Decimal(0)) if offered else Decimal(0)
        patterns: list[tuple[tuple[int, ...], Decimal]] = [((), 1 - share)]
        patterns += [(chosen, share * weight) for chosen, weight in _patterns(offered, shape.tags.number)]
        slot = 0
        for chosen, bound in bounds(patterns, TAG_BITS):
            found += [(level, each, sorted(chosen)) for each in range(slot, bound)]
            slot = max(slot, bound)
    return found


def _patterns(offered: Sequence[int], number: Sequence[int]) -> list[tuple[tuple[int, ...], Decimal]]:
    """One to three neighbours in the ring of what is offered, by the place of the first; together 1."""
    weights = [Decimal(1) / (place + 1) for place in range(len(offered))]
    ring = [*offered, *offered]
    all_of = sum(weights) * sum(number)
    return [
        (tuple(ring[place : place + size]), weight * often / all_of)
        for place, weight in enumerate(weights)
        for size, often in enumerate(number, start=1)
        if size <= len(offered)
    ]


def picked(draw: str, weights: Sequence[tuple[int, Decimal]], bits: int) -> str:
    """SQL: the key to which a draw of so many bits falls."""
    pairs = bounds(weights, bits)
    keys, ends = ",".join(str(key) for key, _ in pairs), ",".join(str(bound) for _, bound in pairs)
    return f"('{{{keys}}}'::int[])[1 + width_bucket({draw}::bigint, '{{{ends}}}'::bigint[])]"


def _draw(question: str) -> str:
    """SQL: the bits of a question, as a whole number."""
    begin, size = _BITS[question]
    kind = "::bigint" if size > 2 else ""
    parts = [f"get_byte(h, {begin + place}){kind} << {8 * (size - 1 - place)}" for place in range(size)]
    return f"({' | '.join(f'({part})' for part in parts)})"


def _of(share: Decimal, bits: int = 16) -> int:
    """The bound of a share among draws of so many bits."""
    return int((share * (1 << bits)).to_integral_value())


def _delay(buckets: Sequence[tuple[int, int]]) -> str:
    """SQL: seconds, evenly within a bucket."""
    upto = [minutes for minutes, _ in buckets]
    pairs = [(place, Decimal(weight)) for place, (_, weight) in enumerate(buckets)]
    begins = ",".join(str(60 * minutes) for minutes in [0, *upto[:-1]])
    lengths = ",".join(str(60 * (end - begin)) for begin, end in zip([0, *upto[:-1]], upto, strict=True))
    place = f"1 + width_bucket({_draw('delay')}::bigint, '{{{','.join(str(b) for _, b in bounds(pairs, 16))}}}'::bigint[])"
    return f"(('{{{begins}}}'::int[])[{place}] + (({_draw('within')}::bigint * ('{{{lengths}}}'::int[])[{place}]) >> 16))"
