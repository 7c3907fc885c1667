"""The registry's SELECTs for those who speak to PostgreSQL without Django. No parameters: each reads all.

Every row is valid_from, valid_to and then the fields of the copy in directory.py, in their order.
"""

EDITION = "SELECT number FROM registry_edition WHERE id = 1"

DIVISIONS = """
SELECT r.valid_from, r.valid_to, d.id, d.code, r.name, r.level, r.parent_id, r.successor_id
FROM registry_divisionrecord r JOIN registry_division d ON d.id = r.division_id
"""

ORGANISATIONS = """
SELECT r.valid_from, r.valid_to, o.id, o.credit_code, r.name, r.division_id, d.code, r.kind,
       r.department
FROM registry_organisationrecord r
JOIN registry_organisation o ON o.id = r.organisation_id
JOIN registry_division d ON d.id = r.division_id
"""

HALLS = """
SELECT r.valid_from, r.valid_to, h.id, h.code, r.name, r.division_id, d.code, r.kind,
       r.organisation_id
FROM registry_hallrecord r
JOIN registry_hall h ON h.id = r.hall_id
JOIN registry_division d ON d.id = r.division_id
"""

WINDOWS = """
SELECT r.valid_from, r.valid_to, w.id, w.code, r.name, r.hall_id, r.organisation_id
FROM registry_windowrecord r JOIN registry_window w ON w.id = r.window_id
"""

STAFF = """
SELECT r.valid_from, r.valid_to, s.id, s.code, r.name, r.organisation_id, r.window_id
FROM registry_staffrecord r JOIN registry_staff s ON s.id = r.staff_id
"""

ITEMS = """
SELECT r.valid_from, r.valid_to, i.id, i.handle_item, r.name, r.task_code, r.task_type, r.organisation_id,
       r.project_type
FROM registry_itemrecord r JOIN registry_item i ON i.id = r.item_id
"""

# What a Directory is made of: the name of its argument and the statement that fills it.
DIRECTORY = {
    "divisions": DIVISIONS,
    "organisations": ORGANISATIONS,
    "halls": HALLS,
    "windows": WINDOWS,
    "staff": STAFF,
    "items": ITEMS,
}


def through_time(thing: str, fact: str) -> str:
    """A subquery with `id`, `fact`, `since` and `until` (half-open, without gaps): what `fact` of each hall or item was on
    any day, as `Directory` tells it: of the day, else as it last was, else as it came to be."""
    return f"""(
    SELECT {thing}_id AS id, {fact} AS fact,
           CASE WHEN row_number() OVER by_time > 1 THEN valid_from ELSE '-infinity'::date END AS since,
           coalesce(lead(valid_from) OVER by_time, 'infinity'::date) AS until
    FROM registry_{thing}record
    WINDOW by_time AS (PARTITION BY {thing}_id ORDER BY coalesce(valid_from, '-infinity'::date))
)"""  # noqa: S608  (names of our own)
