"""Files, entries and parts that stand beside each other: which of them are in each other's way, and which are not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.calendars import read_calendar
from haochaping.policy.checking import check
from haochaping.policy.occasions import Occasion
from haochaping.policy.places import lines_of
from haochaping.policy.rule_files import RuleDirs, stamps
from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import HEAD, laid_down

NATIONAL = HEAD.replace('"city"', '"national"').replace("999100", "000000")


def checked(root: Path, text: str, *, head: str = HEAD) -> list[str]:
    """What is said of a profile beside a national base."""
    for key, each in (("national", NATIONAL), ("city", head + text)):
        path = root / "jurisdictions" / key / "profile.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each, encoding="utf-8")
    return [f"{each.key}: {each.problem}" for each in check(root)]


def entry(dimension: str, value: str, key: str = "", from_: str = "2021-01-01") -> str:
    named = f'key = "{key}"\n' if key else ""
    return f'[[{dimension}]]\n{named}from = {from_}\ndocument = "d"\narticle = "第一条"\nvalue = {value}\n'


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        ('"999100"', '"999101", "888100"', True),
        ('"999101", "888100"', '"999100"', True),
        ('"888100", "999101"', '"777100", "999100"', True),
        ('"888100", "999100"', '"777100", "999101"', True),
        ('"888100", "999100"', '"777100", "999200"', False),
    ],
)
def test_one_division_in_common_is_enough(
    load: Callable[..., Rulebook], one: str, two: str, meet: bool
) -> None:
    profiles = {"one": HEAD.replace('"999100"', one), "two": HEAD.replace('"999100"', two)}
    if not meet:
        assert [each.key for each in load(**profiles).jurisdictions] == ["one", "two"]
        return
    with pytest.raises(RulesError, match="'one', of the same layer"):
        load(**profiles)


def local(key: str, from_: str, day: str = "2026-07-01") -> str:
    return entry("local_days", f'{{ name = "节", off = [{day}] }}', key, from_)


@pytest.mark.parametrize(("earlier", "later"), [("a", "b"), ("b", "a")])
def test_a_local_day_is_laid_down_twice_from_whatever_day_on(
    tmp_path: Path, earlier: str, later: str
) -> None:
    told = checked(tmp_path, local(earlier, "2021-01-01") + local(later, "2022-01-01"))
    assert told == [f"local_days.{later}: 2026-07-01 is laid down by {earlier!r} already"]
    told = checked(tmp_path, local(later, "2022-01-01") + local(earlier, "2021-01-01"))
    assert told == [f"local_days.{earlier}: 2026-07-01 is laid down by {later!r} already"]


def test_local_days_of_different_times_are_not_in_each_others_way(tmp_path: Path) -> None:
    ended = local("a", "2021-01-01").replace("from = 2021-01-01", "from = 2021-01-01\nto = 2022-01-01")
    assert checked(tmp_path, ended + local("b", "2022-01-01")) == []
    assert checked(tmp_path, local("a", "2021-01-01") + local("b", "2021-01-01", "2026-07-02")) == []


PART = "{ points = 1, weight = %s }"


@pytest.mark.parametrize(
    ("combine", "weights", "odd"),
    [
        ("weighted_mean", ("0.5", "0.5"), False),
        ("weighted_mean", ("0.5", "0.6"), True),
        ("weighted_mean", ("0.5",), False),
        ("weighted_mean", ("0.5", "1"), False),
        ("weighted_mean", ("0.5", "0"), False),
        ("sum", ("0.5", "0.6"), False),
    ],
)
def test_shares_of_a_mean_make_one_whole(
    tmp_path: Path, combine: str, weights: tuple[str, ...], odd: bool
) -> None:
    parts = ", ".join(PART % each for each in weights)
    told = checked(tmp_path, entry("scores", f'{{ combine = "{combine}", parts = [{parts}] }}', "a"))
    assert told == (["scores.a: the weights of its parts add up to 1.1; expected 1"] if odd else [])


@pytest.mark.parametrize(
    ("band", "odd"),
    [
        ("{ from = 1, points = 3 }, { from = 0, points = 1 }", False),
        ("{ from = 1.01, points = 3 }, { from = 0, points = 1 }", True),
        ("{ above = 1.01, points = 3 }, { from = 0, points = 1 }", True),
    ],
)
def test_a_band_begins_at_one_at_most(tmp_path: Path, band: str, odd: bool) -> None:
    part = f'{{ measure = "bad_rate", counts_defaults = false, bands = [{band}] }}'
    told = checked(tmp_path, entry("scores", f"{{ parts = [{part}] }}", "a"))
    expected = "scores.a: a band of bad_rate begins at 1.01; expected a share from 0 to 1, 95 % is 0.95"
    assert told == ([expected] if odd else [])


def test_growth_and_places_are_no_shares(tmp_path: Path) -> None:
    for more in ('placed = "rank", better = "lower"', 'compared = "previous", relative = true'):
        bands = "[{ from = 2, points = 3 }, { points = 1 }]"
        part = f'{{ measure = "bad_rate", counts_defaults = false, {more}, bands = {bands} }}'
        assert checked(tmp_path, entry("scores", f"{{ parts = [{part}] }}", "a")) == []


def test_what_is_wrong_by_its_key_is_told_once_and_is_in_nobodys_way(tmp_path: Path) -> None:
    step = "{ limit = { n = 1, unit = 'hour', after = 'opening' } }".replace("'", '"')
    told = checked(tmp_path, entry("steps", step) * 2)
    assert [each.partition(";")[0] for each in told] == [f"steps[{n}].key: is missing" for n in (0, 1)]


def test_every_county_is_where_its_city_is(tmp_path: Path) -> None:
    window = '{ n = 3, unit = "workday", after = "service", count_first = false }'
    for code, told in (("999101", 0), ("999100000000", 0), ("999101001000", 0), ("999200", 1)):
        only = entry("window", window).replace("value =", f'only = {{ divisions = ["{code}"] }}\nvalue =')
        assert len(checked(tmp_path, only)) == told


def test_of_a_circle_the_first_is_named_where_it_stands(tmp_path: Path) -> None:
    one = entry("scores", "{ parts = [{ points = 1 }] }", "x")
    circle = "".join(
        entry("scores", f'{{ parts = [{{ measure = "scores", score = "{other}" }}] }}', key)
        for key, other in (("a", "b"), ("b", "a"))
    )
    assert checked(tmp_path, one + circle) == ["scores.a: goes in a circle: scores.a → scores.b → scores.a"]
    (mistake,) = check(tmp_path)
    assert mistake.line == (HEAD + one).count("\n") + 1


def test_one_of_several_selectors_that_its_jurisdiction_leaves_is_enough(tmp_path: Path) -> None:
    window = '{ n = 3, unit = "workday", after = "service", count_first = false }'
    for places, told in ((("online", "own_hall"), 0), (("online", "hotline"), 1)):
        only = ", ".join(f'{{ places = ["{each}"] }}' for each in places)
        head = HEAD.replace("[documents.d]", 'only = { places = ["own_hall"] }\n[documents.d]')
        text = entry("window", window).replace("value =", f"only = [{only}]\nvalue =")
        assert len(checked(tmp_path, text, head=head)) == told


def test_a_village_is_where_its_township_is(tmp_path: Path) -> None:
    head = HEAD.replace("999100", "999101001000")
    window = '{ n = 3, unit = "workday", after = "service", count_first = false }'
    for code, told in (("999101001002", 0), ("999101000000", 0), ("999101002000", 1)):
        text = entry("window", window).replace("value =", f'only = {{ divisions = ["{code}"] }}\nvalue =')
        assert len(checked(tmp_path, text, head=head)) == told


@pytest.mark.parametrize(
    ("applies_to", "example"),
    [
        ("990000", "990000"),
        ("999100000000", "999100"),
        ("999101", "999101"),
        ("999101001000", "999101001000"),
        ("999101001002", "999101001002"),
    ],
)
def test_an_example_of_where_a_jurisdiction_applies(
    load: Callable[..., Rulebook], applies_to: str, example: str
) -> None:
    (found,) = load(sample=HEAD.replace("999100", applies_to)).jurisdictions
    assert found.example() == Occasion(example)


def test_a_layer_goes_ten_before_the_wider_one(load: Callable[..., Rulebook]) -> None:
    city = HEAD.replace("[documents.d]", "precedence = 11\n[documents.d]")
    province = HEAD.replace("999100", "990000").replace('"city"', '"province"')
    found = load(city=city, national=NATIONAL, province=province).jurisdictions
    assert [(each.key, each.precedence) for each in found] == [
        ("city", 11),
        ("province", 10),
        ("national", 0),
    ]


def test_who_says_no_precedence_has_nought(tmp_path: Path) -> None:
    window = entry("window", '{ n = 3, unit = "workday", after = "service", count_first = false }')
    for precedence, told in ((-1, 0), (0, 1), (1, 0)):
        other = window.replace("value =", f"precedence = {precedence}\nvalue =")
        assert len(checked(tmp_path, window + other)) == told


def test_keys_stand_close_together() -> None:
    assert lines_of("[a]\nb={c=1,d=[2,3],e={}}\nf=1") == {
        **{"a": 1, "a.b": 2, "a.b.c": 2, "a.b.d": 2, "a.b.d[0]": 2, "a.b.d[1]": 2, "a.b.e": 2},
        "a.f": 3,
    }


def test_a_file_that_is_not_there_is_not_the_same_as_one_that_cannot_be_looked_at(tmp_path: Path) -> None:
    dirs = RuleDirs((tmp_path,), ())
    path = tmp_path / "jurisdictions" / "city" / "profile.toml"
    path.parent.mkdir(parents=True)
    missing = stamps(dirs)
    path.symlink_to(path)
    assert stamps(dirs) != missing


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        (date(2029, 12, 19), False),
        (date(2029, 12, 20), True),
        (date(2030, 12, 31), True),
        (date(2031, 1, 1), False),
    ],
)
def test_a_notice_lays_down_days_from_20_december_to_the_end_of_its_year(
    tmp_path: Path, day: date, fine: bool
) -> None:
    path = tmp_path / "2030.toml"
    path.write_text(
        'year = 2030\n[documents.n]\ntitle = "通知"\n'
        f'[[holidays]]\nname = "节"\nfrom = {day}\nto = {day}\ndocument = "n"\n',
        encoding="utf-8",
    )
    if fine:
        assert read_calendar(path, root=tmp_path).year.holidays == {day}
        return
    with pytest.raises(RulesError, match="cannot be laid down for 2030"):
        read_calendar(path, root=tmp_path)


@pytest.mark.parametrize(
    ("more", "cited"),
    [("", "《通知》"), ('number = "国办发明电〔2029〕7号"', "《通知》国办发明电〔2029〕7号")],
)
def test_a_year_is_cited_by_its_notice_with_the_number_where_it_is_known(
    tmp_path: Path, more: str, cited: str
) -> None:
    path = tmp_path / "2030.toml"
    path.write_text(
        f'year = 2030\n[documents.n]\ntitle = "通知"\n{more}\n'
        '[[holidays]]\nname = "节"\nfrom = 2030-01-01\nto = 2030-01-01\ndocument = "n"\n',
        encoding="utf-8",
    )
    assert read_calendar(path, root=tmp_path).notice == cited


def test_a_jurisdiction_and_a_profile_show_what_they_are_and_not_all_they_hold(
    load: Callable[..., Rulebook],
) -> None:
    rulebook = load(sample=laid_down())
    assert "lines=" not in repr(rulebook.jurisdictions[0])
    shown = repr(rulebook.profile("999100", date(2026, 1, 1)))
    assert shown.startswith("Profile(key='sample', name='示例市'")
    for each in ("calendar=", "labels=", "bad_levels="):
        assert each not in shown
