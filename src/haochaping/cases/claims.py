"""The claim on an occasion, as SQL for the statements that take it: whoever deletes the row of
`cases_waiting` may act.
"""

# For the rater's page: one row, or none for an id that was never accepted. $1 = occasion id.
OPEN_OCCASION = """
SELECT o.id, o.service_name, o.service_day, o.division_id, o.organisation_id, o.hall_id, o.window_id,
       o.staff_id, o.item_id, o.profile, o.late, w.id IS NOT NULL AS waiting, w.due_at
FROM cases_serviceoccasion o LEFT JOIN cases_waiting w ON w.id = o.id
WHERE o.id = $1
"""
