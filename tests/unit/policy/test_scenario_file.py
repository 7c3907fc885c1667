"""What a scenario file says, and what a bad one is told: every mistake with its key and line."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.scenario_file import Scenario, read_scenario
from haochaping.policy.scenario_shapes import BelowTable, CellTable, Counts, OccasionTable, Where
from haochaping.policy.sources import RulesError

GOOD = """title = "示例"
cites = ["第一条"]
now = 2020-03-01
since = 2020-01-01
[where]
division = "999100"
[[occasions]]
name = "甲"
service = 2020-01-02 10:00:00
organisation = "91530100"
[[occasions]]
name = "乙"
acceptance = 2020-01-03
size = 12
person = "张某"
unit = "乙局"
parts = ["丙局"]
division = "999101"
[[ratings]]
occasion = "甲"
at = 2020-01-05
level = 2
named = false
[[ratings]]
occasion = "甲"
at = 2020-01-04
kind = "withdrawal"
[[events]]
occasion = "乙"
event = "extension"
at = 2020-01-06
outcome = "upheld"
to = 2020-02-01
[[figures]]
unit = "乙局"
period = "一"
counts = { occasions = 10 }
cells = [{ named = true, counts = { level_5 = 3 } }]
external = { third = 90.5 }
below = [{ score = "final", of = "window", points = 8, ratings = 30 }]
[[expect]]
occasion = "甲"
article = "第一条"
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Scenario]:
    """Reads a scenario of this text."""

    def read(text: str) -> Scenario:
        path = tmp_path / "s.toml"
        path.write_text(text, encoding="utf-8")
        return read_scenario(path)

    return read


@pytest.fixture
def mistakes(read: Callable[[str], Scenario]) -> Callable[[str], list[str]]:
    """All that is wrong with a scenario of this text."""

    def mistakes(text: str) -> list[str]:
        with pytest.raises(RulesError) as refused:
            read(text)
        return [str(each) for each in refused.value.mistakes]

    return mistakes


def test_what_a_file_says(read: Callable[[str], Scenario]) -> None:
    found = read(GOOD)
    assert (found.file, found.title, found.cites) == ("s.toml", "示例", ("第一条",))
    assert (found.now, found.since) == (datetime(2020, 3, 1, tzinfo=CN), date(2020, 1, 1))
    first, second = found.cases
    assert first.events == {"service": datetime(2020, 1, 2, 10, tzinfo=CN)}
    assert (first.unit, first.parts, first.size, first.person) == ("91530100", (), 1, "")
    assert (second.unit, second.parts, second.size, second.person) == ("乙局", ("丙局",), 12, "张某")
    # [where] holds for all, unless the occasion says otherwise.
    assert (first.occasion.division, second.occasion.division) == ("999100", "999101")


def test_ratings_and_events_come_in_the_order_of_time(read: Callable[[str], Scenario]) -> None:
    found = read(GOOD)
    withdrawal, rating = found.ratings["甲"]
    assert (withdrawal.kind, withdrawal.at.day) == ("withdrawal", 4)
    assert (rating.kind, rating.level, rating.named, rating.reason, rating.reachable) == (
        "rating",
        2,
        False,
        True,
        True,
    )
    assert rating.subject == "item"
    (event,) = found.events["乙"]
    assert (event.event, event.outcome, event.to) == ("extension", "upheld", date(2020, 2, 1))


def test_given_figures(read: Callable[[str], Scenario]) -> None:
    (figures,) = read(GOOD).figures
    assert (figures.unit, figures.period) == ("乙局", "一")
    assert list(figures.cells) == [
        {"named": True, "counts": {"level_5": 3}},
        {"counts": {"occasions": 10}},
    ]
    assert figures.external == {"third": Decimal("90.5")}
    assert figures.below == ({"score": "final", "of": "window", "points": 8, "counts": {"ratings": 30}},)


