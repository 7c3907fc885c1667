"""What of a rating, and of silence, goes into the nightly export: no text, no receipt, no trace, no id, and of the time
nothing finer than the hour. The columns are declared in `analysis.sets`.
"""

from typing import Final

from haochaping.ratings.states import Origin, VoidEffect, WordKind

_PLACE: Final = (
    "service_day",
    "organisation_id",
    "shared_with",
    "hall_id",
    "window_id",
    "staff_id",
    "item_id",
    "weight",
)
# Of a rating by a static code that found its case, as of the claim.
_PLACED: Final = ", ".join(
    f"CASE WHEN m.rating_id IS NULL THEN r.{column} ELSE m.{column} END AS {column}" for column in _PLACE
)
_REST: Final = ", ".join(_PLACE[1:])
_MONTH: Final = "date_trunc('month', service_day::timestamp)::date AS month, service_day AS day"
_LAST: Final = """(
    SELECT DISTINCT ON (rating_id) rating_id, {column} FROM ratings_laterword
    WHERE counts AND {only} ORDER BY rating_id, ordinal DESC
)"""
_LEVELS: Final = _LAST.format(column="level", only="level IS NOT NULL")
_STAFF_LEVELS: Final = _LAST.format(column="staff_level", only="staff_level IS NOT NULL")
_TAGS: Final = _LAST.format(column="tags", only=f"level IS NOT NULL AND kind = '{WordKind.CORRECTION}'")
_VOIDINGS: Final = """(
    SELECT DISTINCT ON (rating_id) rating_id, effect, level FROM ratings_voiding ORDER BY rating_id, ordinal DESC
)"""

# `standing`: "counted" among the services of its organisation, or why it is not: "without_case", "beside_default",
# "taken_back", "voided"; "silence" where by decision silence counts in its place (`silence_level`), "left_out" where its
# occasion counts no more either.
RATINGS: Final = f"""
SELECT {_MONTH}, hour, {_REST}, channel, origin, named, level, staff_level, tags, standing,
       CASE WHEN standing = 'silence' THEN void_level END AS silence_level
FROM (
    SELECT {_PLACED}, extract(hour FROM r.received_at AT TIME ZONE 'Asia/Shanghai')::smallint AS hour,
           r.channel, coalesce(r.origin, '{Origin.CITIZEN}') AS origin, r.named, coalesce(l.level, r.level) AS level,
           nullif(coalesce(s.staff_level, r.staff_level), 0) AS staff_level, coalesce(t.tags, r.tags, '{{}}') AS tags,
           v.level AS void_level,
           CASE WHEN r.occasion_id IS NULL AND m.rating_id IS NULL THEN 'without_case'
                WHEN coalesce(m.beside, r.beside_default) THEN 'beside_default'
                WHEN x.effect = 'not_counted' THEN 'left_out'
                WHEN x.rating_id IS NOT NULL THEN 'taken_back'
                WHEN v.effect = '{VoidEffect.NOT_COUNTED}' THEN 'left_out'
                WHEN v.effect = '{VoidEffect.DEFAULT}' THEN 'silence'
                WHEN v.effect = '{VoidEffect.UNRATED}' THEN 'voided'
                ELSE 'counted' END AS standing
    FROM ratings_rating AS r
    LEFT JOIN ratings_match AS m ON m.rating_id = r.id
    LEFT JOIN ratings_withdrawal AS x ON x.rating_id = r.id
    LEFT JOIN {_VOIDINGS} AS v ON v.rating_id = r.id
    LEFT JOIN {_LEVELS} AS l ON l.rating_id = r.id
    LEFT JOIN {_STAFF_LEVELS} AS s ON s.rating_id = r.id
    LEFT JOIN {_TAGS} AS t ON t.rating_id = r.id
) AS said
"""  # noqa: S608  (names of our own)

# Those that stand.
DEFAULTS: Final = f"""
SELECT {_MONTH}, {_REST}, level FROM ratings_defaultrating WHERE superseded_at IS NULL
"""  # noqa: S608  (names of our own)
