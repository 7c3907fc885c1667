"""Scores and lists over periods of the calendar: months, the year made of them, those below, what came before."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import story

Play = Callable[..., Run]
RATE = 'measure = "participation", counts_defaults = false'
RATED = '{ measure = "count", of = ["ratings"] }'


def month(unit: str, n: int, rated: int, *, year: int = 2020, more: str = "") -> str:
    """Ten occasions of a month, so many of them rated."""
    return (
        f'[[figures]]\nunit = "{unit}"\nperiod = "{year}年{n}月"\n'
        f"counts = {{ occasions = 10, level_5 = {rated} }}\n{more}\n"
    )


def looked_at(what: str, *names: str) -> str:
    """Expectations that ask for facts of these periods and expect nothing of them."""
    return "".join(
        f'[[expect]]\n{what} = "{name.partition("@")[0]}"\n{"unit" if what == "score" else "x"} = "甲局"\n'
        f'article = "第一条"\nperiod = "{name.partition("@")[2]}"\n'.replace('x = "甲局"\n', "")
        for name in names
    )


def points(run: Run, key: str, unit: str = "甲局") -> Any:
    return run.facts["score", f"{key}/{unit}"]["points"]


# 甲, of 本单位, was served on 2 January 2020: the months begin with that.
MONTHS = month("甲局", 1, 2) + month("甲局", 2, 4) + month("甲局", 3, 9)


@pytest.mark.parametrize(
    ("rules", "key", "expected"),
    [
        ({"scores.m": f'{{ period = "month", parts = [{{ {RATE} }}] }}'}, "m", Fraction(9, 10)),
        ({"scores.q": f'{{ period = "quarter", parts = [{{ {RATE} }}] }}'}, "q", Fraction(15, 30)),
        ({"scores.y": f'{{ period = "year", parts = [{RATED}] }}'}, "y", 15),
        # No period laid down: whichever is looked at, the shortest.
        ({"scores.any": f"{{ parts = [{RATED}] }}"}, "any", 9),
        ({"scores.once": f'{{ period = "once", parts = [{RATED}] }}'}, "once", 9),
        # With the month before it, or the two.
        ({"scores.r": f'{{ period = "month", rolling = 1, parts = [{RATED}] }}'}, "r", 9),
        ({"scores.r": f'{{ period = "month", rolling = 2, parts = [{RATED}] }}'}, "r", 13),
        ({"scores.r": f'{{ period = "month", rolling = 3, parts = [{RATED}] }}'}, "r", 15),
        ({"scores.r": f'{{ period = "month", rolling = 9, parts = [{RATED}] }}'}, "r", 15),
        # Compared.
        (
            {"scores.c": f'{{ period = "month", parts = [{{ {RATE}, compared = "previous" }}] }}'},
            "c",
            Fraction(1, 2),
        ),
        # A year's score of its months'.
        (
            {
                "scores.m": f'{{ period = "month", parts = [{RATED}] }}',
                "scores.y": '{ period = "year", parts = [{ measure = "scores", score = "m", each = "month" }] }',
            },
            "y",
            5,
        ),
        (
            {
                "scores.m": f'{{ period = "month", parts = [{RATED}] }}',
                "scores.y": (
                    '{ period = "year", parts = [{ measure = "scores", score = "m", each = "month", '
                    'how = "weighted" }] }'
                ),
            },
            "y",
            Fraction(4 + 16 + 81, 15),
        ),
    ],
)
def test_scores_of_periods(play: Play, rules: dict[str, str], key: str, expected: object) -> None:
    assert points(play(rules, story("2021-01-15") + MONTHS), key) == expected


def test_each_month_can_be_looked_at(play: Play) -> None:
    rules = {"scores.m": f'{{ period = "month", parts = [{RATED}] }}'}
    run = play(rules, story("2021-01-15") + MONTHS + looked_at("score", "m@2020-02", "m@2020年1月"))
    assert run.differences == ()
    assert points(run, "m", "甲局/2020年2月") == 4
    assert points(run, "m", "甲局/2020年1月") == 2
    assert ("score", "m/甲局/2020年3月") not in run.facts


def test_a_month_without_figures_breaks_the_comparison(play: Play) -> None:
    rules = {"scores.c": f'{{ period = "month", parts = [{{ {RATE}, compared = "previous" }}] }}'}
    gap = month("甲局", 1, 2) + month("甲局", 3, 9)
    assert points(play(rules, story("2021-01-15") + gap), "c") is None


def test_a_year_ago_is_the_same_month_of_the_year_before(play: Play) -> None:
    rules = {"scores.c": f'{{ period = "month", parts = [{{ {RATE}, compared = "year_ago" }}] }}'}
    two = month("甲局", 2, 3) + month("甲局", 1, 1) + month("甲局", 2, 8, year=2021)
    assert points(play(rules, story("2021-03-15") + two), "c") == Fraction(1, 2)
    assert points(play(rules, story("2021-03-15") + month("甲局", 2, 8, year=2021)), "c") is None


def test_named_periods_have_no_year_ago(play: Play) -> None:
    rules = {"scores.c": f'{{ parts = [{{ {RATE}, compared = "year_ago" }}] }}'}
    named = month("甲局", 2, 3).replace("2020年2月", "一") + month("甲局", 2, 3).replace("2020年2月", "二")
    assert points(play(rules, story("2021-03-15") + named), "c") is None


def test_figures_of_a_quarter_go_before_those_of_its_months(play: Play) -> None:
    rules = {"scores.q": f'{{ period = "quarter", parts = [{RATED}] }}'}
    quarter = month("甲局", 1, 7).replace("2020年1月", "2020-Q1")
    assert points(play(rules, story("2021-01-15") + MONTHS + quarter), "q") == 7


def hall(name: str, kind: str, of: str, rated: int) -> str:
    return month(name, 1, rated, more=f'kind = "{kind}"\n' + (f'of = "{of}"' if of else ""))


TREE = (
    hall("甲局", "organisation", "", 1)
    + hall("一窗", "window", "甲局", 2)
    + hall("二窗", "window", "甲局", 6)
    + hall("乙局", "organisation", "", 5)
)


def test_scores_of_those_below_enter_the_one_above(play: Play) -> None:
    rules = {
        "scores.s": f'{{ of = ["window"], period = "month", parts = [{RATED}] }}',
        "scores.o": (
            '{ of = ["organisation"], period = "month", '
            'parts = [{ measure = "scores", score = "s", below = "window" }] }'
        ),
        "scores.w": (
            '{ of = ["organisation"], period = "month", '
            'parts = [{ measure = "scores", score = "s", below = "window", how = "weighted" }] }'
        ),
    }
    run = play(rules, story("2020-02-15") + TREE)
    assert points(run, "o") == 4
    assert points(run, "w") == Fraction(4 + 36, 8)
    assert points(run, "o", "乙局") is None
    assert ("score", "s/甲局") not in run.facts
    assert ("score", "o/一窗") not in run.facts


def test_a_score_made_of_itself_begins_with_the_lowest(play: Play) -> None:
    rule = (
        f'{{ of = ["window", "organisation"], period = "month", parts = [{RATED}, '
        '{ measure = "scores", score = "s", below = "window", empty = "zero" }] }'
    )
    run = play({"scores.s": rule}, story("2020-02-15") + TREE)
    assert [points(run, "s", unit) for unit in ("一窗", "二窗", "甲局", "乙局")] == [2, 6, 1 + 4, 5]


def test_each_kind_is_ranked_by_itself(play: Play) -> None:
    rules = {"scores.s": f'{{ of = ["window", "organisation"], period = "month", parts = [{RATED}] }}'}
    run = play(rules, story("2020-02-15") + TREE)
    ranks = {unit: run.facts["score", f"s/{unit}"]["rank"] for unit in ("甲局", "乙局", "一窗", "二窗")}
    assert ranks == {"甲局": 2, "乙局": 1, "一窗": 2, "二窗": 1}


def test_the_average_is_that_of_the_others_of_the_kind(play: Play) -> None:
    rule = '{ of = ["window", "organisation"], parts = [{ measure = "count", of = ["ratings"], compared = "average" }] }'
    run = play({"scores.s": rule}, story("2020-02-15") + TREE)
    assert [points(run, "s", unit) for unit in ("甲局", "乙局", "一窗", "二窗")] == [-4, 4, -4, 4]


def test_points_by_the_place_in_another_score(play: Play) -> None:
    rules = {
        "scores.s": f'{{ of = ["organisation"], parts = [{RATED}] }}',
        "scores.p": (
            '{ of = ["organisation"], parts = [{ measure = "scores", score = "s", placed = "rank" }] }'
        ),
    }
    run = play(rules, story("2020-02-15") + TREE)
    assert [points(run, "p", unit) for unit in ("甲局", "乙局")] == [2, 1]


RED = '{ label = "红榜", listed = "organisation", measure = "count", of = ["ratings"], from = 5%s }'


def test_a_list_is_of_one_kind_and_known_to_the_scores_after_it(play: Play) -> None:
    rules = {
        "lists.red": RED % "",
        "scores.s": '{ of = ["organisation", "window"], parts = [{ measure = "listed", list = "red" }] }',
    }
    run = play(rules, story("2020-02-15") + TREE)
    assert run.facts["list", "red"]["named"] == ["乙局"]
    assert [points(run, "s", unit) for unit in ("甲局", "乙局", "二窗")] == [0, 1, 0]


def test_how_often_it_was_listed_in_the_months_of_a_year(play: Play) -> None:
    rules = {
        "lists.red": RED.replace("from = 5", "from = 3") % ', period = "month"',
        "scores.y": '{ period = "year", parts = [{ measure = "listed", list = "red" }] }',
    }
    assert points(play(rules, story("2021-01-15") + MONTHS), "y") == 2


def test_what_was_not_counted_for_a_months_list_is_not_known_for_the_year(play: Play) -> None:
    rules = {
        "lists.late": '{ label = "逾期", period = "month", measure = "count", of = ["overdue"], from = 1 }',
        "scores.y": '{ period = "year", parts = [{ measure = "listed", list = "late" }] }',
    }
    run = play(rules, story("2021-01-15") + MONTHS)
    assert points(run, "y") is None
    assert run.facts["list", "late"]["named"].startswith("未采集")


@pytest.mark.parametrize(
    ("more", "december", "january"),
    [
        # Bad in November, December and January: three of twelve, three in a row, but two in one year.
        ("periods = 3, out_of = 12", [], ["甲局"]),
        ("periods = 3", [], ["甲局"]),
        ('periods = 3, within = "year"', [], []),
        ('periods = 2, within = "year"', ["甲局"], []),
    ],
)
def test_so_many_periods(play: Play, more: str, december: list[str], january: list[str]) -> None:
    rule = f'{{ label = "黑榜", period = "month", measure = "count", of = ["ratings"], under = 5, {more} }}'
    months = month("甲局", 11, 1) + month("甲局", 12, 1) + month("甲局", 1, 1, year=2021)
    run = play({"lists.black": rule}, story("2021-01-31") + months + looked_at("list", "black@2020-12"))
    assert run.facts["list", "black/2020年12月"]["named"] == december
    assert run.facts["list", "black"]["named"] == january


def test_a_score_is_asked_for_by_a_list_without_a_period_of_its_own(play: Play) -> None:
    rules = {
        "scores.y": f'{{ period = "year", parts = [{RATED}] }}',
        "lists.best": '{ label = "先进", measure = "scores", score = "y", from = 15 }',
    }
    run = play(rules, story("2021-01-15") + MONTHS)
    assert run.facts["list", "best"]["named"] == ["甲局"]


def test_what_is_complete_has_nought_where_nothing_is_written(play: Play) -> None:
    rules = {"scores.s": '{ parts = [{ measure = "count", of = ["overdue"] }] }'}
    figures = month("甲局", 1, 2)
    assert points(play(rules, story("2020-02-15") + figures), "s") is None
    assert points(play(rules, story("2020-02-15") + figures + "complete = true\n"), "s") == 0


def test_the_facts_of_given_figures_choose_the_rules_they_are_worth_by(play: Play) -> None:
    worth = "[{ level = 5, points = 10 }]"
    online = (
        '\n[[points]]\nfrom = 2020-01-01\ndocument = "d"\narticle = "第二条"\nonly.channels = ["web"]\n'
        "value = [{ level = 5, points = 4 }]"
    )
    rules = {
        "points": worth + online,
        "scores.s": '{ parts = [{ measure = "points_sum", counts_defaults = false }] }',
    }
    cells = 'cells = [{ channel = "web", counts = { level_5 = 3 } }]'
    run = play(rules, story("2020-02-15") + month("甲局", 1, 2, more=cells))
    assert points(run, "s") == 2 * 10 + 3 * 4


def test_a_unit_that_is_new_has_no_earlier_figures_to_add(play: Play) -> None:
    rules = {"scores.r": f'{{ period = "month", rolling = 3, parts = [{RATED}] }}'}
    months = month("甲局", 1, 2) + month("甲局", 2, 4) + month("乙局", 2, 3)
    assert points(play(rules, story("2021-01-15") + months), "r", "乙局") == 3


def test_what_was_not_counted_weighs_nothing(play: Play) -> None:
    rules = {
        "scores.s": f'{{ of = ["window"], parts = [{RATED}] }}',
        "scores.o": (
            '{ of = ["organisation"], parts = [{ measure = "scores", score = "s", below = "window", '
            'how = "weighted", weigh_by = "%s" }] }'
        ),
    }
    by = {word: {**rules, "scores.o": rules["scores.o"] % word} for word in ("occasions", "orders")}
    assert points(play(by["occasions"], story("2020-02-15") + TREE), "o") == 4
    assert points(play(by["orders"], story("2020-02-15") + TREE), "o") is None


def test_named_periods_all_belong_to_one_year(play: Play) -> None:
    rule = (
        '{ label = "黑榜", period = "month", measure = "count", of = ["ratings"], under = 5, periods = 2, '
        'within = "year" }'
    )
    named = "".join(month("甲局", 1, 1).replace("2020年1月", name) for name in "一二三")
    assert "甲局" in play({"lists.black": rule}, story("2020-02-15") + named).facts["list", "black"]["named"]


def test_the_lower_rate_decides_between_equals(play: Play) -> None:
    rule = (
        '{ of = ["organisation"], parts = [{ points = 1 }], '
        'ties = [{ measure = "count", of = ["ratings"], better = "lower" }] }'
    )
    run = play({"scores.s": rule}, story("2020-02-15") + TREE)
    assert [run.facts["score", f"s/{unit}"]["rank"] for unit in ("甲局", "乙局")] == [1, 2]


def test_a_length_between_those_that_are_given_is_looked_at_too(play: Play) -> None:
    rules = {"scores.q": f'{{ period = "quarter", parts = [{RATED}] }}'}
    year = month("乙局", 1, 50).replace("2020年1月", "2020年")
    run = play(rules, story("2021-01-15") + MONTHS + year + looked_at("score", "q@2020-Q1"))
    assert points(run, "q", "甲局/2020年第一季度") == 15


@pytest.mark.parametrize(
    ("served", "counted"),
    [
        ("2020-01-31 23:00:00", 11),
        ("2020-02-01 09:00:00", 10),
        ("2020-01-01", 11),
        ("2019-12-31 23:00:00", 10),
    ],
)
def test_an_occasion_belongs_to_the_month_of_its_service(play: Play, served: str, counted: int) -> None:
    rules = {"scores.m": '{ period = "month", parts = [{ measure = "count", of = ["occasions"] }] }'}
    text = story("2020-03-15", service=served, more='unit = "甲局"') + month("甲局", 1, 2)
    run = play(rules, text + looked_at("score", "m@2020-01"))
    assert points(run, "m", "甲局/2020年1月") == counted


def test_a_part_is_named_by_its_label_or_its_measure_or_is_a_sum(play: Play) -> None:
    parts = f'[{{ label = "甲项", {RATE} }}, {{ {RATE} }}, {{ parts = [{{ points = 1 }}] }}]'
    run = play({"scores.s": f"{{ parts = {parts} }}"}, story("2020-02-15") + TREE)
    names = [part["name"] for part in run.facts["score", "s/甲局"]["parts"]]
    assert names == ["甲项", "接受评价率", "合计"]


@pytest.mark.parametrize(
    ("of", "hidden"),
    [("", ["一窗", "乙局", "本单位", "甲局"]), ('of = ["organisation"], ', ["乙局", "本单位", "甲局"])],
)
def test_whose_ratings_are_too_few_to_be_shown(play: Play, of: str, hidden: list[str]) -> None:
    rule = f'{{ what = "totals", {of}least = 6 }}'
    run = play({"publication.p": rule}, story("2020-02-15") + TREE)
    # 本单位 has one occasion and no kind; 二窗 has six ratings.
    assert run.facts["publication", "p"]["hidden"] == hidden


def test_a_share_of_each_month_is_drawn_month_by_month(play: Play) -> None:
    rules = {"revisits.r": '{ of = "good", share = 0.5, per = ["month"] }'}
    run = play(rules, story("2021-01-15") + MONTHS + looked_at("revisit", "r@2020-02"))
    assert {key: run.facts["revisit", "r/2020年2月"][key] for key in ("of", "at_least")} == {
        "of": 4,
        "at_least": 2,
    }
    assert run.facts["revisit", "r"]["at_least"] == 5
