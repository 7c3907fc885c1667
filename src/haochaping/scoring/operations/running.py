"""A score run: what was counted of a period, what the rules make of it, both kept with all that lies between."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.foundation.ids import new_id
from haochaping.oversight.queries.watch import alarms_on
from haochaping.oversight.watching import TALLIES
from haochaping.policy.owed import Period, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_pages import Page, written
from haochaping.policy.score_units import Unit as Scored
from haochaping.policy.scores import is_bare
from haochaping.policy.spells import KINDS, name_of
from haochaping.registry import queries as registry
from haochaping.scoring import record
from haochaping.scoring.beside import Beside, beside
from haochaping.scoring.city_book import CityBook, Kept, Place
from haochaping.scoring.editions import editions
from haochaping.scoring.gathering import Asked, Gathered
from haochaping.scoring.models import Listing, Result, Run, Unit
from haochaping.scoring.operations.reach import divisions_of
from haochaping.scoring.operations.turns import alone_with
from haochaping.scoring.operations.waiting import refuse_open
from haochaping.scoring.places import COUNTED, number_of
from haochaping.scoring.states import State
from haochaping.tallies.queries import NotFilled

_PREFIX: Final = "DF"
_NUMBER_BYTES: Final = 5
# Rows of one statement: the inputs of a unit are some kilobytes.
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Of which division (registry id), over which period: the one of this length with that day. `rules_name`: what the rules
    are called, where they are not those in force: a run of "what if". `official_id`: who asks, None for the operator."""

    division_id: int
    kind: str
    day: date
    actor: str
    rules_name: str = ""
    official_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The number of the run; `new`: there was none that says the same."""

    number: str
    new: bool


def run_scores(request: RunRequest, *, rulebook: Rulebook, now: datetime) -> Made:
    """Works out all scores, ranks and lists of a period and keeps them as a preview.

    What says the same as the last run of the period is not kept again. Raises Refused for a period that is not over, or
    of which windows are open, NotAllowed for another's division, NotFound for an unknown one and for one without rules,
    Conflict while somebody else works out the same and while tallies are known to be wrong.
    """
    if request.official_id is not None and request.division_id not in divisions_of(
        official_id=request.official_id, permission=Permission.RUN_SCORES, now=now
    ):
        raise NotAllowed("score_run", _("只能计算本单位负责的地方的得分。"))
    period = _period(request, local_day(now))
    if alarms_on()[TALLIES]:
        message = _("统计数量与逐条记录不一致，更正以前不能评分。请系统管理员用 reconcile --fix 更正。")
        raise Conflict("tallies_differ", message)
    alone = not connection.in_atomic_block
    with alone_with(request.division_id, request.kind, period.first), transaction.atomic():
        if alone:  # all is read as it stood in one moment
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try:
            return _run(request, period, rulebook, now)
        except NotFilled as error:
            message = _("统计数量正在从逐条记录补齐，补齐以后才能评分。请过几分钟再试。")
            raise Conflict("tallies_not_filled", message) from error


def _period(request: RunRequest, today: date) -> Period:
    if request.kind not in KINDS:
        raise Refused("unknown_period", _("没有这种统计期：%(kind)s。") % {"kind": request.kind})
    period = period_of(request.kind, request.day)
    if period.last >= today:
        message = _("统计期到 %(last)s 才结束，结束并且评价期限届满以后才能评分。")
        raise Refused("period_not_over", message % {"last": period.last.isoformat()})
    return period


@dataclass(frozen=True)
class _Worked:
    """A period worked out and not yet kept. `kept`: all that went in; `results`: as `record.result_of` writes them."""

    place: Place
    page: Page
    gathered: Gathered
    kept: Kept
    results: Mapping[tuple[Scored, str], Mapping[str, Any]]
    uncounted: Mapping[str, str]
    editions: list[dict[str, str]]

    @property
    def inputs_digest(self) -> str:
        return record.digest(self.kept)

    @property
    def digest(self) -> str:
        told = [(unit.name, key, each) for (unit, key), each in self.results.items()]
        return record.run_digest(told, {key: each.units for key, each in self.page.lists.items()})


def _run(request: RunRequest, period: Period, rulebook: Rulebook, now: datetime) -> Made:
    place = Place(_code(request.division_id, period.last), request.kind, period)
    in_force = _in_force(place, rulebook)
    refuse_open(request.division_id, _kinds(in_force), period)
    worked = _work(request, place, in_force, rulebook, now)
    before = _before(request, period)
    if before and (before.version, before.editions, before.inputs_digest, before.digest) == (
        worked.page.profile.version,
        worked.editions,
        worked.inputs_digest,
        worked.digest,
    ):
        return Made(before.number, new=False)
    row = _keep_run(request, worked, before, now)
    _keep_units(row, worked)
    _keep_lists(row, worked.page)
    audit.record(
        now=now,
        actor=request.actor,
        act="scoring.run",
        subject=row.number,
        detail={
            "kind": row.kind,
            "first": row.first.isoformat(),
            "digest": row.digest,
            "what_if": row.what_if,
        },
    )
    return Made(row.number, new=True)


def _in_force(place: Place, rulebook: Rulebook) -> Profile:
    try:
        return rulebook.profile(place.code, place.period.last)
    except LookupError as error:
        raise NotFound("no_rules", _("这个地方没有可以适用的评价规则。")) from error


def _work(request: RunRequest, place: Place, in_force: Profile, rulebook: Rulebook, now: datetime) -> _Worked:
    book = CityBook(Asked(request.division_id, _kinds(in_force), rulebook, now), place)
    page = written(book)[place.kind][-1]
    return _Worked(
        place=place,
        page=page,
        gathered=book.gathered[place.kind, place.period],
        kept=_kept(book),
        results=_results(page),
        uncounted=book.uncounted(place.period),
        editions=editions(rulebook, place.code, place.period),
    )


def division_by_code(code: str, *, on: date) -> int:
    """The registry's id of a division. Raises NotFound."""
    found = next((each.id for each in registry.division_tree(on) if each.code == code), None)
    if found is None:
        raise NotFound("division", _("统计期末没有代码为 %(code)s 的行政区划。") % {"code": code})
    return found


