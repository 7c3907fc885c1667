"""How a rule is selected by place and day, and what a bad rule file is told."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.divisions import stem
from haochaping.policy.profile import DIMENSION_FIELDS
from haochaping.policy.rulebook import Profile, Rulebook
from tests.unit.policy.samples import HEAD, LEVELS, WINDOW, WINDOW_2022, entry, laid_down

ON = date(2026, 11, 23)


@cache
def shipped() -> Rulebook:
    """The product's own rules."""
    return Rulebook.load()


def days(profile: Profile) -> int | None:
    return profile.window.value.n if profile.window else None


# Selection


@pytest.mark.parametrize("code", ["530100", "530100000000", "530102", "530102001000", "530102001001"])
def test_kunming_and_everything_below_it(code: str) -> None:
    profile = shipped().profile(code, ON)
    assert (profile.key, profile.name, profile.layers) == ("kunming", "昆明市", ("kunming", "national"))


@pytest.mark.parametrize("code", ["530000", "530300", "530302", "110101", "000000"])
def test_elsewhere_only_the_national_base(code: str) -> None:
    profile = shipped().profile(code, ON)
    assert (profile.key, profile.layers) == ("national", ("national",))
    assert profile.bad_levels == {1, 2}
    assert profile.reason_needed


@pytest.mark.parametrize(
    ("naming", "levels", "expected"),
    [
        ("anonymous = true", LEVELS, set()),
        ("anonymous = true, conditional = true", LEVELS, {1, 2}),
        ("anonymous = false", LEVELS, {1, 2, 3, 4, 5}),
        ("anonymous = false", '[{ level = 5, label = "好", bad = false }]', {5}),
    ],
)
def test_the_levels_that_need_a_real_name(
    load: Callable[..., Rulebook], naming: str, levels: str, expected: set[int]
) -> None:
    rules = laid_down(levels=levels, naming=f"{{ encouraged = true, {naming} }}")
    assert load(sample=rules).profile("999100", ON).named_levels == expected


def test_without_levels_all_five_need_the_real_name(load: Callable[..., Rulebook]) -> None:
    rules = entry("naming", "value = { encouraged = true, anonymous = false }")
    assert load(sample=rules).profile("999100", date(2021, 6, 1)).named_levels == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("begins", "last_day"),
    [
        ('after = "service", or_after = ["result"], whichever = "first"', date(2021, 6, 4)),
        ('after = "result", or_after = ["service"], whichever = "first"', date(2021, 6, 4)),
        ('after = "service", or_after = ["result"], whichever = "last"', None),
        ('after = "result"', None),
    ],
)
def test_a_window_that_several_events_may_begin(
    load: Callable[..., Rulebook], begins: str, last_day: date | None
) -> None:
    rules = entry("window", f'value = {{ n = 3, unit = "calendar_day", {begins}, count_first = false }}')
    found = load(sample=rules).profile("999100", date(2021, 6, 1)).rating_window(date(2021, 6, 1))
    assert (found and found.last_day) == last_day


def test_what_the_national_base_does_not_lay_down_is_absent_and_off() -> None:
    profile = shipped().profile("110101", ON)
    assert profile.window is profile.default is profile.rectification is profile.objection is None
    assert profile.default_level is None
    assert profile.rating_window(ON) is None
    assert profile.default_deadline(ON) is None
    assert profile.rectification_deadline(ON) is None
    assert profile.objection_deadline(ON) is None
    assert profile.review_deadline(ON) is None
    assert profile.citation("window") is None


@pytest.mark.parametrize("code", ["", "5301", "53010", "5301000", "53010a", "５３０１０２", "530102 "])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="6 or 12 digits"):
        shipped().profile(code, ON)


def test_a_division_that_no_jurisdiction_covers_is_an_error(load: Callable[..., Rulebook]) -> None:
    with pytest.raises(LookupError, match="110101"):
        load(sample=HEAD).profile("110101", ON)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("000000", ""),
        ("530000", "53"),
        ("530100", "5301"),
        ("530102", "530102"),
        ("530102000000", "530102"),
        ("530102010000", "530102010"),
        ("530102010005", "530102010005"),
        ("110000", "11"),
    ],
)
def test_stems(code: str, expected: str) -> None:
    assert stem(code) == expected


def test_each_value_comes_from_the_narrowest_layer_that_lays_it_down(load: Callable[..., Rulebook]) -> None:
    province = HEAD.replace("999100", "990000").replace("city", "province").replace("示例市", "示例省")
    reason = '[[bad_needs_reason]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "第二条"\nvalue = false\n'
    book = load(city=HEAD + WINDOW, province=province + WINDOW.replace("n = 3", "n = 9") + reason)
    profile = book.profile("999102", date(2021, 6, 1))
    assert profile.layers == ("city", "province")
    assert days(profile) == 3
    assert profile.bad_needs_reason is not None
    assert profile.bad_needs_reason.jurisdiction == "province"
    assert not profile.reason_needed
    assert days(book.profile("999200", date(2021, 6, 1))) == 9


# Days


@pytest.mark.parametrize(
    ("on", "n"),
    [
        (date(2020, 12, 31), None),
        (date(2021, 1, 1), 3),
        (date(2021, 12, 31), 3),
        (date(2022, 1, 1), 7),
        (date(2022, 12, 31), 7),
        (date(2023, 1, 1), None),
    ],
)
def test_a_rule_holds_from_its_first_day_until_before_its_end(
    load: Callable[..., Rulebook], on: date, n: int | None
) -> None:
    assert days(load(sample=HEAD + WINDOW_2022 + WINDOW).profile("999101", on)) == n