def test_one_occasion_need_not_be_named_again(read: Callable[[str], Scenario]) -> None:
    alone = GOOD[: GOOD.index('[[occasions]]\nname = "乙"')] + GOOD[GOOD.index("[[ratings]]") :]
    found = read(alone.replace('occasion = "甲"\nat', "at").replace('occasion = "乙"\n', ""))
    assert (len(found.ratings["甲"]), len(found.events["甲"])) == (2, 1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "示例"\n', "", "s.toml: title: is missing; expected a text"),
        ('title = "示例"', "title = 3", "s.toml:1: title: expected a text, found 3"),
        ('cites = ["第一条"]', "cites = []", "s.toml:2: cites: expected a list of at least one entry"),
        (
            'cites = ["第一条"]',
            'cites = "第一条"',
            "s.toml:2: cites: expected a list, found '第一条'",
        ),
        ("now = 2020-03-01", 'now = "2020"', "s.toml:3: now: expected a time such as 2020-06-08 10:00:00"),
        ("now = 2020-03-01", "now = 2020-03-01T00:00:00Z", "s.toml:3: now: is a local time of Asia/Shanghai"),
        ("now = 2020-03-01\n", "", "s.toml: now: is missing; expected a time"),
        (
            "since = 2020-01-01",
            "since = 2020-01-01T00:00:00",
            "since: expected a date such as 2020-06-02, found 2020-01-01 00:00:00",
        ),
        ('name = "乙"', 'name = "甲"', "occasions[1].name: 甲 is given twice"),
        (
            'division = "999100"',
            'division = "9991"',
            "where.division: '9991' is not a division code of 6 or 12 digits",
        ),
        ("[where]\n", "[were]\n", "s.toml:5: were: unknown key; did you mean 'where'?"),
        ("[where]\n", "[xyz]\n", "s.toml:5: xyz: unknown key; known are cites, events, expect"),
        ('[where]\ndivision = "999100"', "where = 3", "s.toml:5: where: expected a table, found 3"),
        ('division = "999100"', 'divison = "999100"', "where.divison: unknown key; did you mean 'division'?"),
        ('division = "999100"\n', "", "occasions[0].division: is missing; give it here or in [where]"),
        (
            "service = 2020-01-02 10:00:00\n",
            "",
            "occasions[0].service: is missing; expected when the citizen",
        ),
        ('name = "甲"\n', "", "occasions[0].name: is missing; expected a text"),
        ("size = 12", "size = true", "occasions[1].size: expected a whole number, found true"),
        ("size = 12", "size = 1.5", "occasions[1].size: expected a whole number, found 1.5"),
        ('parts = ["丙局"]', 'parts = "丙局"', "occasions[1].parts: expected a list, found '丙局'"),
        (
            'occasion = "甲"\nat = 2020-01-05',
            'occasion = "丁"\nat = 2020-01-05',
            "ratings[0].occasion: '丁' is unknown",
        ),
        (
            'occasion = "甲"\nat = 2020-01-05',
            "at = 2020-01-05",
            "ratings[0].occasion: is missing; expected the name of an occasion",
        ),
        ("level = 2", "level = 0", "ratings[0].level: 0 is not between 1 and 5"),
        ("level = 2", "level = 6", "ratings[0].level: 6 is not between 1 and 5"),
        ("level = 2\n", "", "ratings[0].level: is missing; expected a whole number 1..5"),
        ("named = false", "named = 1", "ratings[0].named: expected true or false, found 1"),
        (
            'kind = "withdrawal"',
            'kind = "withdraw"',
            "ratings[1].kind: 'withdraw' is unknown; expected one of rating, correction, withdrawal, ",
        ),
        (
            'event = "extension"',
            'event = "extention"',
            "or a text that begins with 'named:'; did you mean 'extension'?",
        ),
        (
            'outcome = "upheld"',
            'outcome = "uphold"',
            "events[0].outcome: 'uphold' is unknown; did you mean 'upheld'?",
        ),
        (
            "to = 2020-02-01",
            "to = 2020-02-01 00:00:00",
            "events[0].to: expected a date such as 2020-06-02, found",
        ),
        ("to = 2020-02-01", "too = 2020-02-01", "events[0].too: unknown key"),
        (
            "{ occasions = 10 }",
            "{ occassions = 10 }",
            "counts.occassions: unknown key; did you mean 'occasions'?",
        ),
        ("{ level_5 = 3 }", "{ levl_5 = 3 }", "cells[0].counts.levl_5: unknown key; did you mean 'level_5'?"),
        ("counts = { occasions = 10 }", "counts = 3", "figures[0].counts: expected a table, found 3"),
        ("third = 90.5", 'third = "much"', "figures[0].external.third: expected a number, found 'much'"),
        (
            'organisation = "91530100"',
            'rater = "persn"',
            "expected one of person, organisation; did you mean 'person'?",
        ),
        ('occasion = "乙"\nevent', "occasion = 3\nevent", "events[0].occasion: expected a text, found 3"),
        ('[[occasions]]\nname = "甲"', 'occasions = 3\n[[x]]\nname = "甲"', "where.occasions: unknown key"),
        ("below = [{", "below = [3, {", "figures[0].below[0]: expected a table, found 3"),
        ("external = { third = 90.5 }", "external = 3", "figures[0].external: expected a table, found 3"),
        ('[[expect]]\noccasion = "甲"', "[[expect]]", "expect[0].occasion: give one of `occasion`, `score`"),
        (
            '[[expect]]\noccasion = "甲"',
            '[[expect]]\noccasion = "甲"\nscore = "x"',
            "expect[0].occasion: give one of `occasion`, `score`",
        ),
        ('article = "第一条"\n', "", "expect[0].article: is missing; expected a text"),
        (
            '[[expect]]\noccasion = "甲"\narticle = "第一条"\n',
            "",
            "s.toml: expect: is missing; expected a list",
        ),
        ("[[ratings]]\nocc", "[ratings]\nocc", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named(mistakes: Callable[[str], list[str]], old: str, new: str, told: str) -> None:
    assert any(told in each for each in mistakes(GOOD.replace(old, new, 1))), mistakes(
        GOOD.replace(old, new, 1)
    )


def test_a_single_table_where_many_are_meant_is_named(mistakes: Callable[[str], list[str]]) -> None:
    text = (
        GOOD[: GOOD.index("[[events]]")] + "[events]\nat = 2020-01-05\n" + GOOD[GOOD.index("[[figures]]") :]
    )
    assert mistakes(text) == ["s.toml:28: events: expected a list, found a table"]


def test_all_mistakes_are_told_at_once(mistakes: Callable[[str], list[str]]) -> None:
    text = GOOD.replace("level = 2", "level = 9").replace("size = 12", 'size = "x"')
    assert [each.partition(": ")[2].partition(":")[0] for each in mistakes(text)] == [
        "occasions[1].size",
        "ratings[0].level",
    ]


def test_periods_of_the_calendar_and_names_do_not_mix(mistakes: Callable[[str], list[str]]) -> None:
    more = '[[figures]]\nunit = "乙局"\nperiod = "2020年1月"\ncounts = { occasions = 1 }\n[[expect]]'
    (found,) = mistakes(GOOD.replace("[[expect]]", more))
    assert "figures[0].period: '一' is no period of the calendar as the others are" in found


@pytest.mark.parametrize("table", [Where, OccasionTable, Counts, CellTable, BelowTable])
def test_what_was_read_of_a_file_is_not_changed(table: type) -> None:
    with pytest.raises(FrozenInstanceError):
        object.__new__(table).named = True
