"""How each business system reports: what became of its records, what waits, what differs from the item library."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Sum

from haochaping.accounts.queries import officials
from haochaping.accounts.queries import senders as accounts
from haochaping.accounts.rules import Permission
from haochaping.cases.models import LibraryDifference, QuarantinedOccasion, SenderDay
from haochaping.cases.queries.coverage import last_reports
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.registry import queries as registry

DAYS = 30
_COUNTED = ("calls", "accepted", "late", "updated", "repeated", "conflicting", "quarantined", "rejected")
_MOST_DIFFERENCES = 200


@dataclass(frozen=True, slots=True)
class SenderRow:
    """A platform in the last 30 days. `counts` by verdict, with calls and late; `last_day` None: never reported."""

    platform: str
    organisation: str
    last_day: date | None
    counts: Mapping[str, int]
    open: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Accepted occasions whose item or division is another one in the library. `kind` is department or division."""

    kind: str
    item: str
    organisation: str
    division: str
    first_day: date
    last_day: date
    number: int


@dataclass(frozen=True, slots=True)
class SenderPage:
    """A sender with its days (newest first), what its open records wait for, and its differences."""

    row: SenderRow
    days: tuple[Mapping[str, object], ...]
    reasons: tuple[tuple[str, str, int], ...]
    differences: tuple[Difference, ...]


def verdict_totals() -> Mapping[str, int]:
    """Records of all senders and days by verdict: only ever more."""
    verdicts = [name for name in _COUNTED if name not in ("calls", "late")]
    sums = SenderDay.objects.aggregate(**{name: Sum(name, default=0) for name in verdicts})
    return {name: int(sums[name]) for name in verdicts}


def senders(*, official_id: UUID, now: datetime) -> tuple[SenderRow, ...]:
    """All platforms in reach, by name."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_SENDERS, on=today)
    found = accounts.senders_of(organisations=reach)
    names = registry.organisation_names({each.organisation_id for each in found}, today)
    platforms = [each.platform for each in found]
    sums = _sums(platforms, today)
    last = last_reports(platforms=platforms)
    waiting = dict(
        QuarantinedOccasion.objects.filter(platform__in=platforms, closed_at__isnull=True)
        .values_list("platform")
        .annotate(Count("id"))
    )
    return tuple(
        SenderRow(
            platform=each.platform,
            organisation=names.get(each.organisation_id, ""),
            last_day=last.get(each.platform),
            counts=sums.get(each.platform, dict.fromkeys(_COUNTED, 0)),
            open=waiting.get(each.platform, 0),
        )
        for each in found
    )


def sender(*, official_id: UUID, platform: str, now: datetime) -> SenderPage:
    """One platform. Raises NotFound when there is none such within reach."""
    row = next(
        (each for each in senders(official_id=official_id, now=now) if each.platform == platform), None
    )
    if row is None:
        raise NotFound("sender", "")
    since = local_day(now) - timedelta(days=DAYS)
    days = SenderDay.objects.filter(platform=platform, day__gt=since).order_by("-day")
    return SenderPage(row, tuple(days.values("day", *_COUNTED)), _reasons(platform), _differences(platform))


def _sums(platforms: Collection[str], today: date) -> dict[str, Mapping[str, int]]:
    recent = SenderDay.objects.filter(platform__in=platforms, day__gt=today - timedelta(days=DAYS))
    sums = recent.order_by().values_list("platform", *(Sum(name) for name in _COUNTED))
    return {platform: dict(zip(_COUNTED, numbers, strict=True)) for platform, *numbers in sums}


def _reasons(platform: str) -> tuple[tuple[str, str, int], ...]:
    """Field, code and number of open records, the most frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    kept = QuarantinedOccasion.objects.filter(platform=platform, closed_at__isnull=True)
    for reasons in kept.values_list("reasons", flat=True).iterator():
        counted.update({(reason["field"], reason["code"]) for reason in reasons})
    return tuple((field, code, number) for (field, code), number in counted.most_common())


def _differences(platform: str) -> tuple[Difference, ...]:
    rows = list(
        LibraryDifference.objects.filter(platform=platform).order_by("-last_day", "-number")[
            :_MOST_DIFFERENCES
        ]
    )
    found = []
    for day in sorted({row.last_day for row in rows}, reverse=True):
        of_day = [row for row in rows if row.last_day == day]
        items = registry.item_names({row.item_id for row in of_day}, day)
        organisations = registry.organisation_names({row.organisation_id for row in of_day}, day)
        divisions = registry.division_names({row.division_id for row in of_day}, day)
        found += [
            Difference(
                kind=row.kind,
                item=items.get(row.item_id, ""),
                organisation=organisations.get(row.organisation_id, ""),
                division=divisions.get(row.division_id, ""),
                first_day=row.first_day,
                last_day=row.last_day,
                number=row.number,
            )
            for row in of_day
        ]
    return tuple(found)
