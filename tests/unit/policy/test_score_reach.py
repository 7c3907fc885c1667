"""How far scores and lists look back, and by which facts they pick what they count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Filter, Group, Measured
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.score_pages import written
from haochaping.policy.score_reach import facts_looked_at, kinds_within, periods_before
from haochaping.policy.score_units import Chapter, Others, Unit
from haochaping.policy.scores import Part, Score
from haochaping.policy.spells import spell_of

PLAIN = Part(measure="count", of=("ratings",))


def profile(*said: Score | ListRule) -> Any:
    """The shipped rules of Kunming with these scores and lists instead of theirs."""
    found = Rulebook.load().profile("530100", date(2026, 1, 1))
    scores = {f"s{n}": SimpleNamespace(value=each) for n, each in enumerate(said) if isinstance(each, Score)}
    lists = {
        f"l{n}": SimpleNamespace(value=each) for n, each in enumerate(said) if isinstance(each, ListRule)
    }
    return replace(found, scores=scores, lists=lists)


@pytest.mark.parametrize(
    ("said", "before"),
    [
        (Score((PLAIN,), period="quarter"), 0),
        (Score((PLAIN,), period="quarter", rolling=4), 3),
        (Score((replace(PLAIN, compared="previous"),), period="quarter"), 1),
        (Score((replace(PLAIN, compared="year_ago"),)), 4),
        (Score((replace(PLAIN, compared="year_ago"),), period="month"), 0),  # of another length
        (ListRule(label="名单", period="quarter", periods=3), 2),
        (ListRule(label="名单", period="quarter", periods=2, out_of=5), 4),
        (ListRule(label="名单", period="quarter", periods=2, within="year"), 4),
    ],
)
def test_earlier_periods_are_looked_at_as_far_as_anything_asks(said: Score | ListRule, before: int) -> None:
    assert periods_before(profile(said), "quarter") == before


def test_shorter_periods_are_looked_at_where_something_is_made_of_them() -> None:
    each = Part(measure="scores", score="s0", each="month")
    asked = profile(
        Score((PLAIN,), period="month"), Score((each,), period="year"), Score((PLAIN,), period="day")
    )
    assert kinds_within(asked, "year") == ("day", "month", "year")
    assert kinds_within(asked, "day") == ("day",)
    assert kinds_within(profile(), "quarter") == ("quarter",)


def test_the_facts_of_a_filter_are_named() -> None:
    assert facts_looked_at(Measured(measure="count", of=("ratings",))) == frozenset()
    only = Filter(channels=("web",), named=False)
    group = Group(Filter(subjects=("staff",)), Decimal(1))
    measured = Measured(measure="mean_points", only=only, groups=(group,), counts_defaults=False)
    assert facts_looked_at(measured) == {"channels", "named", "subjects"}


def test_of_many_each_sees_all_the_others() -> None:
    everybody = [Figures(()), Figures((), default_level=1), Figures((), default_level=2)]
    others = Others(everybody, 1)
    assert len(others) == 2
    assert list(others) == [everybody[0], everybody[2]]
    assert others[1] is everybody[2]
    assert others[:1] == [everybody[0]]


class OnePeriod:
    """A book of one year."""

    def __init__(self, rules: Any, units: dict[Unit, Figures]) -> None:
        self._chapter = Chapter(spell_of("2025年"), rules, units)

    def kinds(self) -> list[str]:
        return ["year"]

    def chapters(self, kind: str) -> Iterator[Chapter]:
        yield self._chapter


def test_those_below_count_as_far_as_they_have_the_score() -> None:
    of_windows = Score((PLAIN,), of=("window",))
    below = Part(measure="scores", score="s0", below="window", empty="zero")
    rules = profile(of_windows, Score((below,)))
    office, window, staff = Unit("o", "organisation"), Unit("w", "window", "o"), Unit("p", "staff", "o")
    rated = Figures((Cell({"ratings": 4}),))
    (page,) = written(OnePeriod(rules, dict.fromkeys((office, window, staff), rated)))["year"]
    assert page.results["s1", "o"].points == 4
    # Where nobody below has the score there is nothing to put together.
    others = profile(Score((PLAIN,)), Score((below,)))
    (page,) = written(OnePeriod(others, dict.fromkeys((office, window), rated)))["year"]
    assert page.results["s1", "o"].points == 0
