"""What an answer of the citizen about the rectification sets off."""

import pytest

from haochaping.policy.redress import Verdict, VerdictLevel

LEVELS = (
    VerdictLevel("good", "满意", satisfied=True),
    VerdictLevel("bad", "不满意", satisfied=False),
    VerdictLevel("worse", "很不满意", satisfied=False, sets_off="escalate"),
)


@pytest.mark.parametrize(
    ("times", "beyond", "answer", "nth", "follows"),
    [
        (None, None, "bad", 9, "reopen"),
        (None, None, "worse", 1, "escalate"),
        (None, None, "", 1, "reopen"),
        (2, None, "bad", 2, "reopen"),
        (2, None, "bad", 3, "none"),
        (2, None, "worse", 3, "none"),
        (2, "supervise", "", 3, "supervise"),
        (1, "supervise", "worse", 1, "escalate"),
    ],
)
def test_what_follows(times: int | None, beyond: str | None, answer: str, nth: int, follows: str) -> None:
    rule = Verdict(LEVELS, unsatisfied="reopen", times=times, beyond=beyond)
    assert rule.follows(answer, nth) == follows
