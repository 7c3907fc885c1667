"""《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》 of Shandong, section by section."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.counting import Course
from haochaping.policy.occasions import Occasion
from haochaping.policy.owed import owed
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

PLAN = "《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》"
JINAN = "370100"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def own_hall(rulebook: Rulebook) -> Profile:
    """A service of Jinan's human-resources bureau in its own hall."""
    return rulebook.rules(Occasion(JINAN, department="hrss", place="own_hall"), TODAY)


class TestSection1:
    """2020年7月底前建立制度;9月底前完成系统对接;年底前全覆盖。"""

    @pytest.mark.parametrize(
        ("key", "last"),
        [
            ("system_established", date(2020, 7, 31)),
            ("systems_connected", date(2020, 9, 30)),
            ("full_coverage", date(2020, 12, 31)),
        ],
    )
    def test_milestones_are_due_once(self, own_hall: Profile, key: str, last: date) -> None:
        found = owed(own_hall.duties[key].value, date(2020, 7, 30), TODAY, own_hall.calendar)
        assert [each.due.last_day for each in found if each.due] == [last]
        assert own_hall.citation(f"duties.{key}") == f"{PLAN}一（一）"


class TestSection2Part1:
    """没有在服务现场作出评价的,可在自办事当日起5个工作日内补充评价;网上服务统一使用省平台评价渠道。"""

    @pytest.mark.parametrize(
        ("served", "last"),
        [
            # Tuesday is itself the first day, next Monday the fifth.
            (date(2026, 11, 3), date(2026, 11, 9)),
            # Saturday is no working day: Monday is the first.
            (date(2026, 11, 7), date(2026, 11, 13)),
            # 30 September, 8, 9, 10 (make-up Saturday) and 12 October.
            (date(2026, 9, 30), date(2026, 10, 12)),
        ],
    )
    def test_the_day_of_the_errand_is_the_first_of_five_working_days(
        self, own_hall: Profile, served: date, last: date
    ) -> None:
        window = own_hall.rating_window(served)
        assert window is not None
        assert window.last_day == last
        assert own_hall.citation("window") == f"{PLAN}二（一）1"

    def test_online_no_window_is_laid_down_so_it_never_closes(self, rulebook: Rulebook) -> None:
        online = rulebook.rules(Occasion(JINAN, department="hrss", place="online"), TODAY)
        assert online.window is None
        assert online.rating_window(date(2026, 11, 3)) is None

    def test_online_ratings_come_through_the_province_only(
        self, rulebook: Rulebook, own_hall: Profile
    ) -> None:
        online = rulebook.rules(Occasion(JINAN, department="hrss", place="online"), TODAY)
        assert online.channels is not None
        assert online.channels.value.allowed == ("upper_platform",)
        assert own_hall.channels is not None
        assert own_hall.channels.value.required == ("qr",)

    def test_silence_stays_silence(self, own_hall: Profile) -> None:
        assert own_hall.default is None
        assert own_hall.default_deadline(date(2026, 11, 3)) is None


