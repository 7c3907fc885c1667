"""《关于建立政务服务“好差评”制度提升政务服务水平的实施意见》 of Shanxi, as a commentary tells it."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.counting import Course
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

COMMENTARY = "据《山西关于建立政务服务“好差评”制度提升政务服务水平的通知解读》"
TAIYUAN = "140100"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def shanxi(rulebook: Rulebook) -> Profile:
    return rulebook.profile(TAIYUAN, TODAY)


class TestLevels:
    """“非常满意”“基本满意”“不满意”“非常不满意”五个等级: five, of which four are named."""

    def test_the_one_that_is_not_named_is_read_as_elsewhere_and_says_so(self, shanxi: Profile) -> None:
        assert shanxi.labels[4] == "满意"
        assert shanxi.bad_levels == {1, 2}
        assert shanxi.levels is not None
        assert "四个名称" in (shanxi.levels.reading or "")


class TestHowToRate:
    def test_on_the_spot_once_a_visit_online_once_a_case(self, rulebook: Rulebook) -> None:
        found = {
            place: rulebook.rules(Occasion(TAIYUAN, place=place), TODAY).frequency
            for place in ("government_hall", "online")
        }
        assert {place: value and value.value.per for place, value in found.items()} == {
            "government_hall": "occasion",
            "online": "case",
        }

    def test_a_station_without_equipment_may_use_paper_a_hall_may_not(self, rulebook: Rulebook) -> None:
        station = rulebook.rules(Occasion(TAIYUAN, place="station"), TODAY).channels
        hall = rulebook.rules(Occasion(TAIYUAN, place="government_hall"), TODAY).channels
        assert station is not None
        assert hall is not None
        assert station.value.any_of == ("device", "qr", "paper")
        assert hall.value.any_of == ("device", "qr")

    def test_five_voluntary_questions_online(self, rulebook: Rulebook) -> None:
        asked = rulebook.rules(Occasion(TAIYUAN, place="online"), TODAY).questions
        assert [each.value.words for each in asked.values()] == [
            "办事手续是否简化",
            "服务指南是否清晰",
            "有何改进",
            "操作界面是否友好",
            "办事程序是否方便",
        ]
        assert not any(each.value.required for each in asked.values())

    def test_a_later_rating_is_allowed_and_within_what_is_not_said(self, shanxi: Profile) -> None:
        assert shanxi.window is None
        assert shanxi.default is None


class TestWhatFollows:
    """短期内不能解决的,要研究提出解决方案,并在15个自然日内予以答复;人工电话回访,回复率、复查率达100%。"""

    def test_plan_and_answer_within_fifteen_calendar_days(self, rulebook: Rulebook) -> None:
        rules = rulebook.rules(Occasion(TAIYUAN, bad_class="not_soon"), TODAY)
        course = Course({"dispatch": datetime(2026, 9, 25, 10, 0, tzinfo=CN)})
        for step in ("plan", "answer"):
            due = rules.due(rules.steps[step].value.limit, course)
            assert due is not None
            # 10 October: the holiday of National Day counts.
            assert due.last_day == date(2026, 10, 10)
        assert rules.citation("steps.answer") == f"{COMMENTARY}结果应用第一"

    def test_what_can_be_solved_soon_is_answered_too_within_no_number(self, shanxi: Profile) -> None:
        answer = shanxi.steps["answer"].value
        assert (answer.limit, answer.share) == (None, Decimal(1))
        assert "plan" not in shanxi.steps

    def test_everything_that_is_closed_is_revisited_by_telephone(self, shanxi: Profile) -> None:
        revisit = shanxi.revisits["rectified"].value
        assert (revisit.of, revisit.share, revisit.means) == ("rectified", Decimal(1), ("telephone",))

    def test_the_base_adds_the_named_ones(self, shanxi: Profile) -> None:
        assert set(shanxi.revisits) == {"named_bad", "rectified"}


class TestWhereTheCommentaryIsSilent:
    def test_no_objection_no_points_no_score(self, shanxi: Profile) -> None:
        assert shanxi.objection is None
        assert shanxi.points is None
        assert shanxi.scores == {}

    def test_before_the_day_of_the_commentary_only_the_base_holds(self, rulebook: Rulebook) -> None:
        before = rulebook.profile(TAIYUAN, date(2021, 2, 3))
        assert set(before.revisits) == {"named_bad"}
        assert before.surveys == {}
