"""《昆明市政务服务“好差评”实施办法》, article by article: given, when, then."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.counting import Course
from haochaping.policy.occasions import Occasion
from haochaping.policy.owed import owed
from haochaping.policy.profile import Profile
from haochaping.policy.ranking import on_list
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures

WUHUA = "530102"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def kunming(rulebook: Rulebook) -> Profile:
    return rulebook.profile(WUHUA, date(2026, 11, 23))


class TestArticle5:
    """做到“一次一评”、“一事一评”;大厅配置二维码、评价器。"""

    def test_on_the_spot_once_a_visit_online_once_a_case(self, rulebook: Rulebook) -> None:
        for place, per in (("government_hall", "occasion"), ("online", "case"), ("kiosk", "case")):
            frequency = rulebook.rules(Occasion(WUHUA, place=place), date(2026, 11, 23)).frequency
            assert frequency is not None
            assert frequency.value.per == per

    def test_every_channel_must_be_there(self, kunming: Profile) -> None:
        assert kunming.channels is not None
        assert set(kunming.channels.value.required) == {"web", "mobile", "kiosk", "hotline", "qr", "device"}


class TestArticle6:
    """鼓励实名制评价。"""

    def test_real_names_are_encouraged_and_anonymous_ratings_allowed(self, kunming: Profile) -> None:
        assert kunming.naming is not None
        assert (kunming.naming.value.encouraged, kunming.naming.value.anonymous) == (True, True)
        assert kunming.citation("naming") == "《昆明市政务服务“好差评”实施办法》第六条"


class TestArticle7:
    """五个等次,后两个等次为差评;接受服务后5个工作日内未进行评价的,默认为“基本满意”。"""

    def test_five_levels_the_last_two_are_bad(self, kunming: Profile) -> None:
        assert kunming.labels == {
            5: "非常满意",
            4: "满意",
            3: "基本满意",
            2: "不满意",
            1: "非常不满意",
        }
        assert kunming.bad_levels == {1, 2}
        assert [kunming.is_bad(level) for level in (5, 4, 3, 2, 1)] == [False, False, False, True, True]

    @pytest.mark.parametrize(
        ("served", "last"),
        [
            # Tuesday: Wednesday is the first day, next Tuesday the fifth.
            (date(2026, 11, 3), date(2026, 11, 10)),
            # Saturday: Monday is the first day.
            (date(2026, 11, 7), date(2026, 11, 13)),
            # The day before National Day: 8, 9, 10 (make-up Saturday), 12 and 13 October.
            (date(2026, 9, 30), date(2026, 10, 13)),
            # Before the Spring Festival: 13, 14 (make-up Saturday), 24, 25 and 26 February.
            (date(2026, 2, 12), date(2026, 2, 26)),
        ],
    )
    def test_five_working_days_after_the_service(self, kunming: Profile, served: date, last: date) -> None:
        window = kunming.rating_window(served)
        assert window is not None
        assert window.last_day == last
        assert not window.provisional

    def test_a_rating_is_in_time_until_the_last_day_is_over_in_china(self, kunming: Profile) -> None:
        window = kunming.rating_window(date(2026, 11, 3))
        assert window is not None
        assert window.due_at == datetime(2026, 11, 10, 16, 0, tzinfo=UTC)

    def test_at_the_end_of_a_year_whose_successor_has_no_notice_it_is_provisional(
        self, kunming: Profile
    ) -> None:
        window = kunming.rating_window(date(2026, 12, 18))
        assert window is not None
        assert window.provisional

    def test_silence_is_level_3_from_the_day_the_window_closes(self, kunming: Profile) -> None:
        served = date(2026, 9, 30)
        assert kunming.default_level == 3
        assert kunming.default_deadline(served) == kunming.rating_window(served)
        assert kunming.citation("default") == "《昆明市政务服务“好差评”实施办法》第七条"

    def test_the_text_is_read_as_a_window_and_says_why(self, kunming: Profile) -> None:
        assert kunming.window is not None
        assert "默认为" in (kunming.window.reading or "")
        assert kunming.citation("window") == "《昆明市政务服务“好差评”实施办法》第七条"


class TestArticle10:
    """可在3个工作日内提出书面复核申请;在10个工作日内进行复核并予以回复;未提出的,视为无异议。"""

    def test_three_working_days_to_object_to_the_authority_of_the_same_level(self, kunming: Profile) -> None:
        told = date(2026, 11, 5)
        deadline = kunming.objection_deadline(told)
        assert deadline is not None
        assert deadline.last_day == date(2026, 11, 10)
        assert kunming.objection is not None
        assert kunming.objection.value.decided_by == "same_level_authority"
        assert kunming.objection.value.silence == "accepted"

    def test_ten_working_days_to_review_and_reply(self, kunming: Profile) -> None:
        deadline = kunming.review_deadline(date(2026, 11, 10))
        assert deadline is not None
        assert deadline.last_day == date(2026, 11, 24)
        assert kunming.citation("review") == "《昆明市政务服务“好差评”实施办法》第十条"

    def test_the_rated_organisation_and_person_may_object_in_writing(self, kunming: Profile) -> None:
        assert kunming.objection is not None
        assert kunming.objection.value.by == ("rated_organisation", "rated_person")
        assert kunming.objection.value.form == "written"
        assert kunming.objection.value.pending == ()

    def test_mistaken_and_malicious_ratings_are_left_out(self, kunming: Profile) -> None:
        assert kunming.voiding is not None
        assert kunming.voiding.value.grounds == ("mistaken", "malicious")


class TestArticle11:
    """从2020年第三季度开始,市营商环境办按季度进行通报;反复被差评、投诉,弄虚作假,打击报复的,严肃追责。"""

    def test_the_first_bulletin_is_about_the_third_quarter_of_2020(self, kunming: Profile) -> None:
        duty = kunming.duties["bulletin"].value
        found = owed(duty, date(2020, 1, 1), date(2020, 12, 31), kunming.calendar)
        assert [(each.period.first, each.period.last) for each in found] == [
            (date(2020, 7, 1), date(2020, 9, 30)),
            (date(2020, 10, 1), date(2020, 12, 31)),
        ]
        assert [each.due for each in found] == [None, None]
        assert duty.by == "named:市营商环境办"

    def test_how_often_is_repeatedly_is_not_laid_down_once_is_enough_for_the_rest(
        self, kunming: Profile
    ) -> None:
        assert {key: each.value.times for key, each in kunming.escalations.items()} == {
            "repeated_bad": None,
            "repeated_complaint": None,
            "fabrication": 1,
            "retaliation": 1,
        }
        assert {each.value.action for each in kunming.escalations.values()} == {"accountability"}

    def test_lists_without_a_criterion_name_nobody_by_themselves(self, kunming: Profile) -> None:
        bad = Figures((Cell({"level_1": 100, "bad_verified": 100}),))
        assert len(kunming.lists) == 4
        assert [on_list(each.value, {"某局": bad}) for each in kunming.lists.values()] == [set()] * 4
        assert {key for key in kunming.lists if key.startswith("commended")} == {
            "commended_organisations",
            "commended_staff",
        }


class TestArticle12:
    """评价为差评并经查实的,应在15个工作日内进行整改;实名差评回访整改率达到100%。"""

    def test_fifteen_working_days_from_verification(self, kunming: Profile) -> None:
        deadline = kunming.rectification_deadline(date(2026, 11, 23))
        assert deadline is not None
        assert deadline.last_day == date(2026, 12, 14)
        assert not deadline.provisional
        assert kunming.citation("rectification") == "《昆明市政务服务“好差评”实施办法》第十二条"

    def test_what_cannot_be_done_by_then_needs_reason_and_date_within_these_days(
        self, kunming: Profile
    ) -> None:
        extension = kunming.extensions["rectification"].value
        verified = Course({"verification": datetime(2026, 11, 23, 9, 0, tzinfo=CN)})
        request = kunming.due(extension.request, verified)
        assert request is not None
        assert request.last_day == date(2026, 12, 14)
        assert extension.needs == ("reason", "date")
        assert (extension.limit, extension.times, extension.granted_by) == (None, None, None)

    def test_how_many_of_the_others_are_revisited_is_not_laid_down(self, kunming: Profile) -> None:
        assert kunming.revisits["rectified"].value.share is None

    def test_every_named_bad_rating_is_revisited(self, kunming: Profile) -> None:
        revisit = kunming.revisits["named_bad"].value
        assert (revisit.of, revisit.share, revisit.by) == ("named_bad", Decimal(1), "handling_unit")
        assert revisit.means == ("person", "sms", "online")


class TestArticle14:
    """每次得10分、8分、6分、2分、0分;接受评价率与评价平均分分档得分,总分10分。"""

    def test_points_per_rating(self, kunming: Profile) -> None:
        assert kunming.points is not None
        assert dict(kunming.points.value) == {5: 10, 4: 8, 3: 6, 2: 2, 1: 0}

    def test_bands_by_their_lower_bounds(self, kunming: Profile) -> None:
        score = kunming.scores["final"].value
        bands = {part.measure: [(band.lower, band.points) for band in part.bands] for part in score.parts}
        assert score.total == 10
        assert bands == {
            "participation": [(Decimal("0.95"), 3), (Decimal("0.80"), 1), (0, 0)],
            "mean_points": [(Decimal("9.5"), 7), (8, 5), (6, 3), (0, 0)],
        }

    def test_a_default_counts_in_the_mean_and_not_as_participation(self, kunming: Profile) -> None:
        score = kunming.scores["final"]
        counted = {part.measure: part.counts_defaults for part in score.value.parts}
        assert counted == {"participation": False, "mean_points": True}
        assert "含下限" in (score.reading or "")

    def test_two_other_readings_of_the_default_stand_beside_it(self, kunming: Profile) -> None:
        counted = {
            key: {part.measure: part.counts_defaults for part in each.value.parts}
            for key, each in kunming.scores.items()
        }
        assert counted == {
            "final": {"participation": False, "mean_points": True},
            "final_active_only": {"participation": False, "mean_points": False},
            "final_with_defaults": {"participation": True, "mean_points": True},
        }
        assert {each.value.variant_of for each in kunming.scores.values()} == {None, "final"}


class TestArticle15:
    """未进驻的由实施部门负责组织开展,每季度将工作开展情况报同级政务服务管理部门。"""

    def test_a_departments_own_hall_reports_each_quarter(self, rulebook: Rulebook, kunming: Profile) -> None:
        outside = rulebook.rules(Occasion(WUHUA, place="own_hall"), date(2026, 11, 23))
        duty = outside.duties["outside_report"].value
        assert (duty.by, duty.to, duty.every) == ("handling_unit", "same_level_authority", "quarter")
        assert outside.citation("duties.outside_report") == "《昆明市政务服务“好差评”实施办法》第十五条"
        assert "outside_report" not in kunming.duties

    def test_the_same_rules_hold_there(self, rulebook: Rulebook, kunming: Profile) -> None:
        outside = rulebook.rules(Occasion(WUHUA, place="own_hall"), date(2026, 11, 23))
        assert (outside.default, outside.rectification, outside.objection) == (
            kunming.default,
            kunming.rectification,
            kunming.objection,
        )


class TestArticle16:
    """本办法自印发之日起施行 (2020-06-02)。"""

    def test_before_that_day_nothing_is_laid_down(self, rulebook: Rulebook) -> None:
        before = rulebook.profile(WUHUA, date(2020, 6, 1))
        assert set(before.values().values()) == {None}
        assert before.rating_window(date(2020, 6, 1)) is None

    def test_from_that_day_on_it_applies(self, rulebook: Rulebook) -> None:
        served = date(2020, 6, 2)
        window = rulebook.profile(WUHUA, served).rating_window(served)
        assert window is not None
        assert window.last_day == date(2020, 6, 9)


class TestWhereTheMeasuresAreSilent:
    def test_a_bad_rating_needs_a_reason_by_the_national_base(self, kunming: Profile) -> None:
        assert kunming.reason_needed
        assert kunming.citation("bad_needs_reason") == "据《广东省政务服务“好差评”管理办法（试行）》"
        assert kunming.layers == ("kunming", "national")
