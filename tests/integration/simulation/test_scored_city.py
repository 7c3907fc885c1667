"""Scores, ranks and a publication of a simulated city are those of its rows, counted again here by plain statements."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from haochaping.accounts.rules import Role
from haochaping.cli import demo
from haochaping.cli.simulate import simulate_city
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.chain import broken
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.publication.proof import Difference, reconcile
from haochaping.publication.queries.publications import Published, chain_broken, publication
from haochaping.registry import queries as registry
from haochaping.registry.operations import import_registry
from haochaping.scoring.again import worked_again
from haochaping.scoring.models import Result, Run, Unit
from haochaping.scoring.operations.running import RunRequest, division_by_code, run_scores
from haochaping.scoring.operations.signing import sign
from haochaping.simulation import marginals
from haochaping.simulation.operations import Report
from haochaping.simulation.runs import Asked
from tests.conftest import empty_database
from tests.integration.simulation.conftest import rows
from tests.occasions import database_address
from tests.orders import make_official

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
# All of 2025, with some days before and after it: those are not of the period.
ASKED = Asked(ratings=900, seed=5, days=390, last=date(2026, 1, 20))
DAY = date(2025, 11, 5)
PERIODS = {"quarter": (date(2025, 10, 1), date(2025, 12, 31)), "year": (date(2025, 1, 1), date(2025, 12, 31))}
# One in fifty is bad, so that orders have something to tell.
ROUGH: dict[str, int | str] = {"5": 80, "4": 11, "3": 7, "2": 1, "1": 1}
KUNMING_14 = {5: 10, 4: 8, 3: 6, 2: 2, 1: 0}

# What is counted out leaves its service neither rated nor un-rated, or as silence that counts.
COUNTED = """
WITH gone AS (
    SELECT DISTINCT ON (rating_id) rating_id, effect, level FROM ratings_voiding ORDER BY rating_id, ordinal DESC
), said AS (
    SELECT r.organisation_id, r.service_day,
        CASE WHEN coalesce(g.effect, '') = '' THEN 'n' || r.level
             WHEN g.effect = 'default' THEN 'd' || g.level ELSE 'void' END AS what
    FROM ratings_rating AS r LEFT JOIN gone AS g ON g.rating_id = r.id
    UNION ALL
    SELECT organisation_id, service_day, 'd' || level FROM ratings_defaultrating WHERE superseded_at IS NULL
    UNION ALL
    SELECT organisation_id, service_day, CASE WHEN late THEN 'late' ELSE 'occasions' END FROM cases_serviceoccasion
)
SELECT organisation_id, what, count(*)::int AS number FROM said WHERE service_day BETWEEN '{first}' AND '{last}'
GROUP BY 1, 2
"""
# Each bad rating has an order that was opened, or is in it why none was; nothing waits for one.
BAD = """
SELECT (SELECT count(*) FROM ratings_rating WHERE level <= 2)::int AS ratings,
    (SELECT count(*) FROM rectification_workorder WHERE exclusion = '')::int AS orders,
    (SELECT count(*) FROM rectification_workorder WHERE exclusion <> '')::int AS excluded,
    (SELECT count(*) FROM rectification_workorder AS o JOIN ratings_rating AS r ON r.id = o.subject_id AND r.level <= 2)::int
        AS matched
