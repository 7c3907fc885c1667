"""Ratings are worth what the rules for just these say, where points or silence hang on more than the division."""

from pathlib import Path
from shutil import copytree

import pytest

from haochaping.policy.owed import period_of
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Figures
from haochaping.policy.spells import name_of
from haochaping.registry import models as registry
from haochaping.scoring.city_book import CityBook, KeptBook, Place
from haochaping.scoring.countable import not_countable
from haochaping.scoring.gathering import Asked, Gathered
from haochaping.scoring.record import inputs_of
from haochaping.scoring.worth import counted_otherwise, hanging_on
from haochaping.tallies.models import Change
from tests.guards.floors import ROOT
from tests.integration.scoring.test_picked import DAY, NOW, Rows
from tests.orders import make_city

YEAR = period_of("year", DAY)
PLACE = Place("530100", "year", YEAR)
_POINTS = """
[[points]]
from = 2020-06-02
document = "measures"
article = "第十四条"
only = {{ {only} }}
value = [
    {{ level = 5, points = {best} }},
    {{ level = 4, points = 8 }},
    {{ level = 3, points = 6 }},
    {{ level = 2, points = 2 }},
    {{ level = 1, points = 0 }},
]
"""
ONLINE_IS_SATISFIED = """
[[default]]
from = 2020-06-02
document = "measures"
article = "第七条"
only = { places = ["online"] }
value = { level = 4, limit = { n = 5, unit = "workday", after = "service", count_first = false }, points = 9 }
"""


@pytest.fixture
def rows(db: None) -> Rows:
    return Rows()


def rules_with(folder: Path, *more: str) -> Rulebook:
    """The product's rules, with more of Kunming."""
    copytree(ROOT / "rules", folder / "rules")
    with (folder / "rules/jurisdictions/kunming/profile.toml").open("a", encoding="utf-8") as file:
        file.write("".join(more))
    return Rulebook.load(folder / "rules")


def points(only: str, best: int) -> str:
    return _POINTS.format(only=only, best=best)


def gathered(rows: Rows, rulebook: Rulebook, *kinds: str) -> tuple[Gathered, CityBook]:
    asked = Asked(rows.city.division, frozenset({"organisation", "region", *kinds}), rulebook, NOW)
    book = CityBook(asked, PLACE)
    list(book.chapters("year"))
    return book.gathered["year", YEAR], book


def figures(found: Gathered, name: str) -> Figures:
    return next(each for unit, each in found.figures.items() if unit.name == name)


def test_by_channel_and_place_of_everybody_who_has_such_ratings(rows: Rows, tmp_path: Path) -> None:
    rulebook = rules_with(tmp_path, points('channels = ["web"]', 12), ONLINE_IS_SATISFIED)
    given = {"hall_id": rows.hall, "staff_id": rows.staff}
    rows.rating(rows.service(**given), 5, staff_level=5, channel=1)
    rows.rating(rows.service(**given), 5, staff_level=5, channel=3)
    rows.rating(rows.service(organisation_id=rows.city.authority), 5, channel=1)
    rows.silence(rows.service(place="online"), 4)
    rows.silence(rows.service(), 3)
    found, _ = gathered(rows, rulebook, "staff", "hall")
    police = figures(found, f"organisation:{rows.city.police}")
    assert police.level_points() == 12 + 10
    assert (
        police.default_points(police.cells) == 9 + 6
    )  # by the place's own worth, and by what a 基本满意 is worth
    assert figures(found, f"organisation:{rows.city.authority}").level_points() == 12
    region = figures(found, f"region:{rows.city.division}")
    assert region.level_points() == 12 + 10 + 12
    assert region.default_points(region.cells) == 9 + 6
    for kind, number in (("staff", rows.staff), ("hall", rows.hall)):
        assert figures(found, f"{kind}:{number}").level_points() == 12 + 10
    assert hanging_on(rulebook, "530100", YEAR.last) == {"channel", "place"}
    assert hanging_on(rulebook, "530000", YEAR.last) == {"channel", "place"}  # below it as well
    assert hanging_on(Rulebook.load(), "530100", YEAR.last) == frozenset()


def test_by_the_line_of_an_organisation_and_seen_from_its_region(rows: Rows, tmp_path: Path) -> None:
    rulebook = rules_with(tmp_path, points('departments = ["police"]', 20))
    registry.OrganisationRecord.objects.filter(organisation_id=rows.city.police).update(department="police")
    Change.objects.create(organisation_id=rows.city.police, day=DAY, n5=3)
    Change.objects.create(organisation_id=rows.city.authority, day=DAY, n5=2)
    found, book = gathered(rows, rulebook, "staff")
    assert figures(found, f"organisation:{rows.city.police}").level_points() == 60
    assert figures(found, f"organisation:{rows.city.authority}").level_points() == 20
    assert figures(found, f"region:{rows.city.division}").level_points() == 80
    # Kept and read again it is the same, though nobody asks the registry any more.
    kept = {
        unit.name: {**inputs_of(each), "of": unit.of, "division": "530100"}
        for unit, each in found.figures.items()
    }
    book_again = KeptBook(rulebook, PLACE, {"year": {name_of("year", YEAR): kept}})
    (chapter,) = book_again.chapters("year")
    assert {unit.name: each for unit, each in chapter.figures.items()} == {
        unit.name: each for unit, each in found.figures.items()
    }
    assert "worth" in str(kept[f"organisation:{rows.city.police}"])
    assert "worth" not in str(kept[f"organisation:{rows.city.authority}"])
    assert book.profile.scores


@pytest.mark.parametrize(
    ("only", "lacking"), [('halls = ["H1"]', "hall"), ("levels = [5]", "level"), ('channels = ["web"]', "")]
)
def test_where_nobody_tells_such_ratings_apart_nothing_is_scored(
    db: None, tmp_path: Path, only: str, lacking: str
) -> None:
    rulebook = rules_with(tmp_path, points(only, 12))
    make_city()
    profile = rulebook.profile("530100", YEAR.last)
    without = not_countable(profile, hanging_on(rulebook, "530100", YEAR.last))
    scores = {f"scores.{key}" for key in profile.scores}
    assert (scores <= without.keys()) is bool(lacking)
    assert set(without.values()) == ({lacking} if lacking else set())


def test_where_ratings_are_to_be_counted_otherwise_if_only_some_a_run_names_the_rule(
    rows: Rows, tmp_path: Path
) -> None:
    counting = (
        '[[counting]]\nfrom = 2020-06-02\ndocument = "measures"\narticle = "第十四条"\n'
        'only = { channels = ["web"] }\nvalue = { bad_from = "verification" }\n'
    )
    rulebook = rules_with(tmp_path, counting)
    assert counted_otherwise(Rulebook.load(), "530100", YEAR.last) == frozenset()
    assert counted_otherwise(rulebook, "530000", YEAR.last) == {"counting"}
    _, book = gathered(rows, rulebook)
    assert book.profile.scores == {}
    assert set(book.uncounted(YEAR).values()) == {"counting"}
