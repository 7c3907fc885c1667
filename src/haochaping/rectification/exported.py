"""What of a work order goes into the nightly export: no text, no answer, no number, no id; of its service the week alone, as
its handler sees it. The columns are declared in `analysis.sets`."""

from typing import Final

_DAY: Final = "({instant} AT TIME ZONE 'Asia/Shanghai')::date"

# `month`: that of the Monday of the week of service. `organisation_id`: whose rating it is about, `handler_id`: with whom
# it is.
ORDERS: Final = f"""
SELECT date_trunc('month', week::timestamp)::date AS month, week, coalesce(rated_id, organisation_id) AS organisation_id,
       organisation_id AS handler_id, item_id, channel, named, tags, state, finding, bad_class, exclusion, set_off,
       {_DAY.format(instant="opened_at")} AS opened_on, {_DAY.format(instant="closed_at")} AS closed_on,
       {_DAY.format(instant="due_at")} AS due_on
FROM rectification_workorder
"""  # noqa: S608  (names of our own)
