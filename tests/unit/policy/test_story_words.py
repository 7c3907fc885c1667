"""What a story says in words, and what it means to expect that nothing is laid down."""

from collections.abc import Callable

import pytest

from haochaping.policy.scenario import Run, compared
from tests.unit.policy.samples import happened, rated, story

Play = Callable[..., Run]
BAD = rated("2020-01-03 09:00:00", 1)


@pytest.mark.parametrize(
    ("expected", "differs"),
    [
        ({"steps.contact": "未规定"}, False),
        ({"steps": {"contact": "未规定"}}, False),
        ({"steps.own_meeting": "未规定"}, False),
        ({"responsible.contact": "未规定"}, False),
        ({"invitations.first": "未规定"}, False),
        ({"revisits.sample": "未规定"}, False),
        ({"escalations.late": "未规定"}, False),
        # What is told must be said; a step that there is not is a mistake.
        ({"steps.plan": "未规定"}, True),
        ({"steps.contct": "未规定"}, True),
        ({"steps.contact_state": "未规定"}, True),
        ({"steps.contact": "尚未起算"}, True),
        ({"windw": "未规定"}, True),
    ],
)
def test_what_no_rule_lays_down(expected: dict[str, object], differs: bool) -> None:
    assert bool(compared("occasion 甲", expected, {"steps.plan": "尚未起算"})) is differs


def test_codes_stand_with_their_words(play: Play) -> None:
    limit = '{ n = 1, unit = "calendar_day", after = "rating", count_first = false }'
    scale = '[{ key = "poor", label = "不满意", satisfied = false }]'
    rules = {
        "steps.contact": f'{{ limit = {limit}, if_failed = "taken_as_done" }}',
        "verdict": f'{{ scale = {scale}, unsatisfied = "reopen" }}',
        "revisits.all": '{ of = "bad", unsatisfied = "supervise" }',
        "escalations.e": '{ on = "unsatisfied", action = "named:上门致歉" }',
        "escalations.f": '{ on = "repeated_bad", action = "talk", times = 1 }',
        "voiding": '{ grounds = ["mistaken"], effect = "unrated" }',
    }
    events = [
        happened("verdict", "2020-01-08", 'outcome = "poor"'),
        happened("revisit", "2020-01-08", 'outcome = "unsatisfied"'),
    ]
    (told,) = play(rules, story("2020-06-01", BAD, *events)).stories
    cited = "（《示例办法》第一条）"
    for line in (
        "steps.contact_failed = taken_as_done 视为完成",
        "verdict_sets_off = reopen 重新整改",
        "revisits.all_sets_off = supervise 督办",
        "escalations.e = named:上门致歉 上门致歉",
        "escalations.f = talk 约谈",
    ):
        assert f"{line}{cited}" in told.notes
    upheld = happened("decision", "2020-01-09", 'outcome = "upheld"\nground = "mistaken"')
    objected = happened("objection", "2020-01-08")
    (told,) = play({**rules, "objection": "{}"}, story("2020-06-01", BAD, objected, upheld)).stories
    assert f"effect = unrated 视为未评{cited}" in told.notes
