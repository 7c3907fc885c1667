"""What may be said later, as the rules have it, and what then stands."""

import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.afterwards import Standing, Word, offers, standing
from haochaping.ratings.states import WordKind

RATED = datetime(2026, 5, 6, 10, 0, tzinfo=CN)
MINGZHOU = "999900"  # 第八条: corrected within 48 hours, once; supplemented within 30 days, twice; 10 days after the answer
INVENTED = Path(__file__).parents[2] / "data" / "invented"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def mingzhou(rulebook: Rulebook) -> Profile:
    return rulebook.profile(MINGZHOU, date(2026, 5, 6))


def word(kind: WordKind, level: int | None, *, bad: bool = False, counts: bool = True) -> Word:
    return Word(uuid.uuid4(), kind, level, bad, counts, (501,), "", RATED, b"")


def test_national_and_source_documents_are_silent_and_nothing_is_offered(rulebook: Rulebook) -> None:
    events = {"rating": RATED, "answer": RATED}
    for division in ("530100", "120000", "140000", "370000", "440000"):
        assert offers(rulebook.profile(division, date(2026, 5, 6)), events, (), at=RATED) == {}


def test_a_correction_is_offered_for_the_hours_that_are_laid_down(mingzhou: Profile) -> None:
    last = RATED + timedelta(hours=48)
    (offer,) = [offers(mingzhou, {"rating": RATED}, (), at=RATED)[WordKind.CORRECTION]]
    assert (offer.until, offer.left, offer.counts) == (last, 1, True)
    assert offer.adds == {"level", "tags", "text"}
    assert offer.citation == "《明州市政务服务评价规定（教学用）》第八条"
    just_before = offers(mingzhou, {"rating": RATED}, (), at=last - timedelta(microseconds=1))
    assert WordKind.CORRECTION in just_before
    assert WordKind.CORRECTION not in offers(mingzhou, {"rating": RATED}, (), at=last)


def test_once_is_once_and_twice_is_twice(mingzhou: Profile) -> None:
    said = (word(WordKind.CORRECTION, 5), word(WordKind.SUPPLEMENT, None, counts=False))
    found = offers(mingzhou, {"rating": RATED}, said, at=RATED)
    assert found.keys() == {WordKind.SUPPLEMENT}
    assert found[WordKind.SUPPLEMENT].left == 1
    # Files are laid down as well; there is no way to hand them in here.
    assert found[WordKind.SUPPLEMENT].adds == {"text"}
    again = (*said, word(WordKind.SUPPLEMENT, None, counts=False))
    assert offers(mingzhou, {"rating": RATED}, again, at=RATED) == {}


def test_what_stands_after_the_rectification_is_no_mistap(mingzhou: Profile) -> None:
    events = {"rating": RATED, "answer": RATED}
    said = (word(WordKind.FOLLOW_UP, 4),)
    assert WordKind.CORRECTION not in offers(mingzhou, events, said, at=RATED)
    beside = (word(WordKind.FOLLOW_UP, 4, counts=False),)
    assert WordKind.CORRECTION in offers(mingzhou, events, beside, at=RATED)


def test_days_end_with_their_day(mingzhou: Profile) -> None:
    found = offers(mingzhou, {"rating": RATED}, (), at=RATED)
    assert found[WordKind.SUPPLEMENT].until == datetime(2026, 6, 6, tzinfo=CN)


def test_nothing_is_said_of_a_rectification_before_it_is_answered(mingzhou: Profile) -> None:
    assert WordKind.FOLLOW_UP not in offers(mingzhou, {"rating": RATED}, (), at=RATED)
    answered = datetime(2026, 5, 20, 9, tzinfo=UTC)
    found = offers(mingzhou, {"rating": RATED, "answer": answered}, (), at=answered)[WordKind.FOLLOW_UP]
    assert found.until == datetime(2026, 5, 31, tzinfo=CN)
    assert (found.adds, found.counts) == ({"level", "text"}, True)


def test_where_only_up_is_allowed_down_is_not() -> None:
    chengjiang = next(
        Rulebook.load(INVENTED).profile(division, date(2026, 5, 6)) for division in _divisions("chengjiang")
    )
    offer = offers(chengjiang, {"rating": RATED}, (), at=RATED)[WordKind.CORRECTION]
    assert offer.direction == "up"
    assert offer.allows(2, 4)
    assert offer.allows(2, 2)
    assert not offer.allows(4, 2)


def _divisions(name: str) -> list[str]:
    text = (INVENTED / "jurisdictions" / name / "profile.toml").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("applies_to"))
    return [part for part in line.split('"') if part.isdigit()]


def test_a_rating_without_later_words_stands_as_it_was_given() -> None:
    assert standing(1, [111], ()) == Standing(1, 1, (111,), None, corrected_to_good=False)


def test_the_last_correction_that_counts_stands_with_its_tags() -> None:
    words = [
        word(WordKind.CORRECTION, 5),
        word(WordKind.CORRECTION, 1, bad=True),
        word(WordKind.CORRECTION, 4, counts=False),
    ]
    assert standing(2, [207], words) == Standing(1, 1, (501,), 1, corrected_to_good=False)
    assert standing(2, [207], words[:1]) == Standing(5, 5, (501,), 0, corrected_to_good=True)


def test_a_level_after_the_rectification_counts_but_is_no_mistake_taken_back() -> None:
    found = standing(1, [111], [word(WordKind.FOLLOW_UP, 5)])
    assert found == Standing(5, 1, (111,), None, corrected_to_good=False)


def test_a_supplement_leaves_the_level() -> None:
    assert standing(1, [111], [word(WordKind.SUPPLEMENT, 5, counts=False)]).level == 1