@pytest.mark.parametrize("key", [each.key for each in shipped().jurisdictions])
def test_around_each_change_the_rules_are_those_of_the_day(key: str) -> None:
    """Days between which nothing changes share a look-up: which those are is found out once, for all jurisdictions."""
    jurisdiction = next(each for each in shipped().jurisdictions if each.key == key)
    occasion, changes = jurisdiction.example(), set(jurisdiction.changes())
    assert changes
    for on in sorted(changes | {day - timedelta(days=1) for day in changes}):
        in_force = shipped().rules(occasion, on, step=ON).values()
        laid_down = shipped().stack(occasion, on, step=ON)
        first = {name: values[0] for name, values in laid_down.items() if not values[0].absent}
        assert {name: value for name, value in in_force.items() if value} == first, on


def test_a_window_counted_with_its_first_day_in_calendar_days(load: Callable[..., Rulebook]) -> None:
    text = WINDOW.replace("workday", "calendar_day").replace("false", "true")
    window = load(sample=HEAD + text).profile("999101", date(2021, 6, 1)).rating_window(date(2021, 6, 1))
    assert window is not None
    assert window.last_day == date(2021, 6, 3)


def test_a_later_value_may_stay_open(load: Callable[..., Rulebook]) -> None:
    text = HEAD + WINDOW + WINDOW_2022.replace("to = 2023-01-01\n", "")
    assert days(load(sample=text).profile("999101", date(2050, 1, 1))) == 7


# Version


def test_the_same_rules_are_one_profile_with_one_version() -> None:
    profile = shipped().profile("530102", ON)
    assert profile is shipped().profile("530102", ON)
    assert profile is shipped().profile("530103000000", date(2021, 3, 4))
    assert profile.version == Rulebook.load().profile("530102", ON).version
    assert len(profile.version) == 12


def test_another_value_citation_or_reading_is_another_version(load: Callable[..., Rulebook]) -> None:
    on = date(2021, 6, 1)
    base = HEAD + WINDOW
    changed = [
        base.replace("n = 3", "n = 4"),
        base.replace("第一条", "第二条"),
        base.replace("示例办法", "示例规定"),
        base.replace('article = "第一条"', 'article = "第一条"\nreading = "当日不计入。"'),
        HEAD,
    ]
    versions = {load(sample=text).profile("999101", on).version for text in [base, *changed]}
    assert len(versions) == len(changed) + 1


def test_the_order_in_which_points_are_written_makes_no_version(load: Callable[..., Rulebook]) -> None:
    points = '[[points]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "三"\nvalue = [{}, {}]\n'
    five, one = "{ level = 5, points = 10 }", "{ level = 1, points = 0 }"
    versions = {
        load(sample=HEAD + points.format(*order)).profile("999101", ON).version
        for order in [(five, one), (one, five)]
    }
    assert len(versions) == 1


# The whole


def test_every_dimension_is_a_field_of_the_profile() -> None:
    assert set(DIMENSION_FIELDS) == set(DIMENSIONS)


def test_every_shipped_value_is_dated_and_cited() -> None:
    for code in ("530102", "110101"):
        for name, value in shipped().profile(code, ON).values().items():
            if value is not None:
                assert value.citation == shipped().profile(code, ON).citation(name)
                assert value.document.title in value.citation
                assert value.article or value.seen_through


def test_a_name_that_is_no_dimension_has_no_citation() -> None:
    with pytest.raises(KeyError):
        shipped().profile("530102", ON).citation("winndow")


# The first look-up of a day reads all layers; what is measured here is whether it is right.
@settings(deadline=None)
@given(served=st.dates(date(2020, 6, 2), date(2026, 12, 31)), later=st.integers(0, 40))
def test_kunmings_deadlines_are_monotone_and_on_working_days(served: date, later: int) -> None:
    profile = shipped().profile("530102", served)
    window, afterwards = profile.rating_window(served), profile.rating_window(served + timedelta(days=later))
    assert window is not None
    assert afterwards is not None
    assert window.due_at <= afterwards.due_at
    assert window.provisional or shipped().calendar.is_workday(window.last_day)


# Single shapes


def test_levels_are_put_in_order_the_best_first(load: Callable[..., Rulebook]) -> None:
    value = 'value = [{ level = 1, label = "差", bad = true }, { level = 5, label = "好", bad = false }]'
    profile = load(sample=entry("levels", value)).profile("999100", ON)
    assert profile.levels is not None
    assert [level.number for level in profile.levels.value] == [5, 1]
    assert list(profile.labels) == [5, 1]


def test_a_share_and_open_means_are_read_exactly(load: Callable[..., Rulebook]) -> None:
    profile = load(sample=entry("revisits", 'value = { of = "bad", share = 0.2 }')).profile("999100", ON)
    revisit = profile.revisits["one"].value
    assert str(revisit.share) == "0.2"
    assert (revisit.by, revisit.means) == (None, ())


def test_a_value_only_seen_through_another_document_says_so(load: Callable[..., Rulebook]) -> None:
    text = WINDOW.replace('document = "d"', 'seen_through = "d"').replace('article = "第一条"', "")
    assert load(sample=HEAD + text).profile("999100", date(2021, 6, 1)).citation("window") == "据《示例办法》"
