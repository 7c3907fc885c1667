"""What a rating must be: every problem is told at once, by the field of the form, and nothing is repaired."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.errors import Invalid
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags
from haochaping.ratings.named_case import acceptable, named_case
from haochaping.ratings.rules import MESSAGES, Demands, RatingContent, RatingTyped, check_rating

TAGS = Tags.load()
SUBMISSION = "00112233445566778899aabbccddeeff"


@dataclass(frozen=True)
class Rules:
    """What some place demands."""

    labels: Mapping[int, str] = field(default_factory=dict)
    bad_levels: Collection[int] = (1, 2)
    reason_needed: bool = True
    named_levels: Collection[int] = ()


EVERYWHERE = Rules()


def check(rules: Demands = EVERYWHERE, **given: object) -> RatingContent:
    values = {
        "satisfaction": "5",
        "tags": (),
        "text": "",
        "named": "0",
        "submission": SUBMISSION,
    }
    staff_rules = given.pop("staff_rules", None)
    typed = RatingTyped(**values | given)  # type: ignore[arg-type]
    return check_rating(typed, dictionary=TAGS, rules=rules, staff_rules=staff_rules)  # type: ignore[arg-type]


def problems(**given: object) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        check(**given)
    return {(problem.field, problem.code) for problem in raised.value.problems}


@pytest.mark.parametrize("level", range(1, 6))
def test_every_level_can_be_given(level: int) -> None:
    """What went wrong in the field: one and two stars could not be submitted for eighteen months."""
    content = check(satisfaction=str(level), text="原因")
    assert (content.level, content.bad) == (level, level <= 2)


@pytest.mark.parametrize("level", range(1, 6))
def test_every_tag_that_is_offered_can_be_given_all_at_once(level: int) -> None:
    offered = [tag.code for tag in TAGS.offered(level)]
    assert offered
    codes = tuple(map(int, offered))
    assert check(satisfaction=str(level), tags=offered).tags == codes
    assert check(satisfaction=str(level), tags=[",".join(offered)]).tags == codes
    assert check(satisfaction=str(level), tags=["|".join(offered)]).tags == codes


@pytest.mark.parametrize("satisfaction", ["0", "6", "05", " 5", "５", "5.0", "-1", "好"])
def test_what_is_no_level_is_refused(satisfaction: str) -> None:
    assert problems(satisfaction=satisfaction) == {("satisfaction", "unknown")}


@pytest.mark.parametrize(("level", "named", "taken"), [("2", "0", False), ("2", "1", True), ("4", "0", True)])
def test_a_level_that_needs_a_real_name(level: str, named: str, taken: bool) -> None:
    said = {"satisfaction": level, "text": "原因", "named": named, "rules": Rules(named_levels=(1, 2))}
    if taken:
        assert check(**said).named is (named == "1")
    else:
        assert problems(**said) == {("named", "needed")}


def test_a_level_that_is_not_laid_down_is_refused() -> None:
    three = Rules(labels={5: "好", 4: "中", 1: "差"})
    assert check(three, satisfaction="4").level == 4
    assert problems(rules=three, satisfaction="3") == {("satisfaction", "unknown")}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = problems(satisfaction="", tags=["999", "210"], text="x" * 501 + "\x00", named="", submission="1")
    assert told == {
        ("satisfaction", "required"),
        ("evalDetail", "unknown"),
        ("writingEvaluation", "too_long"),
        ("writingEvaluation", "control_character"),
        ("named", "required"),
        ("submission", "malformed"),
    }


def test_tags_of_another_level_or_retired_ones_are_told_apart() -> None:
    other = TAGS.offered(4)[0].code
    assert problems(satisfaction="5", tags=[other]) == {("evalDetail", "other_level")}
    retired = next(code for code in map(str, range(100, 600)) if (t := TAGS.decode(code)) and not t.in_use)
    assert problems(satisfaction=retired[0], text="x", tags=[retired]) == {("evalDetail", "retired")}


def test_the_same_tag_twice_is_one() -> None:
    code = TAGS.offered(5)[0].code
    assert check(tags=[code, f"{code},{code}", ""]).tags == (int(code),)


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000\u3000", "\u200b\ufeff", "\u2028"])
def test_a_bad_rating_needs_a_reason_and_blanks_are_none(blank: str) -> None:
    assert problems(satisfaction="2", text=blank) == {("evalDetail", "reason_needed")}
    assert check(satisfaction="2", text=blank, tags=[TAGS.offered(2)[0].code]).text == ""
    assert check(Rules(reason_needed=False), satisfaction="2", text=blank).bad
    assert check(satisfaction="3", text=blank).text == ""


def test_what_is_bad_and_whether_it_needs_a_reason_comes_from_the_profile() -> None:
    from datetime import date

    profile = Rulebook.load().profile("530102", date(2026, 11, 20))
    assert problems(rules=profile, satisfaction="1") == {("evalDetail", "reason_needed")}
    assert not check(profile, satisfaction="3").bad


def test_the_text_is_kept_as_typed() -> None:
    typed = " 窗口👨‍👩‍👧很好\r\n“谢谢”　é e\u0301 "
    assert check(text=typed).text == typed.replace("\r\n", "\n")


def test_five_hundred_characters_fit_and_line_ends_of_the_form_count_once() -> None:
    assert len(check(text="好" * 500).text) == 500
    assert check(text="\r\n".join("好" * 250)).text.count("\n") == 249
    assert problems(text="好" * 501) == {("writingEvaluation", "too_long")}


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_told_not_removed(control: str) -> None:
    assert problems(text=f"好{control}") == {("writingEvaluation", "control_character")}


def test_half_characters_are_told() -> None:
    assert problems(text="好\ud83d") == {("writingEvaluation", "not_text")}


@pytest.mark.parametrize("named", ["", "2", "true", "实名"])
def test_named_is_chosen_and_nothing_is_assumed(named: str) -> None:
    assert problems(named=named) == {("named", "required" if not named else "unknown")}
    assert check(named="1").named is True
    assert check(named="0").named is False


@pytest.mark.parametrize("submission", ["", "0" * 31, "0" * 33, "g" * 32, "０" * 32, " " * 32, "0 " * 16])
def test_a_submission_id_is_thirty_two_hexadecimal_digits(submission: str) -> None:
    assert problems(submission=submission) == {("submission", "malformed" if submission else "required")}
    assert check(submission=SUBMISSION.upper()).submission == bytes.fromhex(SUBMISSION)


@given(st.text(), st.lists(st.text()), st.text(), st.text(), st.text())
def test_nothing_that_comes_in_breaks_the_check(
    satisfaction: str, tags: list[str], text: str, named: str, submission: str
) -> None:
    told = problems(satisfaction=satisfaction, tags=tags, text=text, named=named, submission=submission)
    assert told <= set(MESSAGES)


def test_every_message_says_what_and_what_to_do() -> None:
    for message in MESSAGES.values():
        assert message.endswith("。")
        assert message.count("。") >= 2


@pytest.mark.parametrize(
    ("typed", "number", "wrong"),
    [
        ("", "", ""),
        ("  5301-ab 0１ ", "5301-AB01", ""),
        ("9" * 100, "9" * 100, ""),
        ("9" * 101, "", "too_long"),
        ("1\u200b2", "", "not_text"),
        ("1\x002", "", "not_text"),
        ("1\udcff", "", "not_text"),
    ],
)
def test_a_case_is_named_in_one_form(typed: str, number: str, wrong: str) -> None:
    found, problems = named_case(typed)
    assert found == number
    assert [each.code for each in problems] == ([wrong] if wrong else [])


@pytest.mark.parametrize(
    ("level", "reason", "named", "rules", "taken"),
    [
        (4, False, False, EVERYWHERE, True),
        (1, False, False, EVERYWHERE, False),
        (1, True, False, EVERYWHERE, True),
        (1, False, False, Rules(reason_needed=False), True),
        (1, True, False, Rules(named_levels=(1, 2)), False),
        (1, True, True, Rules(named_levels=(1, 2)), True),
        (3, False, False, Rules(labels={5: "好", 1: "差"}), False),
        (5, False, False, Rules(labels={5: "好", 1: "差"}), True),
    ],
)
def test_whether_other_rules_would_have_taken_it(
    level: int, reason: bool, named: bool, rules: Demands, taken: bool
) -> None:
    assert acceptable(level, reason=reason, named=named, rules=rules) is taken