class TestSection2Part2:
    """整改完成后5日内反馈报告单;实名差评回访率100%;随机抽取不低于20%的差评;每年12月底前报人社部。"""

    def test_five_levels_the_last_two_are_bad(self, own_hall: Profile) -> None:
        assert own_hall.bad_levels == {1, 2}
        assert own_hall.citation("levels") == f"{PLAN}二（二）"

    def test_the_form_is_due_five_days_after_the_rectification(self, own_hall: Profile) -> None:
        step = own_hall.steps["report"].value
        done = datetime(2026, 9, 28, 16, 0, tzinfo=CN)
        due = own_hall.due(step.limit, Course({"rectification": done}))
        assert due is not None
        # 29, 30 September, 1, 2 and 3 October: 日, not 工作日, so the holiday counts and nothing is put off.
        assert due.last_day == date(2026, 10, 3)
        assert step.form == "《政务服务差评事项核查整改情况报告单》"
        assert step.to == "named:政务服务管理办公室（行风办）"

    def test_verification_comes_first_and_has_no_limit(self, own_hall: Profile) -> None:
        step = own_hall.steps["verification"].value
        assert (step.limit, step.means) == (None, ("person",))

    def test_what_is_clear_is_put_right_at_once_what_is_not_goes_to_the_ledger(
        self, rulebook: Rulebook, own_hall: Profile
    ) -> None:
        assert {key: each.value.label for key, each in own_hall.classes.items()} == {
            "at_once": "立行立改",
            "ledger": "建立台账限期整改",
        }
        ledger = Occasion(JINAN, department="hrss", place="own_hall", bad_class="ledger")
        assert rulebook.rules(ledger, TODAY).extensions["rectification"].value.needs == ("reason", "date")
        assert own_hall.extensions == {}
        assert own_hall.rectification is None

    def test_without_legal_basis_it_is_explained(self, own_hall: Profile) -> None:
        assert own_hall.no_legal_basis is not None
        assert own_hall.no_legal_basis.value.explained

    def test_mistaken_and_malicious_ratings_are_not_accepted(self, own_hall: Profile) -> None:
        assert own_hall.voiding is not None
        voiding = own_hall.voiding.value
        assert (voiding.grounds, voiding.effect) == (("mistaken", "malicious"), "not_counted")

    def test_all_named_bad_ratings_and_a_fifth_of_all_bad_ones_are_revisited(self, own_hall: Profile) -> None:
        assert {key: (each.value.of, each.value.share) for key, each in own_hall.revisits.items()} == {
            "named_bad": ("named_bad", Decimal(1)),
            "sample": ("bad", Decimal("0.2")),
        }

    def test_the_yearly_report_is_due_by_the_end_of_december(self, own_hall: Profile) -> None:
        duty = own_hall.duties["yearly_report"].value
        found = owed(duty, date(2019, 1, 1), date(2022, 6, 30), own_hall.calendar)
        assert [each.due.last_day for each in found if each.due] == [
            date(2020, 12, 31),
            date(2021, 12, 31),
            date(2022, 12, 31),
        ]
        assert duty.to == "named:人力资源社会保障部"


class TestSection3Part2:
    """允许评价对象举证解释、申诉申辩和申诉复核。"""

    def test_the_rated_may_object_and_nothing_more_is_said(self, own_hall: Profile) -> None:
        assert own_hall.objection is not None
        objection = own_hall.objection.value
        assert objection.by == ("rated_organisation", "rated_person")
        assert (objection.limit, objection.decided_by, objection.silence) == (None, None, None)
        assert own_hall.review is None


class TestSection3Part5:
    """块 or 条:纳入全市政务服务大厅的,按照市政府要求;在人社大厅办理的,按照本方案。"""

    def test_in_the_citys_hall_the_plan_does_not_apply(self, rulebook: Rulebook) -> None:
        found = rulebook.rules(Occasion(JINAN, department="hrss", place="government_hall"), TODAY)
        assert found.layers == ("national",)
        assert found.window is None

    def test_in_a_districts_government_hall_likewise(self, rulebook: Rulebook) -> None:
        found = rulebook.rules(Occasion("370102", department="hrss", place="government_hall"), TODAY)
        assert found.layers == ("national",)

    def test_in_its_own_hall_online_and_at_the_province_it_does(self, rulebook: Rulebook) -> None:
        for occasion in (
            Occasion(JINAN, department="hrss", place="own_hall"),
            Occasion(JINAN, department="hrss", place="online"),
            Occasion("370000", department="hrss", place="government_hall"),
        ):
            assert rulebook.rules(occasion, TODAY).layers == ("shandong-hrss", "national")

    def test_another_departments_services_are_not_touched(self, rulebook: Rulebook) -> None:
        found = rulebook.rules(Occasion(JINAN, department="tax", place="own_hall"), TODAY)
        assert found.layers == ("national",)

    def test_the_clause_is_cited(self, rulebook: Rulebook) -> None:
        (line,) = (each for each in rulebook.jurisdictions if each.key == "shandong-hrss")
        assert line.scope == f"{PLAN}三（五）"


class TestWhereThePlanIsSilent:
    def test_there_are_no_points_and_no_score(self, own_hall: Profile) -> None:
        assert own_hall.points is None
        assert own_hall.scores == {}

    def test_before_the_day_of_its_issue_it_lays_nothing_down(self, rulebook: Rulebook) -> None:
        before = rulebook.rules(Occasion(JINAN, department="hrss", place="own_hall"), date(2020, 7, 29))
        assert before.window is None
        assert before.duties == {}