"""


@dataclass(frozen=True)
class Scored:
    """What a run of one length kept, and what the rows of its period add up to, by organisation (registry id)."""

    run: Run
    units: dict[int, Unit]
    points: dict[tuple[int, str], Result]
    rows: dict[int, Counter[str]]


@dataclass(frozen=True)
class Judged:
    """`same`: run again, the year gave no other run; `again`: worked out again from what was kept, it is the
    same to the last byte. `states`: of its orders and of the objections against them, how many are in which.
    """

    report: Report
    scored: dict[str, Scored]
    same: bool
    again: bool
    published: Published
    chain: list[Any]
    differences: tuple[Difference, ...]
    bad: dict[str, int]
    states: dict[str, Counter[str]]


@pytest.fixture(scope="module")
def judged(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Judged:
    """Made once and asked once; the database is empty again when the tests look at it."""
    demo_shape = marginals.read("demo")
    rough = msgspec.structs.replace(demo_shape, levels=ROUGH)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DATABASE_URL", database_address())
        patch.setattr(marginals, "read", lambda _name: rough)
        try:
            import_registry(directory=demo.CITY, now=NOW, actor="test")
            report = simulate_city(ASKED, now=NOW)
            scored = {kind: score(kind) for kind in PERIODS}
            year = scored["year"].run
            found = Judged(
                report,
                scored,
                run("year") == (year.number, False),
                worked_again(year.number, rulebook=Rulebook.load()).holds,
                publication(publish(year)),
                list(chain_broken()),
                reconcile(now=NOW),
                rows(BAD)[0],
                {
                    table: Counter(each["state"] for each in rows(f"SELECT state FROM rectification_{table}"))  # noqa: S608
                    for table in ("workorder", "objection")
                },
            )
        finally:
            empty_database()
            connection.close()
    return found


def run(kind: str) -> tuple[str, bool]:
    """The number of the run, and whether it is a new one."""
    request = RunRequest(division_by_code("530100", on=DAY), kind, DAY, "test")
    made = run_scores(request, rulebook=Rulebook.load(), now=NOW)
    return made.number, made.new


def score(kind: str) -> Scored:
    kept = Run.objects.get(number=run(kind)[0])
    results = Result.objects.filter(unit__run=kept, unit__kind="organisation").select_related("unit")
    first, last = PERIODS[kind]
    counted: dict[int, Counter[str]] = {}
    for each in rows(COUNTED.format(first=first, last=last)):
        counted.setdefault(each["organisation_id"], Counter())[each["what"]] = each["number"]
    return Scored(
        kept,
        {each.number: each for each in Unit.objects.filter(run=kept, kind="organisation")},
        {(each.unit.number, each.score): each for each in results},
        counted,
    )


def publish(year: Run) -> str:
    authority = registry.organisation_id_by_credit_code(demo.AUTHORITY)
    assert authority is not None
    for name in ("one", "two"):
        who = make_official(authority, NOW, name, Role.AUTHORITY_LEADER)
        sign(number=year.number, official_id=who, digest=year.digest, now=NOW)
    officer = make_official(authority, NOW, "officer", Role.AUTHORITY_OFFICER)
    return publish_ranking(run=year.number, official_id=officer, now=NOW)


def levels(counted: Counter[str], kind: str) -> int:
    return sum(counted[f"{kind}{level}"] for level in KUNMING_14)


@pytest.mark.parametrize("kind", PERIODS)
def test_the_figures_of_a_run_are_those_of_the_rows(judged: Judged, kind: str) -> None:
    scored = judged.scored[kind]
    assert sum(map(sum, (each.values() for each in scored.rows.values()))) > 250
    assert set(scored.rows) <= set(scored.units)
    for number, unit in scored.units.items():
        counted = scored.rows.get(number, Counter())
        rated = levels(counted, "n")
        told = unit.beside["counts"]
        assert {name: told.get(name, 0) for name in ("occasions", "ratings", "bad", "defaults")} == {
            "occasions": counted["occasions"] - counted["void"],
            "ratings": rated,
            "bad": counted["n1"] + counted["n2"],
            "defaults": levels(counted, "d"),
        }, unit.name
        assert unit.beside["shares"].get("good_active") == (
            str(Fraction(rated - counted["n1"] - counted["n2"], rated)) if rated else None
        )


def banded(value: Fraction, bands: tuple[tuple[str, int], ...]) -> int:
    return next(points for begin, points in bands if value >= Fraction(begin))


def test_points_and_ranks_are_those_of_article_14(judged: Judged) -> None:
    scored = judged.scored["year"]
    expected: dict[int, int] = {}
    for number, counted in scored.rows.items():
        rated, silent = levels(counted, "n"), levels(counted, "d")
        of = counted["occasions"] - counted["void"]
        if not of or not rated + silent:
            continue
        worth = sum(KUNMING_14[level] * (counted[f"n{level}"] + counted[f"d{level}"]) for level in KUNMING_14)
        expected[number] = banded(Fraction(rated, of), (("0.95", 3), ("0.80", 1), ("0", 0))) + banded(
            Fraction(worth, rated + silent), (("9.5", 7), ("8", 5), ("6", 3), ("0", 0))
        )
    assert len(expected) > 50
    assert len(set(expected.values())) > 2
    finals = {number: each for (number, score), each in scored.points.items() if score == "final"}
    assert {number: each.points for number, each in finals.items() if each.points} == {
        number: str(points) for number, points in expected.items()
    }
    for number, points in expected.items():
        rank = 1 + sum(other > points for other in expected.values())
        assert (finals[number].rank, finals[number].ranked) == (rank, len(expected))


def test_run_again_it_says_the_same_to_the_last_byte(judged: Judged) -> None:
    assert judged.same
    assert judged.again


def test_what_was_published_is_what_was_scored_and_holds(judged: Judged) -> None:
    found = judged.published
    assert not found.altered
    assert judged.chain == []
    assert list(broken([(found.record, found.digest)])) == []
    told = {row["name"]: row for row in found.record["rows"]["organisation"] if "counts" in row}
    units = {unit.name: unit for unit in judged.scored["year"].units.values()}
    assert told
    for name, row in told.items():
        beside = units[name].beside
        assert row["counts"] == {word: beside["counts"][word] for word in row["counts"]}
        assert (
            row["scores"]["final"]["points"]
            == judged.scored["year"].points[units[name].number, "final"].points
        )
    altered = {**found.record, "place": "别处"}
    assert [each.why for each in broken([(altered, found.digest)])] == ["altered"]


def test_every_tally_is_proved_and_every_bad_rating_has_its_order(judged: Judged) -> None:
    assert judged.differences == ()
    bad = judged.bad
    assert bad["ratings"] == judged.report.bad > 8
    assert bad["ratings"] == bad["orders"] + bad["excluded"] == bad["matched"]


def test_orders_and_objections_are_at_different_steps(judged: Judged) -> None:
    orders, objections = judged.states["workorder"], judged.states["objection"]
    assert sum(orders.values()) == judged.report.orders
    assert orders["closed"] > 5
    assert len(orders) > 2
    assert objections["decided"] > 0
    assert sum(objections.values()) == judged.report.objections