def _code(division_id: int, on: date) -> str:
    found = next((each.code for each in registry.division_tree(on) if each.id == division_id), None)
    if found is None:
        raise NotFound("division", _("统计期末没有这个行政区划。"))
    return found


def _kinds(profile: Profile) -> frozenset[str]:
    """Who is scored, listed or published by name, as far as anybody counts them; organisations and regions always."""
    asked = {each for score in profile.scores.values() for each in score.value.of}
    asked |= {each.value.listed for each in profile.lists.values()}
    public = (each.value for each in profile.publication.values() if not each.absent)
    asked |= {kind for each in public if each.audience == "public" for kind in each.of}
    return frozenset({"organisation", "region", *asked} & set(COUNTED))


def _kept(book: CityBook) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
    """All that went in: see `city_book.Kept`."""
    found: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for (kind, period), gathered in book.gathered.items():
        found.setdefault(kind, {})[name_of(kind, period)] = {
            unit.name: {**record.inputs_of(figures), "of": unit.of, "division": gathered.divisions[unit]}
            for unit, figures in gathered.figures.items()
        }
    return found


def _results(page: Page) -> dict[tuple[Scored, str], dict[str, Any]]:
    """(unit, score) → as `record.result_of` writes it down."""
    found = {}
    for unit, figures in page.figures.items():
        for key in page.profile.scores:
            result = page.results.get((key, unit.name))
            if result is not None:
                standing = figures.standings.get(key)
                rank, ranked = (standing.rank, standing.ranked) if standing else (None, None)
                found[unit, key] = record.result_of(result, rank, ranked)
    return found


def _before(request: RunRequest, period: Period) -> Run | None:
    runs = Run.objects.filter(division_id=request.division_id, kind=request.kind, first=period.first)
    same = runs.filter(what_if=bool(request.rules_name), rules_name=request.rules_name)
    return same.exclude(state=State.WITHDRAWN).order_by("-cut_off").first()


def _keep_run(request: RunRequest, worked: _Worked, before: Run | None, now: datetime) -> Run:
    place, profile = worked.place, worked.page.profile
    own = (place.kind, name_of(place.kind, place.period))
    return Run.objects.create(
        id=new_id(now),
        number=_PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        division_id=request.division_id,
        kind=place.kind,
        first=place.period.first,
        last=place.period.last,
        cut_off=now,
        profile=profile.key,
        version=profile.version,
        what_if=bool(request.rules_name),
        rules_name=request.rules_name,
        inputs_digest=worked.inputs_digest,
        digest=worked.digest,
        state=State.PREVIEW,
        made_at=now,
        made_by=request.actor,
        previous=before,
        scores={
            key: {
                "label": each.value.label or key,
                "clause": each.citation,
                "variant_of": each.value.variant_of or "",
                "total": str(each.value.total) if each.value.total is not None else "",
                "bare": is_bare(each.value),
            }
            for key, each in profile.scores.items()
            if any(key == scored for _unit, scored in worked.results)
        },
        earlier={
            kind: {name: units for name, units in periods.items() if (kind, name) != own}
            for kind, periods in worked.kept.items()
        },
        uncounted=dict(worked.uncounted),
        editions=worked.editions,
    )


def _keep_units(run: Run, worked: _Worked) -> None:
    place, shown = worked.place, _beside(worked.page)
    inputs = worked.kept[place.kind][name_of(place.kind, place.period)]
    rows = {
        unit: Unit(
            id=new_id(run.made_at),
            run=run,
            kind=unit.kind,
            number=number_of(unit),
            name=worked.gathered.names[unit],
            of=unit.of,
            division=worked.gathered.divisions[unit],
            ended=unit in worked.gathered.ended,
            inputs=inputs[unit.name],
            beside=shown[unit].kept(),
        )
        for unit in worked.page.figures
    }
    Unit.objects.bulk_create(rows.values(), batch_size=_BATCH)
    scored = [Result(unit=rows[unit], score=key, **each) for (unit, key), each in worked.results.items()]
    Result.objects.bulk_create(scored, batch_size=_BATCH)


def _beside(page: Page) -> dict[Scored, Beside]:
    found: dict[Scored, Beside] = {}
    for kind in {unit.kind for unit in page.figures}:
        found |= beside({unit: each for unit, each in page.figures.items() if unit.kind == kind})
    return found


def _keep_lists(run: Run, page: Page) -> None:
    rules = page.profile.lists
    Listing.objects.bulk_create(
        Listing(
            run=run,
            key=key,
            label=rules[key].value.label,
            clause=rules[key].citation,
            named=sorted(each.units),
            missing=each.missing,
        )
        for key, each in page.lists.items()
    )
