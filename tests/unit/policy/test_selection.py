"""Which rule is for whom: place, department, channel, level, class; who goes first; old rules and new."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.clock import CN
from haochaping.policy.circles import circle
from haochaping.policy.counting import Course
from haochaping.policy.occasions import Occasion, Selector, apart, facts_of, never_both, tier_of
from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import HEAD

ON = date(2026, 11, 23)
HERE = Occasion("999101")
Load = Callable[..., Rulebook]


def head(name: str, layer: str, code: str = "999100", more: str = "") -> str:
    text = HEAD.replace("示例市", name).replace('"city"', f'"{layer}"').replace("999100", code)
    return text.replace("[documents.d]", f"{more}\n[documents.d]")


def window(n: int, more: str = "", since: str = "2021-01-01") -> str:
    value = f'{{ n = {n}, unit = "workday", after = "service", count_first = false }}'
    return f'[[window]]\nfrom = {since}\ndocument = "d"\narticle = "第一条"\n{more}\nvalue = {value}\n'


def absent(dimension: str, more: str = "") -> str:
    return f'[[{dimension}]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "第二条"\nabsent = true\n{more}\n'


def step(key: str, attempts: int) -> str:
    return (
        f'[[steps]]\nkey = "{key}"\nfrom = 2021-01-01\ndocument = "d"\narticle = "第三条"\n'
        f"value = {{ attempts = {attempts} }}\n"
    )


def days(book: Rulebook, occasion: Occasion, on: date = ON) -> int | None:
    found = book.rules(occasion, on).window
    return found.value.n if found else None


@pytest.mark.parametrize(
    ("only", "fitting", "other"),
    [
        ('divisions = ["999102"]', {"division": "999102001000"}, {"division": "999103"}),
        ('tiers = ["township", "village"]', {"division": "999101001000"}, {"division": "999101"}),
        ('organisations = ["11530100MB1234567X"]', {"organisation": "11530100MB1234567X"}, {"organisation": "x"}),
        ('departments = ["hrss"]', {"department": "hrss"}, {"department": "tax"}),
        ('halls = ["H1", "H2"]', {"hall": "H2"}, {"hall": "H3"}),
        ('places = ["own_hall"]', {"place": "own_hall"}, {"place": "government_hall"}),
        ('items = ["0001"]', {"item": "00012"}, {"item": "0002"}),
        ('item_types = ["permit"]', {"item_type": "permit"}, {"item_type": "reward"}),
        ('channels = ["hotline"]', {"channel": "hotline"}, {"channel": "qr"}),
        ('case_types = ["instant"]', {"case_type": "instant"}, {"case_type": "promised"}),
        ('forms = ["batch"]', {"form": "batch"}, {"form": "single"}),
        ('stages = ["decision"]', {"stage": "decision"}, {"stage": "acceptance"}),
        ('raters = ["organisation"]', {"rater": "organisation"}, {"rater": "person"}),
        ('subjects = ["staff"]', {"subject": "staff"}, {"subject": "item"}),
        ("levels = [1]", {"level": 1}, {"level": 2}),
        ("named = true", {"named": True}, {"named": False}),
        ('classes = ["complex"]', {"bad_class": "complex"}, {"bad_class": "simple"}),
        ('channels = ["qr"], levels = [1, 2]', {"channel": "qr", "level": 2}, {"channel": "qr", "level": 3}),
    ],
)  # fmt: skip
def test_a_value_for_some_occasions_only(
    load: Load, only: str, fitting: dict[str, object], other: dict[str, object]
) -> None:
    book = load(city=HEAD + window(5) + window(9, f"only = {{ {only} }}"))
    assert days(book, HERE._replace(**fitting)) == 9
    assert days(book, HERE._replace(**other)) == 5
    # What is not known is not guessed; a place is always known.
    if "division" not in fitting:
        assert days(book, HERE) == 5
        assert days(book, book.jurisdictions[0].example()) == 5


def test_any_of_several_selectors_and_none_of_the_excepted(load: Load) -> None:
    more = 'only = [{ channels = ["qr"] }, { channels = ["web"] }]\nexcept = { levels = [1] }'
    book = load(city=HEAD + window(5) + window(9, more))
    assert days(book, HERE._replace(channel="web")) == 9
    assert days(book, HERE._replace(channel="qr", level=1)) == 5


def test_the_entry_that_says_more_is_chosen_and_precedence_before_that(load: Load) -> None:
    two = 'only = { channels = ["qr"], levels = [1] }'
    one = 'only = { channels = ["qr"] }\nprecedence = '
    at = HERE._replace(channel="qr", level=1)
    assert days(load(city=HEAD + window(5, two) + window(7, one + "0")), at) == 5
    assert days(load(city=HEAD + window(5, two) + window(7, one + "1")), at) == 7
    several = 'only = [{ channels = ["web"] }, { channels = ["qr"], levels = [1] }]'
    assert days(load(city=HEAD + window(5, several) + window(7, one + "0")), at) == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('only = { channels = ["qr"] }', "only = { levels = [1] }"),
        ('only = { divisions = ["999102"] }', 'only = { divisions = ["999102001000"] }'),
        ('only = { items = ["00"] }', 'only = { items = ["001"] }'),
        ('only = { channels = ["qr"] }', 'only = [{ channels = ["web"] }, { channels = ["qr", "kiosk"] }]'),
    ],
)
def test_two_entries_that_fit_the_same_occasion_overlap(load: Load, one: str, other: str) -> None:
    with pytest.raises(RulesError, match="both fit the same occasion"):
        load(city=HEAD + window(5, one) + window(7, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('only = { channels = ["qr"] }', 'only = { channels = ["web"] }'),
        ('only = { divisions = ["999102"] }', 'only = { divisions = ["999103"] }'),
        ('only = { items = ["001"] }', 'only = { items = ["002"] }'),
        ("only = { named = true }", "only = { named = false }"),
        ('only = { channels = ["qr"] }', 'only = { levels = [1] }\nexcept = { channels = ["qr"] }'),
        ('only = { levels = [1] }\nexcept = { channels = ["qr"] }', 'only = { channels = ["qr"] }'),
    ],
)
def test_two_entries_for_different_occasions_do_not(load: Load, one: str, other: str) -> None:
    assert load(city=HEAD + window(5, one) + window(7, other))


def test_a_selector_that_says_nothing_is_refused(load: Load) -> None:
    with pytest.raises(RulesError, match="says nothing") as caught:
        load(city=HEAD + window(5, "only = {}"))
    assert caught.value.key == "window[0].only"


# Who goes first


def test_in_the_citys_hall_the_city_in_its_own_hall_the_line(load: Load) -> None:
    """块 or 条, as Shandong HRSS 三(五) has it."""
    line = head(
        "条线", "department_line", "990000", 'only = { departments = ["hrss"], places = ["own_hall"] }'
    )
    book = load(city=HEAD + window(5), line=line + window(9))
    hrss = HERE._replace(department="hrss")
    assert days(book, hrss._replace(place="own_hall")) == 9
    assert days(book, hrss._replace(place="government_hall")) == 5
    assert days(book, HERE._replace(department="tax", place="own_hall")) == 5
    assert book.rules(hrss._replace(place="own_hall"), ON).layers == ("line", "city")


def test_a_line_that_only_fills_what_the_place_leaves_open(load: Load) -> None:
    line = head("条线", "department_line", "990000", "precedence = 15")
    book = load(city=HEAD + window(5), line=line + window(9) + step("contact", 3))
    assert days(book, HERE) == 5
    assert book.rules(HERE, ON).steps["contact"].value.attempts == 3


def test_equal_precedence_needs_different_occasions(load: Load) -> None:
    with pytest.raises(RulesError, match="of the same precedence"):
        load(city=HEAD, line=head("条线", "department_line", "990000", "precedence = 20"))
    for more in ('only = { places = ["own_hall"] }', 'except = { places = ["government_hall"] }'):
        city = HEAD.replace("[documents.d]", 'only = { places = ["government_hall"] }\n[documents.d]')
        line = head("条线", "department_line", "990000", f"precedence = 20\n{more}")
        assert len(load(city=city, line=line).jurisdictions) == 2


def test_the_clause_by_which_it_applies_can_be_cited(load: Load) -> None:
    more = 'document = "d"\narticle = "三（五）"\nreading = "按办理场所区分。"'
    found = load(city=head("市", "city", "999100", more)).jurisdictions[0]
    assert (found.scope, found.reading) == ("《示例办法》三（五）", "按办理场所区分。")
    with pytest.raises(RulesError, match="not among"):
        load(city=head("市", "city", "999100", 'document = "e"'))


def test_what_is_laid_down_not_to_apply_stops_the_wider_layer(load: Load) -> None:
    province = head("省", "province", "990000") + window(9) + step("contact", 3) + step("report", 1)
    city = HEAD + absent("window") + absent("steps", 'key = "contact"')
    profile = load(city=city, province=province).rules(HERE, ON)
    assert profile.window is None
    assert list(profile.steps) == ["report"]
    assert profile.citation("window") is None


def test_a_narrower_layer_takes_the_place_of_the_same_key_others_stay_beside_it(load: Load) -> None:
    province = head("省", "province", "990000") + step("contact", 3) + step("report", 1)
    profile = load(city=HEAD + step("contact", 5), province=province).rules(HERE, ON)
    assert {key: value.value.attempts for key, value in profile.steps.items()} == {"contact": 5, "report": 1}
    assert profile.citation("steps.contact") == "《示例办法》第三条"
    assert profile.citation("steps") == "《示例办法》第三条"
    assert profile.citation("steps.plan") is None
    assert profile.value("steps", "report") is profile.steps["report"]
    assert profile.value("window") is None
    with pytest.raises(KeyError):
        profile.value("windows")


ADOPTS = 'adopts = { name = "%s", from = 2020-01-01, document = "d", article = "第一项" }'


def test_what_is_adopted_holds_behind_ones_own(load: Load) -> None:
    park = head("园区", "county", "888801", ADOPTS % "city")
    book = load(city=HEAD + window(5) + step("contact", 5), park=park + window(2))
    there = book.rules(Occasion("888801"), ON)
    assert there.layers == ("park", "city")
    assert there.window is not None
    assert there.window.value.n == 2
    assert there.steps["contact"].jurisdiction == "city"


@pytest.mark.parametrize(
    ("adopts", "problem"), [("town", "did you mean"), ("park", "goes in a circle: park → park")]
)
def test_adopting_what_is_not_there_or_oneself(load: Load, adopts: str, problem: str) -> None:
    with pytest.raises(RulesError, match=problem) as caught:
        load(towns=HEAD, park=head("园区", "county", "888801", ADOPTS % adopts))
    assert caught.value.mistakes[0].line == 6


def test_a_circle_is_told_where_it_begins(load: Load) -> None:
    town, park = (head(key, "county", code, ADOPTS % other) for key, code, other in
                  (("镇", "888801", "park"), ("园区", "888802", "town")))  # fmt: skip
    with pytest.raises(RulesError, match="goes in a circle: park → town → park") as caught:
        load(park=park, town=town)
    assert [each.file for each in caught.value.mistakes] == ["jurisdictions/park/profile.toml"]


def test_circles() -> None:
    assert circle({"a": ["b"], "b": ["c", "d"], "c": [], "d": []}) == ()
    assert circle({"a": ["b"], "x": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")


# The operator's own directory


def test_the_operators_own_rules_stand_on_top(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(operator=head("运行单位", "operator", "530100") + window(30))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    profile = Rulebook.load().rules(Occasion("530102"), ON)
    assert profile.layers == ("operator", "kunming", "national")
    assert profile.window is not None
    assert profile.window.value.n == 30
    assert profile.default_level == 3


def test_a_name_that_is_taken(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(kunming=head("运行单位", "operator", "530100"))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    with pytest.raises(RulesError, match="'kunming' is taken"):
        Rulebook.load()


# Old rules and new


def transition(value: str) -> str:
    return f'[[transition]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "附则"\nvalue = {{ {value} }}\n'


def rectify(n: int, since: str, until: str = "") -> str:
    value = f'{{ n = {n}, unit = "workday", after = "verification", count_first = false }}'
    to = f"to = {until}\n" if until else ""
    return f'[[rectification]]\nfrom = {since}\n{to}document = "d"\narticle = "第四条"\nvalue = {value}\n'


def changing(more: str = "") -> str:
    old = window(5).replace("document", "to = 2026-01-01\ndocument", 1)
    new = window(7, since="2026-01-01")
    return HEAD + old + new + rectify(15, "2021-01-01", "2026-01-01") + rectify(10, "2026-01-01") + more


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", (5, 10)),
        (transition('procedure = "occasion_day"'), (5, 15)),
        (transition('substance = "step_day"'), (7, 10)),
        (transition('as_substance = ["rectification"]'), (5, 15)),
        (transition('as_procedure = ["window"]'), (7, 10)),
        (transition('substance = "rating_day"'), (5, 10)),
    ],
)
def test_substance_by_the_occasions_day_procedure_by_the_steps(
    load: Load, more: str, expected: tuple[int, int]
) -> None:
    book = load(city=changing(more))
    served, rated, stepped = date(2025, 12, 29), date(2025, 12, 30), date(2026, 1, 5)
    profile = book.rules(HERE, served, step=stepped, rated=rated)
    assert profile.window is not None
    assert profile.rectification is not None
    assert (profile.window.value.n, profile.rectification.value.n) == expected


def test_without_a_step_all_is_judged_by_the_one_day(load: Load) -> None:
    profile = load(city=changing()).rules(HERE, date(2025, 12, 31))
    assert profile.rectification is not None
    assert profile.rectification.value.n == 15


# Days of a place


def test_local_days_off_move_the_deadlines_of_that_place_only(load: Load) -> None:
    days_off = (
        '[[local_days]]\nkey = "torch"\nfrom = 2021-01-01\ndocument = "d"\narticle = "一"\n'
        'value = { name = "火把节", off = [2026-11-24], works = [2026-11-28] }\n'
    )
    city, other = HEAD + window(2) + days_off, head("邻市", "city", "999200") + window(2)
    book = load(city=city, other=other)
    here, there = book.rules(HERE, ON), book.rules(Occasion("999200"), ON)
    assert here.rating_window(ON) is not None
    assert here.rating_window(ON).last_day == date(2026, 11, 26)  # type: ignore[union-attr]
    assert there.rating_window(ON).last_day == date(2026, 11, 25)  # type: ignore[union-attr]
    assert here.rating_window(date(2026, 11, 27)).last_day == date(2026, 11, 30)  # type: ignore[union-attr]
    assert book.rules(HERE, date(2026, 11, 22)).calendar is here.calendar
    assert book.rules(HERE._replace(division="999102"), ON).calendar is here.calendar


def test_of_a_day_that_two_layers_lay_down_the_narrower_one_decides(load: Load) -> None:
    def local(key: str, said: str) -> str:
        return (
            f'[[local_days]]\nkey = "{key}"\nfrom = 2021-01-01\ndocument = "d"\narticle = "一"\n'
            f'value = {{ name = "节", {said} }}\n'
        )

    city = HEAD + window(1) + local("b", "off = [2026-11-24, 2026-11-25]")
    county = head("示例区", "county", "999101") + local("a", "works = [2026-11-24, 2026-11-28]")
    book = load(city=city, county=county)
    assert book.rules(HERE, ON).rating_window(ON).last_day == date(2026, 11, 24)  # type: ignore[union-attr]
    there = book.rules(Occasion("999102"), ON)
    assert there.rating_window(ON).last_day == date(2026, 11, 26)  # type: ignore[union-attr]


def test_a_limit_from_another_event_is_asked_with_what_has_happened(load: Load) -> None:
    text = HEAD + window(2).replace('"service"', '"result"')
    profile = load(city=text).rules(HERE, ON)
    assert profile.rating_window(ON) is None
    assert profile.window is not None
    assert profile.due(profile.window.value, Course({})) is None
    assert profile.due(None, Course({})) is None
    found = profile.due(profile.window.value, Course({"result": datetime(2026, 11, 23, 9, tzinfo=CN)}))
    assert found is not None
    assert found.last_day == date(2026, 11, 25)


def test_a_limit_in_hours_from_a_day(load: Load) -> None:
    text = HEAD + window(2).replace("workday", "hour").replace(", count_first = false", "")
    found = load(city=text).rules(HERE, ON).rating_window(ON)
    assert found is not None
    assert found.last_day == ON


# Selectors themselves

SELECTORS = st.builds(
    Selector,
    divisions=st.sampled_from([(), ("999101",), ("999102",), ("999100",)]),
    channels=st.sampled_from([(), ("qr",), ("web", "qr"), ("web",)]),
    levels=st.sampled_from([(), (1,), (1, 2), (3,)]),
    items=st.sampled_from([(), ("1",), ("12",), ("2",)]),
)
OCCASIONS = st.builds(
    Occasion,
    division=st.sampled_from(["999101", "999102", "999103"]),
    channel=st.sampled_from(["", "qr", "web"]),
    level=st.sampled_from([0, 1, 2, 3]),
    item=st.sampled_from(["", "1", "123", "2"]),
)


@given(one=SELECTORS, other=SELECTORS, occasion=OCCASIONS)
def test_what_is_apart_never_fits_both(one: Selector, other: Selector, occasion: Occasion) -> None:
    facts = facts_of(occasion)
    if apart(one, other):
        assert not (one.fits(facts) and other.fits(facts))
    assert apart(one, other) == apart(other, one)
    assert never_both([one], [], [other], []) == apart(one, other)


@pytest.mark.parametrize(
    ("code", "tier"),
    [("000000", "country"), ("530000", "province"), ("530100", "city"), ("530102", "county"),
     ("530102001000", "township"), ("530102001001", "village")],
)  # fmt: skip
def test_the_tier_of_a_division(code: str, tier: str) -> None:
    assert tier_of(code) == tier


@pytest.mark.parametrize("unit", ["workday", "calendar_day"])
@pytest.mark.parametrize("first", ["true", "false"])
@pytest.mark.parametrize("on", [date(2026, 9, 30), date(2026, 10, 10), date(2026, 12, 18)])
def test_a_plain_limit_counted_from_a_day_is_the_one_counted_from_an_instant(
    load: Load, unit: str, first: str, on: date
) -> None:
    profile = load(city=HEAD + window(5).replace("workday", unit).replace("false", first)).rules(HERE, on)
    assert profile.window is not None
    found = profile.due(
        profile.window.value, Course({"service": datetime(on.year, on.month, on.day, tzinfo=CN)})
    )
    assert found is not None
    plain = profile.rating_window(on)
    assert plain is not None
    assert (plain.due_at, plain.last_day, plain.provisional) == (
        found.due_at,
        found.last_day,
        found.provisional,
    )
