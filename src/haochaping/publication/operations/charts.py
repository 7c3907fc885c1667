"""Drawing the pictures of what was published, and of the day's frozen figures, once: what was drawn is kept."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from haochaping.audit import operations as audit
from haochaping.foundation import paperwork
from haochaping.foundation.errors import Conflict, Refused
from haochaping.foundation.form_templates import forms_dir
from haochaping.foundation.ids import new_id
from haochaping.foundation.typesetting import Busy, CannotBeSet
from haochaping.policy.sources import RulesError
from haochaping.publication.chain import canonical
from haochaping.publication.charts import daily, published
from haochaping.publication.charts.days import DAYS
from haochaping.publication.charts.drawing import Drawing
from haochaping.publication.charts.grids import grid_of
from haochaping.publication.charts.operator_map import MapRefused, own_map
from haochaping.publication.charts.regions import Ground
from haochaping.publication.models import Chart, DepartmentDay, Publication
from haochaping.publication.places import place_code, public_days, regions_below, top_place
from haochaping.publication.queries.charts import LANGUAGES, digest_of
from haochaping.publication.queries.live import division_label
from haochaping.publication.queries.publications import publication
from haochaping.tallies.rules import MEASURES, Counts

logger = logging.getLogger(__name__)
# Any number will do, as long as all versions use the same.
_LOCK = 7_208_314_604

Draw = Callable[[], Sequence[Drawing]]


def draw_publication(*, number: str, now: datetime) -> int:
    """Draws the pictures of a publication out of its record and those of the periods before; how many, 0 where they are
    there already. Nothing is locked while they are drawn.

    Raises NotFound, Conflict ("altered") for a publication that is no longer what was published, Refused ("busy", "chart").
    """
    found = publication(number)
    if found.altered:
        raise Conflict("altered", _("保存的数据与公布时不一致，不能据此制图。"))
    if Chart.objects.filter(subject=number).exists():
        return 0
    record = found.record
    before = _before(found.sequence, record)
    ground = _ground(record["place"], date.fromisoformat(record["period"]["last"]))
    return _keep(number, _drawn(lambda: published.drawings(record, before, ground)), now)


def draw_day(*, day: date, now: datetime) -> int:
    """Draws the pictures of what was frozen on a day; how many, 0 where they are there already. Raises Refused ("busy",
    "chart")."""
    subject = day.isoformat()
    if Chart.objects.filter(subject=subject).exists():
        return 0
    frozen = _frozen(day)
    ground = _ground(frozen.place, frozen.to_day)
    return _keep(subject, _drawn(lambda: daily.drawings(frozen, ground)), now)


def _before(sequence: int, record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Records of the same place and of periods as long, up to this one: of each period the last that was published. One that
    was altered says nothing."""
    numbers = Publication.objects.filter(
        place=record["place"], kind=record["kind"], sequence__lte=sequence
    ).order_by("sequence")
    found = {}
    for number in numbers.values_list("number", flat=True):
        each = publication(number)
        if not each.altered and _months(each.record) == _months(record):
            found[each.record["period"]["first"]] = each.record
    return [found[first] for first in sorted(found)]


def _months(record: Mapping[str, Any]) -> int:
    first, last = (date.fromisoformat(record["period"][end]) for end in ("first", "last"))
    return (last.year - first.year) * 12 + last.month - first.month


def _ground(place: str, on: date) -> Ground:
    """The regions of a place by their names; the grid and the map on which they are drawn."""
    try:
        grid = grid_of(place_code(place, on))
    except RulesError as error:
        logger.error("tiles stand by rows: %s", error)
        grid = ()
    try:
        own = own_map(forms_dir())
    except MapRefused as refusal:
        logger.error("the operator's map is not drawn: %s", refusal)
        own = None
    return Ground(regions_below(place, on), grid, own)


def _frozen(day: date) -> daily.Frozen:
    rows = list(DepartmentDay.objects.filter(published_on=day).order_by("division_code", "organisation_id"))
    to_day = day - timedelta(days=1)
    shown = [row.division_code for row in rows]
    departments = [
        daily.Department(
            row.organisation_id,
            row.name,
            division_label(row.division_code, row.division_name, shown),
            Counts(*(getattr(row, measure) for measure in MEASURES)),
        )
        for row in rows
    ]
    by_day = public_days(from_day=to_day - timedelta(days=DAYS - 1), to_day=to_day)
    return daily.Frozen(top_place(day), departments, by_day, to_day)


def _drawn(draw: Draw) -> list[Chart]:
    """In each language, with what is said beside."""
    said: list[tuple[str, int, Drawing]] = []
    for language in LANGUAGES:
        with override(language):
            said += [(language, place, each) for place, each in enumerate(draw())]
    try:
        svgs = paperwork.pictures([each.asked(language) for language, _place, each in said]) if said else []
    except CannotBeSet as error:
        raise Refused("chart", _("图没有生成：内容不能绘制。")) from error
    except Busy as error:
        raise Refused("busy", _("正在生成的文件太多，请过一会儿再试。")) from error
    made = []
    for (language, place, each), svg in zip(said, svgs, strict=True):
        told = canonical(each.told()).decode()
        digest = digest_of(svg, told)
        made.append(Chart(place=place, name=each.name, language=language, svg=svg, told=told, digest=digest))
    return made


@transaction.atomic
def _keep(subject: str, made: Sequence[Chart], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not made or Chart.objects.filter(subject=subject).exists():
        return 0
    for each in made:
        each.id, each.subject, each.made_at = new_id(now), subject, now
    Chart.objects.bulk_create(made)
    audit.record(
        now=now,
        actor="system",
        act="publication.charts",
        subject=subject,
        detail={f"{each.name}.{each.language}": each.digest for each in made},
    )
    return len(made)
