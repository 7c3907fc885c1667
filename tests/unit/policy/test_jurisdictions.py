"""Whole directories of rules: read, named, and what of them can be opened."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.jurisdictions import collect_jurisdictions
from haochaping.policy.occasions import Occasion, Selector, apart, facts_of, fitting_one, never_both
from haochaping.policy.rule_files import RuleDirs, version_of_files
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RULES_DIR
from tests.unit.policy.samples import HEAD, laid_down


def written(root: Path, text: str) -> Path:
    """The profile of one jurisdiction in a directory of rules."""
    path = root / "jurisdictions" / "sample" / "profile.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_one_directory_or_several_with_the_later_on_top(tmp_path: Path) -> None:
    written(tmp_path, laid_down().replace('"city"', '"operator"'))
    alone, mistakes = collect_jurisdictions([tmp_path])
    assert ([each.key for each in alone], list(mistakes)) == (["sample"], [])
    both, mistakes = collect_jurisdictions([RULES_DIR, tmp_path])
    assert (both[0].key, list(mistakes)) == ("sample", [])
    assert "kunming" in {each.key for each in both}


def test_every_mistake_is_told(tmp_path: Path) -> None:
    written(tmp_path, laid_down(ratable="3", window="4"))
    _, mistakes = collect_jurisdictions([tmp_path])
    assert {each.key for each in mistakes} == {"ratable[0].value", "window[0].value"}


def test_files_that_differ_have_another_version(tmp_path: Path) -> None:
    dirs = RuleDirs((tmp_path,), ())
    path = written(tmp_path, "a")
    first = version_of_files(dirs)
    path.write_text("b", encoding="utf-8")
    second = version_of_files(dirs)
    path.write_text("a", encoding="utf-8")
    assert version_of_files(dirs) == first != second
    assert len(first) == 12, "short enough for whoever reads it out"


def test_what_is_there_and_cannot_be_opened_is_another_version_than_nothing(tmp_path: Path) -> None:
    dirs = RuleDirs((tmp_path,), ())
    path = written(tmp_path, "")
    empty = version_of_files(dirs)
    path.unlink()
    path.symlink_to("/proc/self/mem")  # a file to whoever looks, and an error to whoever reads
    assert version_of_files(dirs) != empty


def test_who_goes_first_stands_first(load: Callable[..., Rulebook]) -> None:
    def placed(layer: str, code: str, more: str = "") -> str:
        text = HEAD.replace('"city"', f'"{layer}"').replace("999100", code)
        return text.replace("[documents.d]", f"{more}\n[documents.d]")

    book = load(
        nation=placed("national", "000000"),
        first=placed("province", "990000", "precedence = 500"),
        county=placed("county", "999101"),
        city=placed("city", "999100"),
        another=placed("city", "998100"),
    )
    assert [each.key for each in book.jurisdictions] == ["first", "county", "another", "city", "nation"]


def test_its_example_lies_in_its_first_division_and_is_of_the_first_kind(
    load: Callable[..., Rulebook],
) -> None:
    two = HEAD.replace('["999100"]', '["999100", "998100"]')
    assert load(sample=two).jurisdictions[0].example() == Occasion("999100")
    kinds = 'only = [{ channels = ["qr"] }, { channels = ["web"] }]\n[documents.d]'
    some = load(sample=two.replace("[documents.d]", kinds)).jurisdictions[0].example()
    assert some == Occasion("999100", channel="qr")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (Selector(), Occasion("530102")),
        (Selector(divisions=("530100", "530200")), Occasion("530100")),
        (Selector(channels=("qr", "web"), levels=(1, 2)), Occasion("530102", channel="qr", level=1)),
        (Selector(named=False, classes=("hard",)), Occasion("530102", named=False, bad_class="hard")),
    ],
)
def test_an_occasion_that_fits(selector: Selector, expected: Occasion) -> None:
    assert fitting_one(selector, Occasion("530102")) == expected


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        (Selector(items=("0001", "0009")), True),
        (Selector(items=("0009", "0001")), True),
        (Selector(items=("0009",)), False),
        (Selector(divisions=("530200", "530100")), True),
        (Selector(divisions=("530200",)), False),
    ],
)
def test_one_of_several_beginnings_is_enough(selector: Selector, fits: bool) -> None:
    assert selector.fits(facts_of(Occasion("530102", item="00012"))) is fits


def test_the_window_of_a_day_is_cut_off_by_its_cap(load: Callable[..., Rulebook]) -> None:
    days = '{ n = %s, unit = "calendar_day", after = "service", count_first = false%s }'
    capped = days % (9, f", cap = {days % (4, '')}")
    floored = days % (2, f", floor = {days % (4, '')}")
    for value, last in ((capped, 5), (floored, 5), (days % (9, ""), 10)):
        window = load(sample=laid_down(window=value)).profile("999100", date(2021, 1, 1))
        found = window.rating_window(date(2021, 1, 1))
        assert found is not None
        assert found.last_day == date(2021, 1, last)


def test_a_window_from_a_weekend_begins_on_monday_where_it_says_so(load: Callable[..., Rulebook]) -> None:
    limit = '{ n = 1, unit = "calendar_day", after = "service", count_first = false%s }'
    for more, last in (("", 3), (", start_on_workday = true", 5)):
        found = load(sample=laid_down(window=limit % more)).profile("999100", date(2021, 1, 2))
        window = found.rating_window(date(2021, 1, 2))
        assert window is not None
        assert window.last_day == date(2021, 1, last)


def test_what_is_for_all_and_what_is_for_some_may_meet() -> None:
    worst, best = Selector(levels=(1,)), Selector(levels=(5,))
    assert not never_both((), (), (worst,), ())
    assert not never_both((worst,), (), (), ())
    assert not never_both((), (), (), ())
    assert never_both((worst,), (), (best,), ())
    assert not never_both((worst, best), (), (best,), ())


def test_one_of_several_places_or_items_in_common_is_enough_to_meet() -> None:
    cities, county = Selector(divisions=("530200", "530100")), Selector(divisions=("530102",))
    assert not apart(cities, county)
    assert not apart(Selector(items=("0009", "0001")), Selector(items=("00012",)))
    assert apart(cities, Selector(divisions=("530300",)))


APART = (
    '[{ subject = "item" }, { subject = "staff", rated = "apart", needs_case = true }, '
    '{ subject = "window", needs_case = false }]'
)


def test_who_is_rated_beside_the_item_and_who_without_a_case(load: Callable[..., Rulebook]) -> None:
    profile = load(sample=laid_down(subjects=APART)).profile("999100", date(2021, 1, 1))
    assert profile.staff is not None
    assert profile.staff.subject == "staff"
    assert profile.rated_without_case("window")
    assert not profile.rated_without_case("staff")
    silent = load(sample=laid_down()).profile("999100", date(2021, 1, 1))
    assert (silent.staff, silent.rated_without_case("window")) == (None, False)


def test_an_order_is_opened_after_a_bad_level_where_something_is_to_be_done(
    load: Callable[..., Rulebook],
) -> None:
    profile = load(sample=laid_down(trigger="{ }")).profile("999100", date(2021, 1, 1))
    assert (profile.opens_order(1), profile.opens_order(5)) == (True, False)
    assert not load(sample=laid_down()).profile("999100", date(2021, 1, 1)).opens_order(1)
