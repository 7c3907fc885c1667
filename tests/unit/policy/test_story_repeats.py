"""What several occasions do to each other: ratings that repeat one another, bad ones that pile up."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import EXPECTING, OPENING, added_up, happened

Play = Callable[..., Run]
SILENCE = '{ level = 5, limit = { n = 5, unit = "calendar_day", after = "service", count_first = false } }'
LATER = "2020-03-01"


def visits(*given: tuple[str, str, str, str, int]) -> str:
    """Occasions by name, person, item, when they were rated, and how."""
    text = f"{OPENING}now = {LATER}\n{EXPECTING}"
    for name, person, item, _, _ in given:
        said = f'person = "{person}"\n' if person else ""
        text += (
            f'[[occasions]]\nname = "{name}"\ndivision = "999100"\nservice = 2020-01-02\n'
            f'{said}item = "{item}"\n'
        )
    for name, _, _, at, level in given:
        text += f'[[ratings]]\noccasion = "{name}"\nat = {at}\nlevel = {level}\n'
    return text


A = ("甲", "张某", "一", "2020-01-03 09:00:00", 4)
WITHIN = ', within = { n = 3, unit = "calendar_day", after = "rating", count_first = false }'


@pytest.mark.parametrize(
    ("rule", "second", "apart"),
    [
        ('{ per = "rater", counted = "first" }', ("乙", "张某", "二", "2020-02-03", 5), {"乙": "甲"}),
        ('{ per = "rater", counted = "last" }', ("乙", "张某", "二", "2020-02-03", 5), {"甲": "乙"}),
        (
            '{ per = "rater", counted = "none" }',
            ("乙", "张某", "二", "2020-02-03", 5),
            {"甲": "乙", "乙": "甲"},
        ),
        # Somebody else, or nobody that is known.
        ('{ per = "rater", counted = "first" }', ("乙", "李某", "一", "2020-02-03", 5), {}),
        ('{ per = "rater", counted = "first" }', ("乙", "", "一", "2020-02-03", 5), {}),
        # The same item only.
        ('{ per = "rater_and_item", counted = "first" }', ("乙", "张某", "二", "2020-02-03", 5), {}),
        (
            '{ per = "rater_and_item", counted = "first" }',
            ("乙", "张某", "一", "2020-02-03", 5),
            {"乙": "甲"},
        ),
        # Within three days: until the end of 6 January.
        (
            f'{{ per = "rater", counted = "first"{WITHIN} }}',
            ("乙", "张某", "二", "2020-01-06 23:59:59", 5),
            {"乙": "甲"},
        ),
        (f'{{ per = "rater", counted = "first"{WITHIN} }}', ("乙", "张某", "二", "2020-01-07", 5), {}),
        (
            f'{{ per = "rater", counted = "first"{WITHIN.replace("rating", "closure")} }}',
            ("乙", "张某", "二", "2020-01-04", 5),
            {},
        ),
    ],
)
def test_ratings_that_repeat_each_other(
    play: Play, rule: str, second: tuple[str, str, str, str, int], apart: dict[str, str]
) -> None:
    found = play({"repetition": rule}, visits(A, second))
    repeats = {each.given.name: each.facts["repeats"] for each in found.stories if "repeats" in each.facts}
    assert repeats == apart
    for each in found.stories:
        aside = each.given.name in apart
        assert (each.facts.get("counted") is False) is aside
        assert ("level_4" in added_up(found)["本单位"]) is ("甲" not in apart)
        assert added_up(found, each.given.name)["本单位"]["occasions"] == 1


def test_nobody_known_repeats_nobody(play: Play) -> None:
    unknown = [(name, "", "一", f"2020-01-0{day}", 4) for name, day in (("甲", 3), ("乙", 4))]
    found = play({"repetition": '{ per = "rater", counted = "first" }'}, visits(*unknown))
    assert not any("repeats" in each.facts for each in found.stories)


@pytest.mark.parametrize(
    ("second", "apart"),
    [
        (("乙", "张某", "二", "2020-01-03 23:59:59", 5), ["乙"]),
        (("乙", "张某", "二", "2020-01-04", 5), []),
        (("乙", "李某", "二", "2020-01-03 12:00:00", 5), []),
        (("乙", "张某", "二", "2020-01-03 08:00:00", 5), ["甲"]),
    ],
)
def test_one_rating_of_a_rater_a_day(
    play: Play, second: tuple[str, str, str, str, int], apart: list[str]
) -> None:
    found = play({"frequency": '{ per = "rater_and_day" }'}, visits(A, second))
    assert [each.given.name for each in found.stories if "repeats" in each.facts] == apart


def test_each_of_three_repeats_the_one_before(play: Play) -> None:
    three = [(name, "张某", "一", f"2020-01-0{day}", 4) for name, day in (("甲", 3), ("乙", 4), ("丙", 5))]
    found = play({"repetition": '{ per = "rater", counted = "first" }'}, visits(*three))
    assert [each.facts.get("repeats") for each in found.stories] == [None, "甲", "乙"]
    found = play({"repetition": '{ per = "rater", counted = "last" }'}, visits(*three))
    assert [each.facts.get("repeats") for each in found.stories] == ["乙", "丙", None]


def bad_ones(*days: int) -> str:
    """A bad rating on each of these days of January, by different people."""
    names = "甲乙丙丁"
    return visits(*((names[n], names[n], "一", f"2020-01-{day:02}", 1) for n, day in enumerate(days)))


PILE = '{ on = "repeated_bad", times = 2, action = "talk"%s }'
SOON = ', within = { n = 3, unit = "calendar_day", after = "rating", count_first = false }'


@pytest.mark.parametrize(
    ("more", "days", "met"),
    [
        ("", [3], []),
        ("", [3, 20], ["乙"]),
        ("", [3, 20, 21], ["乙", "丙"]),
        # Within three days of the earlier one.
        (SOON, [3, 6], ["乙"]),
        (SOON, [3, 7], []),
        (SOON, [3, 7, 9], ["丙"]),
        (SOON.replace('after = "rating"', 'after = "verification"'), [3, 4], []),
    ],
)
def test_bad_ratings_that_pile_up_against_a_unit(
    play: Play, more: str, days: list[int], met: list[str]
) -> None:
    found = play({"escalations.e": PILE % more}, bad_ones(*days))
    assert [each.given.name for each in found.stories if "escalations.e" in each.facts] == met


@pytest.mark.parametrize(
    "rule",
    [
        '{ on = "repeated_bad", action = "talk" }',
        '{ on = "overdue", times = 2, action = "talk" }',
    ],
)
def test_what_names_no_number_or_something_else_is_not_met_by_a_pile(play: Play, rule: str) -> None:
    found = play({"escalations.e": rule}, bad_ones(3, 4))
    assert not any("escalations.e" in each.facts for each in found.stories)


def test_what_does_not_count_does_not_pile_up(play: Play) -> None:
    rules = {"escalations.e": PILE % "", "counting": '{ bad_from = "verification" }'}
    found = play(rules, bad_ones(3, 4, 5) + happened("verification", "2020-01-06"))
    assert [each.facts.get("counted") for each in found.stories] == [True, False, False]
    assert not any("escalations.e" in each.facts for each in found.stories)


def test_each_unit_has_its_own_pile(play: Play) -> None:
    text = bad_ones(3, 4, 5)
    text = text.replace('name = "乙"\n', 'name = "乙"\nunit = "乙局"\n')
    found = play({"escalations.e": PILE % ""}, text)
    assert [each.given.name for each in found.stories if "escalations.e" in each.facts] == ["丙"]


@pytest.mark.parametrize(
    ("same", "said"),
    [
        ("staff", 'staff = "张某"'),
        ("window", 'window = "3号"'),
        ("item", 'item = "A"'),
        ("case", 'case = "1"'),
        ("rater", 'person = "某人"'),
    ],
)
def test_a_pile_of_the_same_whatever_the_text_says(play: Play, same: str, said: str) -> None:
    text = re.sub('(person|item) = ".*"\n', "", bad_ones(3, 4, 5))
    text = text.replace('name = "甲"\n', f'name = "甲"\nunit = "甲局"\n{said}\n')
    text = text.replace('name = "丙"\n', f'name = "丙"\nunit = "丙局"\n{said}\n')
    found = play({"escalations.e": PILE % f', same = "{same}"'}, text)
    # Of 乙 nobody knows what it was.
    assert [each.given.name for each in found.stories if "escalations.e" in each.facts] == ["丙"]


@pytest.mark.parametrize("days", [(3, 4, 4), (3, 3, 4)])
def test_a_better_rating_at_the_same_instant_lies_in_between(play: Play, days: tuple[int, int, int]) -> None:
    levels = zip("甲乙丙", days, (1, 4, 1), strict=True)
    given = [(name, name, "一", f"2020-01-0{day}", level) for name, day, level in levels]
    found = play({"escalations.e": PILE % ", in_a_row = true"}, visits(*given))
    assert not any("escalations.e" in each.facts for each in found.stories)


@pytest.mark.parametrize(
    ("levels", "met"),
    [
        ((1, 1, 1, 1), ["乙", "丙", "丁"]),
        ((1, 4, 1, 1), ["丁"]),
        ((1, 1, 4, 1), ["乙"]),
        ((1, 3, 1, 4), []),
    ],
)
def test_one_right_after_the_other(play: Play, levels: tuple[int, ...], met: list[str]) -> None:
    given = [
        (name, name, "一", f"2020-01-0{n + 3}", level)
        for n, (name, level) in enumerate(zip("甲乙丙丁", levels, strict=True))
    ]
    found = play({"escalations.e": PILE % ", in_a_row = true"}, visits(*given))
    assert [each.given.name for each in found.stories if "escalations.e" in each.facts] == met


def test_good_ratings_set_no_escalation_off(play: Play) -> None:
    text = visits(*((name, name, "一", f"2020-01-0{day}", 4) for name, day in (("甲", 3), ("乙", 4))))
    found = play({"escalations.e": PILE % ""}, text)
    facts: list[Mapping[str, Any]] = [each.facts for each in found.stories]
    assert not any("escalations.e" in each for each in facts)
