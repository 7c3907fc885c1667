"""What other rooms may know of an occasion, on the side that speaks Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from haochaping.cases.facts import Facts
from haochaping.cases.models import ServiceOccasion
from haochaping.foundation.asked_once import steady
from haochaping.foundation.errors import NotFound

# Cases that several organisations handle, in the words that rules select by.
_SEVERAL: Final = ("joint", "theme")
_COUNTS: Final = """
SELECT whose.organisation_id, service_day, coalesce(sum(weight) FILTER (WHERE NOT late), 0)::int,
       coalesce(sum(weight) FILTER (WHERE late), 0)::int
FROM cases_serviceoccasion AS o
CROSS JOIN LATERAL unnest(array_prepend(o.organisation_id, o.shared_with)) AS whose (organisation_id)
GROUP BY whose.organisation_id, service_day
"""


@dataclass(frozen=True, slots=True)
class OccasionFacts:
    """An occasion with its case. `version_id` is the vault's record of what was reported last."""

    id: UUID
    version_id: UUID
    platform: str
    project_no: str
    service_number: int
    service_name: str
    service_day: date


def occasion_facts(*, occasion_id: UUID) -> OccasionFacts:
    """Who may see the case number is for the caller to decide (design: 实名 only). Raises NotFound."""
    row = ServiceOccasion.objects.select_related("case").filter(pk=occasion_id).first()
    if row is None:
        raise NotFound("no_such_occasion", _("没有这次办件服务的记录。"))
    return OccasionFacts(
        id=row.id,
        version_id=row.version_id or row.id,
        platform=row.case.platform,
        project_no=row.case.project_no,
        service_number=row.service_number,
        service_name=row.service_name,
        service_day=row.service_day,
    )


def served_at(*, occasion_id: UUID) -> datetime | None:
    """When the service was given, as its sender told; None for an unknown id. Never for the eyes of who handles an anonymous
    rating of it."""
    return ServiceOccasion.objects.filter(pk=occasion_id).values_list("service_at", flat=True).first()


@steady
def rule_facts(*, occasion_id: UUID) -> Facts | None:
    """By which facts the rules of an occasion are chosen; None for an unknown id."""
    row = ServiceOccasion.objects.filter(pk=occasion_id).values_list(*Facts._fields).first()
    return Facts(*row) if row else None


def taking_part(*, occasion_id: UUID) -> frozenset[int]:
    """The organisations of all services that are rated as one with this one, where they are of a joint or theme case
    (联办件, 主题式办件); none where it is rated by itself, or is of another kind."""
    asked = ServiceOccasion.objects.filter(pk=occasion_id, form__in=_SEVERAL, unit_id__isnull=False)
    unit = asked.values_list("unit_id", flat=True).first()
    if unit is None:
        return frozenset()
    return frozenset(ServiceOccasion.objects.filter(unit_id=unit).values_list("organisation_id", flat=True))


def occasion_counts() -> Mapping[tuple[int, date], tuple[int, int]]:
    """(organisation id, service day) → occasions reported in time and late ones as they count, from the rows."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        return {
            (organisation, day): (on_time, late) for organisation, day, on_time, late in cursor.fetchall()
        }


# One look into the index for each: there may be a hundred million cases of one platform.
_PLATFORMS: Final = """
WITH RECURSIVE found AS (
    (SELECT platform FROM cases_case ORDER BY platform LIMIT 1)
    UNION ALL
    SELECT (SELECT c.platform FROM cases_case AS c WHERE c.platform > found.platform ORDER BY c.platform LIMIT 1)
    FROM found WHERE found.platform IS NOT NULL
)
SELECT platform FROM found WHERE platform IS NOT NULL
"""


def platforms() -> frozenset[str]:
    """All platforms of which there is a case."""
    with connection.cursor() as cursor:
        cursor.execute(_PLATFORMS)
        return frozenset(platform for (platform,) in cursor.fetchall())
