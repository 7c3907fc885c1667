"""Several ratings and several occasions: what is taken, what is counted, what piles up."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
Play = Callable[..., Run]
SILENCE = '{ level = 5, limit = { n = 5, unit = "calendar_day", after = "service", count_first = false } }'
NOW = "2020-06-01"


def days(n: int, after: str) -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false }}'


def also(name: str, more: str = "") -> str:
    """Another occasion than 甲, of the same unit and day."""
    return f'[[occasions]]\nname = "{name}"\ndivision = "999100"\nservice = 2020-01-02 10:00:00\n{more}\n'


def of(name: str, table: str) -> str:
    """The same of another occasion than 甲."""
    return table.replace("甲", name)


@pytest.mark.parametrize(
    ("replaces", "level", "outcome", "said", "counted"),
    [
        ("", 3, "评价", 3, None),
        (", replaces = false", 3, "默认", 5, False),
        (", replaces = true", 1, "评价", 1, True),
        (", replaces = false", 1, "默认", 5, False),
    ],
)
def test_a_rating_after_the_default_takes_its_place_or_stands_beside_it(
    play: Play, replaces: str, level: int, outcome: str, said: int, counted: bool | None
) -> None:
    rules = {"default": SILENCE, "after_default": f"{{ allowed = true{replaces} }}"}
    (found,) = play(rules, story(NOW, rated("2020-01-09", level))).stories
    assert (found.facts["outcome"], found.facts["level"]) == (outcome, said)
    assert found.facts.get("counted") is counted
    # A bad one opens an order in either case.
    assert found.facts.get("order") is (True if level == 1 else None)
    counts = [
        dict(cell.counts) for _, cell in found.cells if {"defaults", f"level_{level}"} & set(cell.counts)
    ]
    assert counts == [{"defaults": 1}] if said == 5 else [{f"level_{level}": 1, "named": 1}]


def test_a_rating_before_the_default_stands_by_itself(told: Told) -> None:
    rules = {"default": SILENCE, "after_default": "{ allowed = true, replaces = false }"}
    facts = told(rules, story(NOW, rated("2020-01-07 23:59:59", 3)))
    assert (facts["outcome"], facts["level"], "counted" in facts) == ("评价", 3, False)


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2020-01-09", "尚未起算"),
        ("2020-01-10", "采纳"),
        ("2020-01-20 23:00:00", "采纳"),
        ("2020-01-21", "评价期限已过"),
    ],
)
def test_a_rating_after_the_answer_waits_for_it(told: Told, at: str, answer: str) -> None:
    rules = {"follow_up": f'{{ limit = {days(10, "answer")}, adds = ["level"], counts = "replaces" }}'}
    answered = happened("answer", "2020-01-10")
    again = rated(at, 5, 'kind = "follow_up"')
    assert told(rules, story(NOW, rated("2020-01-03", 1), answered, again))["ratings"] == ["采纳", answer]
    assert told(rules, story(NOW, rated("2020-01-03", 1), again))["ratings"] == ["采纳", "尚未起算"]


def test_before_an_event_nothing_need_have_begun(told: Told) -> None:
    rules = {"follow_up": '{ limit = { n = 0, unit = "hour", before = "closure" } }'}
    again = rated("2020-01-09", 5, 'kind = "follow_up"')
    for closed, answer in (("2020-01-10", "采纳"), ("2020-01-09", "评价期限已过")):
        closure = happened("closure", closed)
        facts = told(rules, story(NOW, rated("2020-01-03", 1), closure, again))
        assert facts["ratings"] == ["采纳", answer]


@pytest.mark.parametrize(
    ("direction", "level", "answer", "counted"),
    [
        ("up", 3, "采纳", 3),
        ("up", 1, "只可上调", 2),
        ("down", 3, "只可下调", 2),
        ("down", 2, "采纳", 2),
        ("any", 1, "采纳", 1),
    ],
)
def test_a_later_level_may_only_go_one_way(
    told: Told, direction: str, level: int, answer: str, counted: int
) -> None:
    for kind in ("follow_up", "supplement"):
        rules = {kind: f'{{ adds = ["level"], counts = "replaces", direction = "{direction}" }}'}
        again = rated("2020-01-09", level, f'kind = "{kind}"')
        facts = told(rules, story(NOW, rated("2020-01-03", 2), again))
        assert (facts["ratings"], facts["level"]) == (["采纳", answer], counted)


def test_what_was_refused_uses_nothing_up(told: Told) -> None:
    rules = {"correction": '{ times = 1, direction = "up" }'}
    changes = [
        rated(f"2020-01-0{day}", level, 'kind = "correction"') for day, level in ((4, 2), (5, 4), (6, 5))
    ]
    facts = told(rules, story(NOW, rated("2020-01-03", 3), *changes))
    assert facts["ratings"] == ["采纳", "只可上调", "采纳", "已评价，不再重复计"]
    assert facts["level"] == 4


@pytest.mark.parametrize(
    ("counted", "size", "weight"),
    [
        ("", 250, 1),
        ('counted = "each"', 250, 250),
        ("counted_per = 100", 250, 3),
        ("counted_per = 100", 100, 1),
        ("counted_per = 100", 101, 2),
    ],
)
def test_one_rating_for_many_cases(play: Play, counted: str, size: int, weight: int) -> None:
    rule = f'{{ per = "occasion"{", " if counted else ""}{counted} }}'
    (found,) = play({"frequency": rule}, story(NOW, rated("2020-01-03", 4), more=f"size = {size}")).stories
    assert {cell.counts.get("occasions", weight) for _, cell in found.cells} == {weight}
    assert {cell.counts.get("level_4", weight) for _, cell in found.cells} == {weight}


@pytest.mark.parametrize(
    ("per", "facts", "repeats"),
    [
        ("case", ('case = "一"', 'case = "一"'), "甲"),
        ("case", ('case = "一"', 'case = "二"'), None),
        ("case", ("", ""), None),
        ("rater_and_day", ('person = "某"', 'person = "某"'), "甲"),
        ("rater_and_day", ('person = "某"', 'person = "另"'), None),
        ("rater_and_item", ('person = "某"\nitem = "A"', 'person = "某"\nitem = "A"'), "甲"),
        ("rater_and_item", ('person = "某"\nitem = "A"', 'person = "某"\nitem = "B"'), None),
        ("window_and_day", ('person = "某"\nwindow = "3"', 'person = "某"\nwindow = "3"'), "甲"),
        ("window_and_day", ('person = "某"\nwindow = "3"', 'person = "某"\nwindow = "4"'), None),
        ("window_and_day", ('person = "某"\nwindow = "3"', 'person = "另"\nwindow = "3"'), None),
        ("occasion", ('case = "一"', 'case = "一"'), None),
    ],
)
def test_what_can_be_rated_once(play: Play, per: str, facts: tuple[str, str], repeats: str | None) -> None:
    second = of("乙", rated("2020-01-03 12:00:00", 5))
    tables = [rated("2020-01-03", 4), also("乙", facts[1]), second]
    run = play({"frequency": f'{{ per = "{per}" }}'}, story(NOW, *tables, more=facts[0]))
    assert run.stories[1].facts.get("repeats") == repeats
    assert run.stories[1].facts.get("counted") is (None if repeats is None else False)
    assert "repeats" not in run.stories[0].facts


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_rating_that_repeats_another_is_in_no_figure_whatever_its_level(play: Play, level: int) -> None:
    same = 'case = "一"'
    tables = [rated("2020-01-03", 4), also("乙", same), of("乙", rated("2020-01-03 12:00:00", level))]
    first, second = play({"frequency": '{ per = "case" }'}, story(NOW, *tables, more=same)).stories
    assert [word for _, cell in first.cells for word in cell.counts if word.startswith("level_")] == [
        "level_4"
    ]
    assert [word for _, cell in second.cells for word in cell.counts if word.startswith("level_")] == []


@pytest.mark.parametrize(("day", "repeats"), [("2020-01-03 20:00:00", "甲"), ("2020-01-04", None)])
def test_another_day_is_another_rating(play: Play, day: str, repeats: str | None) -> None:
    for per, fact in (("rater_and_day", 'person = "某"'), ("window_and_day", 'person = "某"\nwindow = "3"')):
        tables = [rated("2020-01-03", 4), also("乙", fact), of("乙", rated(day, 5))]
        run = play({"frequency": f'{{ per = "{per}" }}'}, story(NOW, *tables, more=fact))
        assert run.stories[1].facts.get("repeats") == repeats


def test_so_many_may_be_rated(play: Play) -> None:
    same = 'case = "一"'
    tables = [rated("2020-01-03", 4)]
    for n, name in enumerate(("乙", "丙", "丁")):
        tables += [also(name, same), of(name, rated(f"2020-01-0{4 + n}", 5))]
    run = play({"frequency": '{ per = "case", most = 2 }'}, story(NOW, *tables, more=same))
    assert [each.facts.get("repeats") for each in run.stories] == [None, None, "甲", "甲"]


def trouble(rule: str) -> dict[str, str]:
    """Rules by which something goes further, from so many times on."""
    scale = 'scale = [{ key = "poor", label = "不满意", satisfied = false }]'
    return {
        "steps.contact": f"{{ limit = {days(2, 'rating')} }}",
        "verdict": f"{{ {scale} }}",
        "escalations.e": f'{{ action = "talk", {rule} }}',
    }


def three(*tables: str, unit: str = "") -> list[str]:
    """甲 on the 3rd, 乙 on the 13th, 丙 on the 23rd, all of one unit, each with a bad rating and what happened to it."""
    found = [rated("2020-01-03", 1), *tables]
    for n, name in enumerate(("乙", "丙"), start=1):
        found += [also(name, unit if name == "丙" else ""), of(name, rated(f"2020-01-{n}3", 1))]
        found += [of(name, each.replace("2020-01-0", f"2020-01-{n}")) for each in tables]
    return found


RETURN = happened("return", "2020-01-04")
COMPLAINT = happened("complaint", "2020-01-04")
UNHAPPY = happened("verdict", "2020-01-06", 'outcome = "unsatisfied"')
REVISITED = happened("revisit", "2020-01-07", 'outcome = "unsatisfied"')
VERIFIED = days(30, "verification")
TALK: list[str | None] = [None, "talk", "talk"]
LAST: list[str | None] = [None, None, "talk"]
NEVER: list[str | None] = [None, None, None]


@pytest.mark.parametrize(
    ("rule", "events", "told"),
    [
        ('on = "overdue", times = 2', [], TALK),
        ('on = "overdue", times = 3', [], LAST),
        ('on = "overdue", times = 4', [], NEVER),
        (f'on = "overdue", times = 2, within = {days(10, "due")}', [], TALK),
        (f'on = "overdue", times = 2, within = {days(9, "due")}', [], NEVER),
        (f'on = "overdue", times = 3, within = {days(19, "due")}', [], NEVER),
        ('on = "returned", times = 2', [RETURN], TALK),
        ('on = "returned", times = 2', [], NEVER),
        ('on = "unsatisfied", times = 2', [UNHAPPY], TALK),
        ('on = "unsatisfied", times = 2', [REVISITED], TALK),
        ('on = "unsatisfied", times = 4', [UNHAPPY, REVISITED], TALK),
        ('on = "unsatisfied", times = 2', [], NEVER),
        ('on = "repeated_complaint", times = 2', [COMPLAINT], TALK),
        ('on = "repeated_complaint", times = 1', [COMPLAINT], ["talk", "talk", "talk"]),
        ('on = "repeated_complaint"', [COMPLAINT], NEVER),
        ('on = "repeated_bad", times = 3', [], LAST),
        ('on = "repeated_bad", times = 1', [], ["talk", "talk", "talk"]),
        ('on = "repeated_bad"', [], NEVER),
        (f'on = "repeated_bad", times = 2, within = {days(10, "rating")}', [], TALK),
        (f'on = "repeated_bad", times = 2, within = {days(9, "rating")}', [], NEVER),
        (f'on = "repeated_bad", times = 2, within = {VERIFIED}', [], NEVER),
        (f'on = "repeated_bad", times = 2, within = {VERIFIED}', [happened("verification", "2020-01-05")], TALK),
        ('on = "retaliation", times = 2', [COMPLAINT], NEVER),
    ],
)  # fmt: skip
def test_what_piles_up_goes_further(play: Play, rule: str, events: list[str], told: list[str | None]) -> None:
    run = play(trouble(rule), story(NOW, *three(*events)))
    assert [each.facts.get("escalations.e") for each in run.stories] == told


def test_each_unit_by_itself(play: Play) -> None:
    run = play(trouble('on = "overdue", times = 2'), story(NOW, *three(unit='unit = "乙局"')))
    assert [each.facts.get("escalations.e") for each in run.stories] == [None, "talk", None]
    alone = play(trouble('on = "overdue"'), story(NOW, *three(unit='unit = "乙局"')))
    assert [each.facts.get("escalations.e") for each in alone.stories] == ["talk"] * 3


def test_when_it_goes_further_is_told(told: Told) -> None:
    rules = trouble(f'on = "overdue", limit = {days(3, "due")}')
    facts = told(rules, story("2020-01-07", rated("2020-01-03", 1)))
    assert (facts["escalations.e_after"], facts.get("escalations.e")) == (date(2020, 1, 8), None)
    facts = told(rules, story("2020-01-09", rated("2020-01-03", 1)))
    assert (facts["escalations.e_after"], facts["escalations.e"]) == (date(2020, 1, 8), "talk")
    assert "escalations.e_after" not in told(rules, story("2020-01-05", rated("2020-01-03", 1)))
    plain = told(trouble('on = "overdue"'), story("2020-01-09", rated("2020-01-03", 1)))
    assert "escalations.e_after" not in plain
