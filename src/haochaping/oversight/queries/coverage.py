"""The coverage of a set of organisations: what is never reported, never rateable, not connected, by name (mission A3)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.queries import senders as accounts
from haochaping.accounts.rules import Permission
from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.cases.queries import coverage as cases
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.oversight.rules import (
    DAYS,
    SILENT_DAYS,
    Coverage,
    Covered,
    Gap,
    Kind,
    OrganisationCoverage,
    Span,
)
from haochaping.ratings import queries as ratings
from haochaping.registry import queries as registry
from haochaping.registry.queries import offered
from haochaping.registry.queries.offered import Rateable

# A thing that should be covered, and whether it is.
_Asked = tuple[Gap, bool]


def coverage(*, organisations: Collection[int], on: date, days: int = DAYS) -> Coverage:
    """Of those of these organisations that are there on the day `on`, over the services of the `days` that end with it."""
    span = Span(on - timedelta(days=days - 1), on)
    listed = [one for one in registry.organisations(on) if one.id in organisations]
    asked = list(_asked({one.id for one in listed}, span))
    counts: dict[int, dict[Kind, Covered]] = defaultdict(lambda: dict.fromkeys(Kind, Covered()))
    missing: dict[int, list[Gap]] = defaultdict(list)
    for gap, covered in asked:
        of = counts[gap.organisation_id]
        of[gap.kind] += Covered(int(covered), 1)
        if not covered:
            missing[gap.organisation_id].append(gap)
    return Coverage(
        span,
        tuple(
            OrganisationCoverage(one.id, one.credit_code, one.name, one.division_name, counts[one.id])
            for one in listed
        ),
        tuple(gap for one in listed for gap in missing[one.id]),
    )


def coverage_in_reach(
    *, official_id: UUID, now: datetime, days: int = DAYS, organisation: str | None = None
) -> Coverage:
    """What an official may see today; with `organisation` (a credit code) that one alone.

    Raises NotFound when it is not within reach.
    """
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_COVERAGE, on=today)
    if organisation is None:
        return coverage(organisations=reach, on=today, days=days)
    # What is in an address may be anything, characters that no database takes among it.
    one = registry.organisation_id_by_credit_code(organisation) if organisation.isalnum() else None
    if one is None or one not in reach:
        raise NotFound("organisation", "")
    return coverage(organisations=[one], on=today, days=days)


def _asked(organisations: Collection[int], span: Span) -> Iterator[_Asked]:
    """Every thing of every kind, kind by kind."""
    first, last = span.first, span.last
    items = offered.rateable_items(organisations, last)
    reported = cases.reported_items(items=_ids(items), from_day=first, to_day=last)
    yield from _things(Kind.ITEM, items, reported)
    windows = offered.rateable_windows(organisations, last)
    halls = offered.rateable_halls(organisations, last)
    in_halls = offered.windows_in_halls(_ids(halls), last)
    asked = {*_ids(windows), *in_halls}
    served = cases.rateable_windows(windows=asked, from_day=first, to_day=last)
    yield from _things(Kind.WINDOW, windows, served)
    staff = offered.rateable_staff(organisations, last)
    on_duty = cases.rateable_staff(staff=_ids(staff), from_day=first, to_day=last)
    yield from _things(Kind.STAFF, staff, on_duty)
    yield from _things(Kind.HALL, halls, {hall for window, hall in in_halls.items() if window in served})
    yield from _channels(organisations, {one.organisation_id for one in items}, halls, span)
    yield from _senders(organisations, last)


def _things(kind: Kind, things: Iterable[Rateable], covered: Collection[int]) -> Iterator[_Asked]:
    for one in things:
        yield Gap(kind, one.organisation_id, one.code, one.name), one.id in covered


def _channels(
    organisations: Collection[int], serving: Collection[int], halls: Collection[Rateable], span: Span
) -> Iterator[_Asked]:
    """Online channels of whoever offers items, channels on the spot of each hall."""
    first, last = span.first, span.last
    online = ratings.channels_of_organisations(organisations=serving, from_day=first, to_day=last)
    for one in registry.organisations(last):
        if one.id in organisations and one.id in serving:
            for channel in ONLINE:
                yield (
                    Gap(Kind.CHANNEL, one.id, one.credit_code, one.name, channel),
                    (one.id, channel) in online,
                )
    here = ratings.channels_of_halls(halls=_ids(halls), from_day=first, to_day=last)
    for hall in halls:
        for channel in ON_THE_SPOT:
            gap = Gap(Kind.CHANNEL, hall.organisation_id, hall.code, hall.name, channel)
            yield gap, (hall.id, channel) in here


def _senders(organisations: Collection[int], on: date) -> Iterator[_Asked]:
    """Business systems that sent something in the last days; the span plays no part."""
    found = accounts.senders_of(organisations=organisations)
    last = cases.last_reports(platforms=[one.platform for one in found])
    for one in found:
        day = last.get(one.platform)
        gap = Gap(Kind.SENDER, one.organisation_id, one.platform, one.platform, last_day=day)
        yield gap, day is not None and day > on - timedelta(days=SILENT_DAYS)


def _ids(things: Iterable[Rateable]) -> list[int]:
    return [one.id for one in things]
