"""What an occasion adds to the figures of its units."""

from collections.abc import Callable

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import added_up, happened, rated, story

Play = Callable[..., Run]
SILENCE = '{ level = 5, limit = { n = 5, unit = "calendar_day", after = "service", count_first = false } }'
LATER = "2020-03-01"


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
    assert added_up(play(rules, story(LATER, *tables, more=more))) == expected


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
    assert added_up(play(rules, story(LATER, *tables))) == {"本单位": expected}


@pytest.mark.parametrize(
    ("said", "finding", "ended", "rectified"),
    [
        ("", "no_legal_basis", 1, 0),
        (", rectified = false", "no_legal_basis", 1, 0),
        (", rectified = true", "no_legal_basis", 1, 1),
        (", rectified = true", "rejected", 0, 0),
    ],
)
def test_what_has_no_legal_basis_counts_as_rectified_where_the_rule_says_so(
    play: Play, said: str, finding: str, ended: int, rectified: int
) -> None:
    rules = {"no_legal_basis": f"{{ ends = true{said} }}"}
    verified = happened("verification", "2020-01-04", f'outcome = "{finding}"')
    found = added_up(play(rules, story(LATER, BAD, verified)))["本单位"]
    assert (found.get("no_legal_basis", 0), found.get("rectified", 0)) == (ended, rectified)


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
    found = added_up(play({}, story(LATER, BAD, *events)))["本单位"]
    assert found.get("objections_upheld", 0) == upheld


def test_a_body_that_is_silent_may_uphold_an_objection(play: Play) -> None:
    day = '{ n = 1, unit = "calendar_day", after = "objection", count_first = false }'
    rules = {"objection": '{ silence_of_body = "upheld" }', "review": day}
    found = added_up(play(rules, story(LATER, BAD, happened("objection", "2020-01-05"))))["本单位"]
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
