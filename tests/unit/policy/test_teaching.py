"""The regulation invented for teaching (docs/rules-teaching.md): what the five documents leave unused."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.counting import Course
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.limits import Limit, Span
from haochaping.policy.occasions import Occasion
from haochaping.policy.office_time import Pause
from haochaping.policy.owed import owed
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.scoring import evaluate

MINGZHOU = "999900"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def mingzhou(rulebook: Rulebook) -> Profile:
    return rulebook.profile(MINGZHOU, TODAY)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CN)


def last_day(profile: Profile, limit: Span | None, **events: datetime) -> date | None:
    due = profile.due(limit, Course(events))
    return due.last_day if due else None


def rectification(rulebook: Rulebook, bad_class: str) -> Limit:
    found = rulebook.rules(Occasion(MINGZHOU, bad_class=bad_class), TODAY).rectification
    assert found is not None
    return found.value


def test_every_dimension_is_used_by_some_shipped_rule(rulebook: Rulebook) -> None:
    used = {name for each in rulebook.jurisdictions for name, values in each.values.items() if values}
    assert used == set(DIMENSIONS)


def test_article_2_an_adjudication_is_not_rated(rulebook: Rulebook, mingzhou: Profile) -> None:
    adjudication = rulebook.rules(Occasion(MINGZHOU, item_type="adjudication"), TODAY).ratable
    assert adjudication is not None
    assert adjudication.value is False
    assert mingzhou.ratable is not None
    assert mingzhou.ratable.value is True


def test_article_3_fair_is_neither_good_nor_bad(mingzhou: Profile) -> None:
    assert mingzhou.levels is not None
    assert {each.label: (each.good, each.bad) for each in mingzhou.levels.value} == {
        "很好": (True, False),
        "好": (True, False),
        "一般": (False, False),
        "差": (False, True),
        "很差": (False, True),
    }


@pytest.mark.parametrize(
    ("case", "per", "counted", "counted_for"),
    [
        ({}, "occasion", "once", None),
        ({"case_type": "promised", "form": "single"}, "stage", "once", None),
        ({"case_type": "promised", "form": "batch"}, "occasion", "each", None),
        ({"form": "joint"}, "part", "once", "lead"),
        ({"form": "theme"}, "case", "once", "all"),
        ({"form": "consultation"}, "rater_and_day", "once", None),
    ],
    ids=["plain", "stages", "batch", "joint", "theme", "consultation"],
)
def test_article_4_how_often_each_kind_of_case_is_rated(
    rulebook: Rulebook, case: dict[str, str], per: str, counted: str, counted_for: str | None
) -> None:
    frequency = rulebook.rules(Occasion(MINGZHOU, **case), TODAY).frequency
    assert frequency is not None
    assert (frequency.value.per, frequency.value.counted, frequency.value.counted_for) == (
        per,
        counted,
        counted_for,
    )


class TestArticle5:
    """十日内评价,末日遇节假日顺延;承诺件自结果送达之次日起,十七时以后送达的视为次日送达。"""

    def test_a_last_day_in_the_holiday_moves_behind_it(self, mingzhou: Profile) -> None:
        window = mingzhou.rating_window(date(2026, 9, 22))
        assert window is not None
        # 2 October is the tenth day; the holiday ends on the 7th.
        assert window.last_day == date(2026, 10, 8)

    @pytest.mark.parametrize(
        ("delivered", "last"),
        [(at(11, 3, 16, 59), date(2026, 11, 13)), (at(11, 3, 17, 0), date(2026, 11, 16))],
    )
    def test_what_is_delivered_at_five_counts_as_of_tomorrow(
        self, rulebook: Rulebook, delivered: datetime, last: date
    ) -> None:
        rules = rulebook.rules(Occasion(MINGZHOU, case_type="promised"), TODAY)
        assert rules.window is not None
        assert last_day(rules, rules.window.value, delivery=delivered) == last
        assert rules.rating_window(date(2026, 11, 3)) is None


class TestArticle6:
    """满一个月仍未评价的,视为“好”;其后十日内评价的,以其评价代替。"""

    def test_silence_is_good_after_a_month_whose_last_day_is_the_months_last(self, mingzhou: Profile) -> None:
        deadline = mingzhou.default_deadline(date(2026, 5, 31))
        assert deadline is not None
        assert deadline.last_day == date(2026, 6, 30)
        assert mingzhou.default_level == 4

    def test_it_may_be_replaced_for_ten_days(self, mingzhou: Profile) -> None:
        assert mingzhou.after_default is not None
        after = mingzhou.after_default.value
        assert (after.allowed, after.replaces) == (True, True)
        assert last_day(mingzhou, after.limit, default=at(7, 1, 0)) == date(2026, 7, 11)


class TestArticle9:
    def test_two_working_hours_go_on_after_the_break_and_on_a_local_working_saturday(
        self, mingzhou: Profile
    ) -> None:
        due = mingzhou.due(mingzhou.steps["dispatch"].value.limit, Course({"rating": at(5, 15, 16, 30)}))
        assert due is not None
        assert due.due_at == at(5, 16, 10, 30)

    def test_what_is_dispatched_on_sunday_is_counted_from_monday_the_first_day(
        self, mingzhou: Profile
    ) -> None:
        limit = mingzhou.steps["verification"].value.limit
        assert last_day(mingzhou, limit, dispatch=at(11, 8)) == date(2026, 11, 11)

    def test_who_cannot_be_reached_three_times_is_taken_to_be_right(self, mingzhou: Profile) -> None:
        contact = mingzhou.steps["contact"].value
        assert (contact.attempts, contact.if_failed) == (3, "taken_as_true")


class TestArticle10:
    """简易类当日;一般类十个工作日,复核期间不计入;复杂类三十日,最迟不超过评价后两个月。"""

    def test_what_is_simple_is_put_right_the_same_day(self, rulebook: Rulebook, mingzhou: Profile) -> None:
        assert last_day(mingzhou, rectification(rulebook, "simple"), verification=at(11, 3)) == date(
            2026, 11, 3
        )

    def test_ten_working_days_pass_over_the_local_holiday(
        self, rulebook: Rulebook, mingzhou: Profile
    ) -> None:
        # 15, 16 (works), 19 (18 is off), 20, 21, 22, 25, 26, 27 and 28 May.
        limit = rectification(rulebook, "ordinary")
        assert last_day(mingzhou, limit, verification=at(5, 14)) == date(2026, 5, 28)

    def test_while_an_objection_is_pending_the_days_do_not_count(
        self, rulebook: Rulebook, mingzhou: Profile
    ) -> None:
        pending = {"objection": [Pause(at(11, 5), at(11, 10))]}
        due = mingzhou.due(rectification(rulebook, ""), Course({"verification": at(11, 2)}, pending))
        assert due is not None
        # 3, 4, 5, then 11, 12, 13, 16, 17, 18 and 19 November.
        assert due.last_day == date(2026, 11, 19)

    @pytest.mark.parametrize(
        ("rated", "last"), [(at(8, 25), date(2026, 10, 8)), (at(7, 20), date(2026, 9, 20))]
    )
    def test_thirty_days_put_off_but_never_beyond_two_months_after_the_rating(
        self, rulebook: Rulebook, mingzhou: Profile, rated: datetime, last: date
    ) -> None:
        limit = rectification(rulebook, "complex")
        assert last_day(mingzhou, limit, verification=at(9, 1), rating=rated) == last


def test_article_11_an_extension_is_asked_for_two_working_days_before(mingzhou: Profile) -> None:
    extension = mingzhou.extensions["rectification"].value
    # The limit ends with Friday the 20th.
    assert last_day(mingzhou, extension.request, due=at(11, 21, 0)) == date(2026, 11, 18)
    assert last_day(mingzhou, extension.limit, due=at(11, 21, 0)) == date(2026, 12, 4)
    assert (extension.times, extension.granted_by, extension.silence) == (
        1,
        "level_above_authority",
        "granted",
    )


def test_article_14_an_undecided_objection_fails_and_stops_the_clock(mingzhou: Profile) -> None:
    assert mingzhou.objection is not None
    objection = mingzhou.objection.value
    assert objection.silence_of_body == "rejected"
    assert objection.pending == ("not_counted", "rectification_stands_still")
    assert mingzhou.appeal is not None
    assert mingzhou.appeal.value.decided_by == "level_above_authority"


def test_article_15_sets_aside_the_revisits_of_the_national_base(mingzhou: Profile) -> None:
    assert set(mingzhou.revisits) == {"sample", "defaults"}
    assert mingzhou.revisits["sample"].value.share == Decimal("0.1")


class TestArticle16:
    @pytest.fixture
    def figures(self, mingzhou: Profile) -> Figures:
        """60 of 100 rated, 10 by default, one of ten rectified late."""
        assert mingzhou.points is not None
        assert mingzhou.levels is not None
        assert mingzhou.default is not None
        return Figures(
            cells=(
                Cell({"level_5": 20}, named=True),
                Cell({"level_4": 30, "level_1": 10}, named=False),
                Cell({"occasions": 100, "defaults": 10, "overdue": 1, "orders_due": 10}),
                Cell({"rectified_in_time": 9, "retaliation": 0}),
            ),
            points=mingzhou.points.value,
            levels=mingzhou.levels.value,
            default_level=mingzhou.default_level,
            default_counts_in=mingzhou.default.value.counts_in,
            external={"third_party": Decimal(80)},
        )

    def test_part_by_part(self, mingzhou: Profile, figures: Figures) -> None:
        found = evaluate(mingzhou.scores["quarter"].value, figures)
        assert [each.points for each in found.parts] == [
            20,  # 60 % lies two thirds of the way from 20 % to 80 %
            Fraction("21.75"),  # (1.5 x 20 x 100 + 30 x 80 - 10 x 40 + 10 x 80) / (30 + 40 + 10) x 0.3
            18,  # 9 of 10 in time
            Fraction("9.5"),  # one overdue
            8,  # 80 x 0.1
        ]
        assert (found.points, found.grade, found.ranked) == (Fraction("77.25"), "合格", True)

    def test_retaliation_bounds_the_whole(self, mingzhou: Profile, figures: Figures) -> None:
        found = evaluate(
            mingzhou.scores["quarter"].value,
            replace(figures, cells=(*figures.cells, Cell({"retaliation": 1}))),
        )
        assert (found.points, found.grade) == (59, "不合格")


def test_article_18_the_first_bulletin_is_due_ten_working_days_after_june(mingzhou: Profile) -> None:
    found = owed(mingzhou.duties["bulletin"].value, date(2026, 1, 1), date(2026, 6, 30), mingzhou.calendar)
    assert [each.due.last_day for each in found if each.due] == [date(2026, 7, 14)]


def test_article_21_what_was_rated_before_is_handled_as_it_was_then(rulebook: Rulebook) -> None:
    before = rulebook.rules(
        Occasion(MINGZHOU), date(2026, 2, 20), step=date(2026, 4, 1), rated=date(2026, 2, 25)
    )
    after = rulebook.rules(
        Occasion(MINGZHOU), date(2026, 2, 20), step=date(2026, 4, 1), rated=date(2026, 3, 1)
    )
    assert before.rectification is None
    assert after.rectification is not None


def test_article_22_haibin_follows_but_for_its_own_window(rulebook: Rulebook, mingzhou: Profile) -> None:
    haibin = rulebook.profile("999800", TODAY)
    window = haibin.rating_window(date(2026, 11, 2))
    assert window is not None
    assert window.last_day == date(2026, 11, 23)
    assert haibin.labels == mingzhou.labels
    assert haibin.layers == ("teaching-haibin", "teaching-mingzhou", "national")


def test_article_24_after_two_years_it_is_over(rulebook: Rulebook) -> None:
    assert rulebook.profile(MINGZHOU, date(2028, 2, 29)).window is not None
    assert rulebook.profile(MINGZHOU, date(2028, 3, 1)).window is None
