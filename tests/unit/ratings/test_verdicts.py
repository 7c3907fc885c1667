"""When the rater is asked what he makes of the rectification, and what his answer sets off."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.verdicts import Judged, question

ANSWERED = datetime(2026, 5, 6, 10, 0, tzinfo=CN)
EVENTS = {"rating": ANSWERED, "answer": ANSWERED}
MINGZHOU = "999900"  # 第十二条: seven days, silence is satisfied; not satisfied, it is rectified anew once


@pytest.fixture(scope="module")
def mingzhou() -> Profile:
    return Rulebook.load().profile(MINGZHOU, date(2026, 5, 6))


def judged(answers: int, *, satisfied: bool = False) -> Judged:
    return Judged(uuid.uuid4(), answers, "key", satisfied, "none", False, ANSWERED, b"", "")


def test_no_source_document_asks() -> None:
    rulebook = Rulebook.load()
    for division in ("530100", "120000", "140000", "370000", "440000"):
        rules = rulebook.profile(division, date(2026, 5, 6))
        assert question(rules, EVENTS, (), answers=1, at=ANSWERED) is None


def test_it_is_asked_from_the_answer_to_the_end_of_the_seventh_day(mingzhou: Profile) -> None:
    end = datetime(2026, 5, 14, tzinfo=CN)
    found = question(mingzhou, EVENTS, (), answers=1, at=end - timedelta(microseconds=1))
    assert found is not None
    assert (found.until, found.clause) == (end, "《明州市政务服务评价规定（教学用）》第十二条")
    assert [each.key for each in found.scale] == ["satisfied", "fair", "unsatisfied"]
    assert question(mingzhou, EVENTS, (), answers=1, at=end) is None
    assert question(mingzhou, {"rating": ANSWERED}, (), answers=0, at=ANSWERED) is None


def test_once_for_each_answer(mingzhou: Profile) -> None:
    assert question(mingzhou, EVENTS, (judged(1),), answers=1, at=ANSWERED) is None
    again = question(mingzhou, EVENTS, (judged(1),), answers=2, at=ANSWERED)
    assert again is not None
    chosen = again.level("unsatisfied")
    assert chosen is not None
    assert again.sets_off(chosen) == "none", "once, says the rule"
    other = question(mingzhou, EVENTS, (judged(1, satisfied=True),), answers=2, at=ANSWERED)
    assert other is not None
    assert other.sets_off(chosen) == "reopen"
    fair = other.level("fair")
    assert fair is not None
    assert other.sets_off(fair) == "none"
    assert other.level("another") is None
