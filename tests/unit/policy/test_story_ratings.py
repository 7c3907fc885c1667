"""Which ratings are accepted, and what silence comes to."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pytest

from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
REAL_NAMES = "{ encouraged = true, anonymous = false }"
WINDOW = '{ n = 5, unit = "calendar_day", after = "service", count_first = false }'
SILENCE = f"{{ level = 5, limit = {WINDOW} }}"
AFTER = '{ n = 3, unit = "calendar_day", after = "%s", count_first = false }'
FIRST = rated("2020-01-03", 4)
AGAIN = rated("2020-01-04", 5)


@pytest.mark.parametrize(
    ("rules", "rating", "answer"),
    [
        ({}, rated("2020-01-03", 1), "采纳"),
        ({"ratable": "false"}, rated("2020-01-03", 4), "不可评价"),
        ({"ratable": "true"}, rated("2020-01-03", 4), "采纳"),
        # A stage of its own only where the frequency names it.
        ({}, rated("2020-01-03", 4, 'stage = "application"'), "该环节不单独评价"),
        (
            {"frequency": '{ per = "stage", stages = ["acceptance"] }'},
            rated("2020-01-03", 4, 'stage = "application"'),
            "该环节不单独评价",
        ),
        (
            {"frequency": '{ per = "stage", stages = ["acceptance"] }'},
            rated("2020-01-03", 4, 'stage = "acceptance"'),
            "采纳",
        ),
        # Channels: what is not told is not refused.
        ({"channels": '{ allowed = ["qr"] }'}, rated("2020-01-03", 4, 'channel = "sms"'), "渠道不在规定之内"),
        ({"channels": '{ allowed = ["qr"] }'}, rated("2020-01-03", 4, 'channel = "qr"'), "采纳"),
        ({"channels": '{ allowed = ["qr"] }'}, rated("2020-01-03", 4), "采纳"),
        ({"channels": '{ required = ["qr"] }'}, rated("2020-01-03", 4, 'channel = "sms"'), "采纳"),
        ({"subjects": '[{ subject = "staff" }]'}, rated("2020-01-03", 4), "对象不在规定之内"),
        ({"subjects": '[{ subject = "staff" }]'}, rated("2020-01-03", 4, 'subject = "staff"'), "采纳"),
        # What a bad rating needs, a good one does not.
        ({"bad_needs_reason": "true"}, rated("2020-01-03", 1, "reason = false"), "差评未说明原因"),
        ({"bad_needs_reason": "true"}, rated("2020-01-03", 1), "采纳"),
        ({"bad_needs_reason": "true"}, rated("2020-01-03", 3, "reason = false"), "采纳"),
        ({"bad_needs_reason": "false"}, rated("2020-01-03", 1, "reason = false"), "采纳"),
        (
            {"naming": "{ encouraged = true, anonymous = true, conditional = true }"},
            rated("2020-01-03", 2, "named = false"),
            "差评须实名",
        ),
        (
            {"naming": "{ encouraged = true, anonymous = true, conditional = true }"},
            rated("2020-01-03", 2),
            "采纳",
        ),
        ({"naming": REAL_NAMES}, rated("2020-01-03", 4, "named = false"), "评价须实名"),
        ({"naming": REAL_NAMES}, rated("2020-01-03", 2, "named = false"), "差评须实名"),
        ({"naming": REAL_NAMES}, rated("2020-01-03", 4), "采纳"),
        (
            {"naming": "{ encouraged = true, anonymous = true, conditional = true }"},
            rated("2020-01-03", 3, "named = false"),
            "采纳",
        ),
        (
            {"naming": "{ encouraged = true, anonymous = true }"},
            rated("2020-01-03", 2, "named = false"),
            "采纳",
        ),
        # The last day is wholly in time.
        ({"window": WINDOW}, rated("2020-01-07 23:59:59", 4), "采纳"),
        ({"window": WINDOW}, rated("2020-01-08", 4), "评价期限已过"),
    ],
)
def test_one_rating(told: Told, rules: dict[str, str], rating: str, answer: str) -> None:
    assert told(rules, story("2020-02-01", rating))["ratings"] == [answer]


@pytest.mark.parametrize(
    ("after_default", "at", "answer"),
    [
        (None, "2020-01-08", "已按默认处理"),
        ("{ allowed = false }", "2020-01-08", "已按默认处理"),
        ("{ allowed = true }", "2020-01-31", "采纳"),
        # The default falls on 8 January; three days after it.
        (f"{{ allowed = true, limit = {AFTER % 'default'} }}", "2020-01-11 23:59:59", "采纳"),
        (f"{{ allowed = true, limit = {AFTER % 'default'} }}", "2020-01-12", "评价期限已过"),
        (None, "2020-01-07 23:59:59", "采纳"),
    ],
)
def test_a_rating_after_the_default(told: Told, after_default: str | None, at: str, answer: str) -> None:
    rules = {"default": SILENCE} | ({"after_default": after_default} if after_default else {})
    assert told(rules, story("2020-02-01", rated(at, 3)))["ratings"] == [answer]


@pytest.mark.parametrize(
    ("frequency", "ratings", "answers"),
    [
        (None, (FIRST, AGAIN), ["采纳", "已评价，不再重复计"]),
        ('{ per = "occasion", most = 2 }', (FIRST, AGAIN), ["采纳", "采纳"]),
        ('{ per = "occasion", most = 2 }', (FIRST, AGAIN, AGAIN), ["采纳", "采纳", "已评价，不再重复计"]),
        # Another subject, stage or part is another rating.
        (None, (FIRST, rated("2020-01-04", 5, 'subject = "staff"')), ["采纳", "采纳"]),
        (None, (FIRST, rated("2020-01-04", 5, 'part = "乙局"')), ["采纳", "采纳"]),
        (
            '{ per = "stage", stages = ["acceptance", "delivery"] }',
            (rated("2020-01-03", 4, 'stage = "acceptance"'), rated("2020-01-04", 4, 'stage = "delivery"')),
            ["采纳", "采纳"],
        ),
    ],
)
def test_several_ratings(
    told: Told, frequency: str | None, ratings: tuple[str, ...], answers: list[str]
) -> None:
    rules = {"frequency": frequency} if frequency else {}
    assert told(rules, story("2020-02-01", *ratings))["ratings"] == answers


@pytest.mark.parametrize(
    ("rules", "change", "answer", "level"),
    [
        # Nothing is laid down, or there is nothing to change.
        ({}, rated("2020-01-04", 2, 'kind = "correction"'), "未规定可以如此", 4),
        (
            {"correction": f"{{ limit = {AFTER % 'rating'} }}"},
            rated("2020-01-06 23:00:00", 2, 'kind = "correction"'),
            "采纳",
            2,
        ),
        (
            {"correction": f"{{ limit = {AFTER % 'rating'} }}"},
            rated("2020-01-07", 2, 'kind = "correction"'),
            "评价期限已过",
            4,
        ),
        ({"correction": '{ counts = "first" }'}, rated("2020-01-04", 5, 'kind = "correction"'), "采纳", 4),
        ({"correction": '{ direction = "up" }'}, rated("2020-01-04", 4, 'kind = "correction"'), "采纳", 4),
        ({"correction": '{ direction = "down" }'}, rated("2020-01-04", 4, 'kind = "correction"'), "采纳", 4),
        (
            {"correction": "{}", "bad_needs_reason": "true"},
            rated("2020-01-04", 1, 'kind = "correction"\nreason = false'),
            "差评未说明原因",
            4,
        ),
        # What is added replaces the level only where it may add one, and is said to.
        (
            {"supplement": '{ adds = ["text"], counts = "replaces" }'},
            rated("2020-01-04", 5, 'kind = "supplement"'),
            "采纳",
            4,
        ),
        (
            {"supplement": '{ adds = ["level"], counts = "beside" }'},
            rated("2020-01-04", 5, 'kind = "supplement"'),
            "采纳",
            4,
        ),
        (
            {"follow_up": '{ adds = ["level"], counts = "replaces" }'},
            rated("2020-01-04", 5, 'kind = "follow_up"'),
            "采纳",
            5,
        ),
        (
            {"withdrawal": "{ allowed = false }"},
            rated("2020-01-04", 1, 'kind = "withdrawal"'),
            "未规定可以如此",
            4,
        ),
    ],
)
def test_a_change(told: Told, rules: dict[str, str], change: str, answer: str, level: int) -> None:
    facts = told(rules, story("2020-02-01", FIRST, change))
    assert facts["ratings"] == ["采纳", answer]
    assert facts["level"] == level


def test_a_change_comes_only_after_an_accepted_rating(told: Told) -> None:
    facts = told({"correction": "{}"}, story("2020-02-01", rated("2020-01-04", 2, 'kind = "correction"')))
    assert facts["ratings"] == ["未规定可以如此"]
    assert facts["outcome"] == "可评价"


def test_a_rating_is_corrected_no_more_often_than_is_laid_down(told: Told) -> None:
    changes = [rated(f"2020-01-0{day}", 3, 'kind = "correction"') for day in (4, 5, 6)]
    facts = told({"correction": "{ times = 2 }"}, story("2020-02-01", FIRST, *changes))
    assert facts["ratings"] == ["采纳", "采纳", "采纳", "已评价，不再重复计"]


@pytest.mark.parametrize(
    ("effect", "again", "outcome"),
    [
        ("not_counted", "评价已撤回", "可评价"),
        ("unrated", "评价已撤回", "可评价"),
        ("rate_again", "采纳", "评价"),
        # 未规定: taken as un-rated.
        (None, "评价已撤回", "可评价"),
    ],
)
def test_what_a_withdrawn_rating_leaves(told: Told, effect: str | None, again: str, outcome: str) -> None:
    rule = f'{{ allowed = true, effect = "{effect}" }}' if effect else "{ allowed = true }"
    back = rated("2020-01-04", 1, 'kind = "withdrawal"')
    facts = told({"withdrawal": rule}, story("2020-02-01", FIRST, back, rated("2020-01-05", 5)))
    assert facts["ratings"] == ["采纳", "采纳", again]
    assert facts["outcome"] == outcome


def test_a_withdrawn_bad_rating_sets_nothing_off(told: Told) -> None:
    back = rated("2020-01-04", 1, 'kind = "withdrawal"')
    facts = told({"withdrawal": "{ allowed = true }"}, story("2020-02-01", rated("2020-01-03", 1), back))
    assert "order" not in facts
    assert "bad" not in facts


@pytest.mark.parametrize(
    ("first", "second", "bad"), [(1, 4, False), (4, 1, True), (2, 1, True), (4, 5, False)]
)
def test_a_correction_makes_a_rating_bad_or_good(told: Told, first: int, second: int, bad: bool) -> None:
    change = rated("2020-01-04", second, 'kind = "correction"')
    facts = told({"correction": "{}"}, story("2020-02-01", rated("2020-01-03", first), change))
    assert (facts["bad"], "order" in facts) == (bad, bad)


def test_a_supplement_opens_no_order_by_itself(told: Told) -> None:
    facts = told(
        {"supplement": "{}"}, story("2020-02-01", FIRST, rated("2020-01-04", 1, 'kind = "supplement"'))
    )
    assert facts["bad"] is False


@pytest.mark.parametrize(
    ("rules", "now", "outcome", "level"),
    [
        ({}, "2020-06-01", "可评价", None),
        ({"window": WINDOW}, "2020-01-07 23:59:59", "可评价", None),
        ({"window": WINDOW}, "2020-01-08", "未评", None),
        ({"default": SILENCE}, "2020-01-07 23:59:59", "可评价", None),
        ({"default": SILENCE}, "2020-01-08", "默认", 5),
        # The window is over, the default is still to come.
        (
            {"window": WINDOW, "default": f"{{ level = 3, limit = {WINDOW.replace('5', '9')} }}"},
            "2020-01-09",
            "未评",
            None,
        ),
    ],
)
def test_silence(told: Told, rules: dict[str, str], now: str, outcome: str, level: int | None) -> None:
    facts = told(rules, story(now))
    assert (facts["outcome"], facts.get("level")) == (outcome, level)
    assert "ratings" not in facts


def test_what_is_yet_to_come_is_not_played(told: Told) -> None:
    facts = told({}, story("2020-01-03 12:00:00", rated("2020-01-03 12:00:00", 4), rated("2020-01-04", 1)))
    assert facts["ratings"] == ["采纳"]


FIRST_ASKED = 'first = { n = 1, unit = "calendar_day", after = "service", count_first = false }'
EVERY = 'every = { n = 2, unit = "calendar_day", after = "invitation", count_first = false }'
HOURLY = 'first = { n = 3, unit = "hour", after = "service" }'


@pytest.mark.parametrize(
    ("rule", "when"),
    [
        (f"{{ {FIRST_ASKED} }}", [date(2020, 1, 3)]),
        (f"{{ {FIRST_ASKED}, {EVERY}, most = 3 }}", [date(2020, 1, 3), date(2020, 1, 5), date(2020, 1, 7)]),
        # So often at most, and no interval laid down: once.
        (f"{{ {FIRST_ASKED}, most = 3 }}", [date(2020, 1, 3)]),
        # An interval, and no number laid down: the first alone is certain.
        (f"{{ {FIRST_ASKED}, {EVERY} }}", [date(2020, 1, 3)]),
        (f"{{ {HOURLY} }}", [datetime.fromisoformat("2020-01-02 13:00")]),
        ('{ first = { n = 1, unit = "hour", after = "result" } }', []),
    ],
)
def test_when_who_has_not_rated_is_asked(told: Told, rule: str, when: list[object]) -> None:
    assert told({"invitations.reminder": rule}, story("2020-02-01"))["invitations.reminder"] == when


def test_who_has_rated_is_not_asked(told: Told) -> None:
    facts = told({"invitations.reminder": f"{{ {FIRST_ASKED} }}"}, story("2020-02-01", FIRST))
    assert not any(key.startswith("invitations") for key in facts)


def test_deadlines_are_told_or_why_there_are_none(told: Told) -> None:
    assert told({}, story("2020-02-01"))["window"] == "未规定"
    waiting = WINDOW.replace("service", "result")
    assert told({"window": waiting}, story("2020-02-01"))["window"] == "尚未起算"
    hours = '{ n = 5, unit = "hour", after = "service" }'
    assert told({"window": hours}, story("2020-02-01"))["window"] == datetime.fromisoformat(
        "2020-01-02 15:00"
    )
    assumed = told({"window": WINDOW.replace("calendar_day", "workday")}, story("2020-02-01"))
    assert (assumed["window"], assumed["window_provisional"]) == (date(2020, 1, 9), True)
    assert "window_provisional" not in told({"window": WINDOW}, story("2020-02-01"))


def test_a_rating_and_what_was_made_of_it_are_public_by_a_day(told: Told) -> None:
    rules = {
        "publication.rated": f'{{ what = "ratings", limit = {AFTER % "rating"} }}',
        "publication.done": f'{{ what = "rectifications", limit = {AFTER % "rectification"} }}',
        "publication.monthly": f'{{ what = "totals", every = "month", limit = {AFTER % "period_end"} }}',
        "publication.texts": '{ what = "texts" }',
    }
    done = happened("rectification", "2020-01-10")
    facts = told(rules, story("2020-03-01", rated("2020-01-03", 1), done))
    public = {key: said for key, said in facts.items() if key.startswith("publication.")}
    assert public == {"publication.rated": date(2020, 1, 6), "publication.done": date(2020, 1, 13)}
    good = told(rules, story("2020-03-01", rated("2020-01-03", 4)))
    assert (good["publication.rated"], "publication.done" in good) == (date(2020, 1, 6), False)
    assert "publication.rated" not in told(rules, story("2020-03-01"))
