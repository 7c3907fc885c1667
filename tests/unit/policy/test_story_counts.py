"""What an occasion adds to the figures of its units, and what several occasions do to each other."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import EXPECTING, OPENING, happened, rated, story

Play = Callable[..., Run]
SILENCE = '{ level = 5, limit = { n = 5, unit = "calendar_day", after = "service", count_first = false } }'
LATER = "2020-03-01"


def counted(run: Run, name: str = "甲") -> dict[str, dict[str, int]]:
    """What an occasion has added up to, by unit; what came to nought is left out."""
    (found,) = [each for each in run.stories if each.given.name == name]
    totals: dict[str, Counter[str]] = {}
    for unit, cell in found.cells:
        totals.setdefault(unit, Counter()).update(cell.counts)
    return {unit: {word: n for word, n in total.items() if n} for unit, total in totals.items()}


GOOD = {"occasions": 1, "level_4": 1, "named": 1}
BATCH = 'size = 12\nunit = "甲局"\nparts = ["乙局", "丙局"]'


@pytest.mark.parametrize(
    ("rules", "tables", "more", "expected"),
    [
        ({}, [], "", {"本单位": {"occasions": 1}}),
        ({}, [rated("2020-01-03", 4)], "", {"本单位": GOOD}),
        ({}, [rated("2020-01-03", 4)], 'organisation = "91530100"', {"91530100": GOOD}),
        (
            {},
            [rated("2020-01-03", 4, "named = false")],
            "",
            {"本单位": {"occasions": 1, "level_4": 1}},
        ),
        ({"default": SILENCE}, [], "", {"本单位": {"occasions": 1, "defaults": 1}}),
        ({"default": SILENCE}, [rated("2020-01-03", 4)], "", {"本单位": GOOD}),
        # A batch: once, or each case; a joint case: who leads, or all.
        ({}, [rated("2020-01-03", 4)], BATCH, {"甲局": GOOD}),
        (
            {"frequency": '{ per = "case", counted = "each" }'},
            [rated("2020-01-03", 4)],
            BATCH,
            {"甲局": {"occasions": 12, "level_4": 12, "named": 12}},
        ),
        # Twelve cases, one rating for every five or part of them.
        (
            {"frequency": '{ per = "case", counted_per = 5 }'},
            [rated("2020-01-03", 4)],
            BATCH,
            {"甲局": {"occasions": 3, "level_4": 3, "named": 3}},
        ),
        (
            {"frequency": '{ per = "case", counted = "each" }', "default": SILENCE},
            [],
            BATCH,
            {"甲局": {"occasions": 12, "defaults": 12}},
        ),
        (
            {"frequency": '{ per = "case", counted_for = "all" }'},
            [rated("2020-01-03", 4)],
            BATCH,
            {"甲局": GOOD, "乙局": GOOD, "丙局": GOOD},
        ),
        (
            {"frequency": '{ per = "case", counted_for = "lead" }'},
            [rated("2020-01-03", 4)],
            BATCH,
            {"甲局": GOOD},
        ),
        (
            {"frequency": '{ per = "part" }'},
            [rated("2020-01-03", 4, 'part = "乙局"')],
            BATCH,
            {
                "甲局": {"occasions": 1},
                "乙局": GOOD,
                "丙局": {"occasions": 1},
            },
        ),
        (
            {"frequency": '{ per = "part" }', "default": SILENCE},
            [],
            BATCH,
            {unit: {"occasions": 1, "defaults": 1} for unit in ("甲局", "乙局", "丙局")},
        ),
        # Taken back.
        (
            {"withdrawal": '{ allowed = true, effect = "not_counted" }'},
            [rated("2020-01-03", 4), rated("2020-01-04", 1, 'kind = "withdrawal"')],
            "",
            {"本单位": {"voided": 1}},
        ),
        (
            {"withdrawal": '{ allowed = true, effect = "unrated" }'},
            [rated("2020-01-03", 4), rated("2020-01-04", 1, 'kind = "withdrawal"')],
            "",
            {"本单位": {"occasions": 1}},
        ),
    ],
)
def test_what_an_occasion_adds(
    play: Play, rules: dict[str, str], tables: list[str], more: str, expected: dict[str, dict[str, int]]
) -> None:
    assert counted(play(rules, story(LATER, *tables, more=more))) == expected


BAD = rated("2020-01-03 09:00:00", 1)
RECTIFY = '{ n = 5, unit = "calendar_day", after = "rating", count_first = false }'
VOIDING = '{ grounds = ["mistaken"], effect = "%s" }'
UPHELD = happened("decision", "2020-01-06", 'outcome = "upheld"\nground = "mistaken"')
OPENED = {"orders": 1}
RATED = {"occasions": 1, "level_1": 1, "named": 1}


@pytest.mark.parametrize(
    ("rules", "tables", "expected"),
    [
        ({}, [BAD], {**RATED, **OPENED, "bad_named": 1}),
        ({}, [rated("2020-01-03", 1, "named = false")], {"occasions": 1, "level_1": 1, **OPENED}),
        (
            {},
            [BAD, happened("verification", "2020-01-04")],
            {**RATED, **OPENED, "bad_named": 1, "verified": 1, "bad_verified": 1},
        ),
        (
            {"rectification": RECTIFY},
            [BAD],
            # The last day was 8 January; until 1 March that is 53 days, 37 of them on weekdays.
            {
                **RATED,
                **OPENED,
                "bad_named": 1,
                "orders_due": 1,
                "overdue": 1,
                "overdue_days": 53,
                "overdue_workdays": 37,
            },
        ),
        (
            {"rectification": RECTIFY},
            [BAD, happened("rectification", "2020-01-08")],
            {**RATED, **OPENED, "bad_named": 1, "orders_due": 1, "rectified": 1, "rectified_in_time": 1},
        ),
        (
            {"rectification": RECTIFY},
            [BAD, happened("rectification", "2020-01-09")],
            {
                **RATED,
                **OPENED,
                "bad_named": 1,
                "orders_due": 1,
                "rectified": 1,
                "overdue": 1,
                "overdue_days": 1,
                "overdue_workdays": 1,
            },
        ),
        # A limit in hours has no last day: its own is it. A Sunday is a day, and no working day.
        (
            {"rectification": '{ n = 24, unit = "hour", after = "rating" }'},
            [rated("2020-01-17 09:00:00", 1), happened("rectification", "2020-01-19 18:00:00")],
            {
                **RATED,
                **OPENED,
                "bad_named": 1,
                "orders_due": 1,
                "rectified": 1,
                "overdue": 1,
                "overdue_days": 1,
            },
        ),
        # Found untrue: nothing to set right, and nothing late.
        (
            {"rectification": RECTIFY},
            [BAD, happened("verification", "2020-01-06", 'outcome = "rejected"')],
            {**RATED, **OPENED, "bad_named": 1, "verified": 1},
        ),
        # No limit is laid down: done is done, and in time.
        (
            {},
            [BAD, happened("rectification", "2020-02-09")],
            {**RATED, **OPENED, "bad_named": 1, "orders_due": 1, "rectified": 1, "rectified_in_time": 1},
        ),
        # An order that was not opened is none.
        (
            {"trigger": "{ reason = true }"},
            [rated("2020-01-03", 1, "reason = false")],
            {**RATED, "bad_named": 1},
        ),
        (
            {},
            [BAD, happened("objection", "2020-01-05")],
            {**RATED, **OPENED, "bad_named": 1, "objections": 1},
        ),
        (
            {},
            [BAD, happened("objection", "2020-01-05"), UPHELD],
            {**RATED, **OPENED, "bad_named": 1, "objections": 1, "objections_upheld": 1},
        ),
        (
            {"revisits.r": '{ of = "bad", share = 1 }'},
            [BAD],
            {**RATED, **OPENED, "bad_named": 1, "revisits_due": 1},
        ),
        ({"revisits.r": '{ of = "bad", share = 0.5 }'}, [BAD], {**RATED, **OPENED, "bad_named": 1}),
        (
            {},
            [BAD, happened("revisit", "2020-01-20")],
            {**RATED, **OPENED, "bad_named": 1, "revisited": 1},
        ),
        (
            {},
            [BAD, happened("revisit", "2020-01-20", 'outcome = "unsatisfied"')],
            {**RATED, **OPENED, "bad_named": 1, "revisited": 1, "revisit_answered": 1},
        ),
        (
            {},
            [BAD, happened("revisit", "2020-01-20", 'outcome = "satisfied"')],
            {
                **RATED,
                **OPENED,
                "bad_named": 1,
                "revisited": 1,
                "revisit_answered": 1,
                "revisit_satisfied": 1,
            },
        ),
        # What a decision makes of the rating.
        ({"voiding": VOIDING % "not_counted"}, [BAD, UPHELD], {**OPENED, "bad_named": 1, "voided": 1}),
        ({"voiding": VOIDING % "unrated"}, [BAD, UPHELD], {**OPENED, "bad_named": 1, "occasions": 1}),
        (
            {"voiding": VOIDING % "default"},
            [BAD, UPHELD],
            {**OPENED, "bad_named": 1, "occasions": 1, "defaults": 1},
        ),
        (
            {"voiding": VOIDING % "rate_again"},
            [BAD, UPHELD, rated("2020-01-10", 4)],
            {**OPENED, "bad_named": 1, **GOOD},
        ),
        # Not yet: contested, or not verified.
        (
            {"counting": '{ bad_from = "verification" }'},
            [BAD],
            {**OPENED, "bad_named": 1, "occasions": 1},
        ),
    ],
)
def test_what_a_bad_rating_adds(
    play: Play, rules: dict[str, str], tables: list[str], expected: dict[str, int]
) -> None:
    assert counted(play(rules, story(LATER, *tables))) == {"本单位": expected}


APPEAL_LOST = happened("appeal_decision", "2020-01-09", 'outcome = "rejected"')


@pytest.mark.parametrize(
    ("events", "upheld"),
    [
        ([UPHELD], 0),
        ([happened("objection", "2020-01-05")], 0),
        ([happened("objection", "2020-01-05"), UPHELD], 1),
        ([happened("objection", "2020-01-05"), happened("decision", "2020-01-06")], 0),
        ([happened("objection", "2020-01-05"), UPHELD, APPEAL_LOST], 0),
    ],
)
def test_objections_that_were_upheld(play: Play, events: list[str], upheld: int) -> None:
    found = counted(play({}, story(LATER, BAD, *events)))["本单位"]
    assert found.get("objections_upheld", 0) == upheld


def test_a_body_that_is_silent_may_uphold_an_objection(play: Play) -> None:
    day = '{ n = 1, unit = "calendar_day", after = "objection", count_first = false }'
    rules = {"objection": '{ silence_of_body = "upheld" }', "review": day}
    found = counted(play(rules, story(LATER, BAD, happened("objection", "2020-01-05"))))["本单位"]
    assert (found["objections"], found["objections_upheld"]) == (1, 1)


def test_the_facts_go_with_the_counts(play: Play) -> None:
    more = 'item_type = "permit"\nchannel = "kiosk"\nbad_class = "plain"'
    rules = {"classes.plain": '{ label = "一般" }'}
    found = play(rules, story(LATER, rated("2020-01-03", 1, 'channel = "qr"'), more=more)).stories[0].cells
    facts = [
        (sorted(word for word, n in cell.counts.items() if n), cell.channel, cell.named, cell.bad_class)
        for _, cell in found
    ]
    assert (["occasions"], "qr", None, "") in facts
    assert (["level_1", "named"], "qr", True, "plain") in facts
    assert (["orders"], "", True, "plain") in facts
    assert {cell.subject for _, cell in found} == {"item"}


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
        assert ("level_4" in counted(found)["本单位"]) is ("甲" not in apart)
        assert counted(found, each.given.name)["本单位"]["occasions"] == 1


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
