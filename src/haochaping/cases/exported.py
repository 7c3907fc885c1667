"""What of a service occasion goes into the nightly export: no case number, no name, no id, the day alone. The columns are
declared in `analysis.sets`."""

from typing import Final

OCCASIONS: Final = """
SELECT date_trunc('month', service_day::timestamp)::date AS month, service_day AS day,
       organisation_id, shared_with, hall_id, window_id, staff_id, item_id, weight, late
FROM cases_serviceoccasion
"""
