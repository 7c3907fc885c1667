"""Who is listed, how many are revisited, and which dated duties are due, by given and played figures."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from haochaping.policy.objections import Revisit
from haochaping.policy.scenario import Run
from haochaping.policy.scenario_outcomes import drawn
from tests.unit.policy.samples import given, happened, rated, story

Play = Callable[..., Run]
MONTH_AFTER = '{ n = 1, unit = "month_end", after = "period_end" }'
NOW = "2020-02-01"


LISTED = (
    '{ label = "红榜", measure = "participation", counts_defaults = false, from = 0.5, '
    'consequences = [{ kind = "bonus" }, { kind = "named:流动红旗" }] }'
)


def test_lists_are_told_with_what_they_entail(play: Play) -> None:
    rules = {
        "lists.red": LISTED,
        "lists.orders": '{ label = "工单", measure = "count", of = ["closed_orders"], from = 1 }'.replace(
            "closed_orders", "orders"
        ),
    }
    units = given("乙局", occasions=10, level_5=9) + given("甲局", occasions=10, level_5=5)
    run = play(rules, story(NOW) + units + given("丙局", occasions=10, level_5=4))
    assert run.facts["list", "red"] == {
        "named": ["乙局", "甲局"],
        "label": "红榜",
        "entails": ["bonus", "流动红旗"],
        "due": ["未规定", "未规定"],
    }
    assert run.facts["list", "orders"]["named"] == "未采集：工单数"


@pytest.mark.parametrize(
    ("period", "limit", "due"),
    [
        ("2020年1月", '{ n = 5, unit = "calendar_day", after = "period_end", count_first = false }', "2020-02-05"),
        ("2020年1月", '{ n = 2, unit = "hour", after = "period_end" }', "2020-02-01 02:00:00"),
        ("2020年1月", '{ n = 2, unit = "hour", after = "publication" }', "尚未起算"),
        ("十二月", '{ n = 2, unit = "hour", after = "period_end" }', "尚未起算"),
    ],
)  # fmt: skip
def test_until_when_a_consequence_is_drawn(play: Play, period: str, limit: str, due: str) -> None:
    listed = LISTED.replace('{ kind = "bonus" }', f'{{ kind = "talk", limit = {limit} }}')
    run = play({"lists.red": listed}, story(NOW) + given("甲局", period, occasions=10, level_5=9))
    assert [str(each) for each in run.facts["list", "red"]["due"]] == [due, "未规定"]


@pytest.mark.parametrize(
    ("rule", "number", "least"),
    [
        (Revisit("bad", share=Decimal("0.1")), 41, 5),
        (Revisit("bad", share=Decimal("0.1")), 40, 4),
        (Revisit("bad", share=Decimal(1)), 7, 7),
        (Revisit("bad", share=Decimal("0.1"), least=10), 41, 10),
        # As far as there are.
        (Revisit("bad", share=Decimal("0.1"), least=10), 6, 6),
        (Revisit("bad", least=10), 6, 6),
        (Revisit("bad", least=10), 60, 10),
        (Revisit("bad"), 60, None),
        (Revisit("bad", share=Decimal("0.1")), 0, 0),
    ],
)
def test_how_many_are_revisited(rule: Revisit, number: int, least: int | None) -> None:
    assert drawn(rule, number) == least


COUNTED = given(
    "甲局",
    occasions=50,
    level_5=20,
    level_3=5,
    level_1=4,
    defaults=6,
    bad_named=3,
    bad_verified=2,
    rectified=1,
)


@pytest.mark.parametrize(
    ("of", "number"),
    [
        ("bad", 4),
        ("named_bad", 3),
        ("verified_bad", 2),
        ("rectified", 1),
        ("all", 29),
        ("default", 6),
        ("good", 25),
        ("objected", "未采集：异议数"),
        ("unsatisfied", "未采集：unsatisfied"),
    ],
)
def test_of_whom_revisits_are_drawn(play: Play, of: str, number: object) -> None:
    run = play({"revisits.r": f'{{ of = "{of}", share = 1 }}'}, story("2020-01-01 12:00:00") + COUNTED)
    facts = run.facts["revisit", "r"]
    assert facts["of"] == number
    assert facts.get("at_least") == (number if isinstance(number, int) else None)


def test_a_revisit_tells_by_whom_and_how(play: Play) -> None:
    rules = {
        "revisits.r": '{ of = "bad", share = 0.5, by = "hotline_12345", means = ["telephone", "visit"] }',
        "revisits.open": '{ of = "bad" }',
    }
    facts = play(rules, story(NOW) + COUNTED).facts
    assert facts["revisit", "r"] == {
        "means": ["telephone", "visit"],
        "by": "12345热线",
        "of": 4,
        "at_least": 2,
    }
    assert facts["revisit", "open"] == {"means": [], "of": 4, "at_least": "未规定"}


BULLETIN = '{ what = "bulletin", every = "month", by = "hotline_12345"%s }'
TENTH = ', limit = { n = 10, unit = "calendar_day", after = "period_end", count_first = false }'


def test_dated_duties_in_the_span_that_is_looked_at(play: Play) -> None:
    rules = {"duties.monthly": BULLETIN % TENTH, "duties.open": BULLETIN % ""}
    text = story("2020-03-15 12:00:00").replace("now =", "since = 2020-01-20\nnow =")
    facts = play(rules, text).facts
    assert facts["duty", "monthly"] == {
        "due": [date(2020, 2, 10), date(2020, 3, 10), date(2020, 4, 10)],
        "periods": [date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1)],
        "provisional": False,
        "by": "12345热线",
    }
    assert facts["duty", "open"]["due"] == ["未规定", "未规定", "未规定"]
    today = play(rules, story("2020-03-15 12:00:00")).facts
    assert today["duty", "monthly"]["periods"] == [date(2020, 3, 1)]


def test_a_duty_in_working_days_that_no_notice_settles_is_provisional(play: Play) -> None:
    rules = {"duties.monthly": BULLETIN % TENTH.replace("calendar_day", "workday")}
    assert play(rules, story("2020-03-15")).facts["duty", "monthly"]["provisional"] is True


def test_a_duty_in_hours_is_due_at_an_instant(play: Play) -> None:
    hours = ', limit = { n = 12, unit = "hour", after = "period_end" }'
    (due,) = play({"duties.m": BULLETIN % hours}, story("2020-03-15")).facts["duty", "m"]["due"]
    assert due.isoformat() == "2020-04-01T12:00:00"


def test_who_is_named_by_what_was_played(play: Play) -> None:
    rules = {"lists.bad": '{ label = "差评", measure = "count", of = ["bad"], from = 1 }'}
    run = play(rules, story(NOW, rated("2020-01-03", 1), happened("verification", "2020-01-04")))
    assert run.facts["list", "bad"]["named"] == ["本单位"]


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (f'every = "half_year", by = "third_party", limit = {MONTH_AFTER}', ["2020-07-31", "2019-07-01"]),
        ('every = "half_year"', ["未规定", "2019-07-01"]),
        (
            'every = "half_year", limit = { n = 5, unit = "hour", after = "service" }',
            ["未规定", "2019-07-01"],
        ),
        ('every = "once"', None),
        ("share = 0.1", None),
    ],
)
def test_surveys_that_are_repeated_are_told_like_duties(
    play: Play, said: str, facts: list[str] | None
) -> None:
    found = play({"surveys.s": f'{{ of = "index", {said} }}'}, "since = 2019-12-31\n" + story(NOW)).facts
    told = found.get(("duty", "surveys.s"))
    assert (told is None) is (facts is None)
    if told is not None and facts is not None:
        assert [str(told["due"][-1]), str(told["periods"][0])] == facts
        assert told.get("by") == ("第三方机构" if "third_party" in said else None)
