"""A question is asked once while a page is made, and anew on every other."""

from threading import Thread

import pytest

from haochaping.foundation.asked_once import asking_once, asking_steadily, once, steady

asked: list[tuple[int, str]] = []


@once
def answer(number: int, *, word: str = "") -> str:
    asked.append((number, word))
    if number < 0:
        raise ValueError(number)
    return f"{number}{word}"


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def test_outside_each_question_is_asked() -> None:
    assert [answer(1), answer(1)] == ["1", "1"]
    assert len(asked) == 2


def test_within_the_same_question_is_asked_once_and_another_is_another() -> None:
    with asking_once():
        assert [answer(1), answer(1), answer(1, word="a"), answer(2)] == ["1", "1", "1a", "2"]
        with asking_once():
            answer(2)
        answer(2)
    assert asked == [(1, ""), (1, "a"), (2, "")]
    answer(1)
    assert len(asked) == 4


def test_a_refusal_is_no_answer() -> None:
    with asking_once():
        for _ in range(2):
            with pytest.raises(ValueError, match="-1"):
                answer(-1)
    assert len(asked) == 2


def failing() -> None:
    with asking_once():
        answer(1)
        raise ZeroDivisionError


def test_a_page_that_fails_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        failing()
    answer(1)
    assert len(asked) == 2


def test_another_thread_has_its_own_answers() -> None:
    with asking_once():
        answer(1)
        other = Thread(target=answer, args=(1,))
        other.start()
        other.join()
    assert len(asked) == 2


@steady
def place(number: int) -> int:
    asked.append((number, "place"))
    return number


def test_while_acts_are_done_only_what_they_do_not_change_is_kept() -> None:
    with asking_steadily():
        assert [place(1), place(1), place(2)] == [1, 1, 2]
        with asking_steadily():
            place(1)
        answer(1)
        answer(1)
    assert asked == [(1, "place"), (2, "place"), (1, ""), (1, "")]
    place(1)
    assert len(asked) == 5


def test_a_page_keeps_both() -> None:
    with asking_once():
        assert [place(1), place(1), answer(1), answer(1)] == [1, 1, "1", "1"]
    assert len(asked) == 2
