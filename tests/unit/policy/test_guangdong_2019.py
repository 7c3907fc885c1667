"""《广东省政务服务“好差评”管理办法（试行）》 of 2019, as far as one newspaper article tells it."""

from datetime import date

import pytest

from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scores import is_bare

MEASURES = "《广东省政务服务“好差评”管理办法（试行）》（据《南方都市报：广东政务服务“好差评”，扫码可打分》）"
REPORT = "据《南方都市报：广东政务服务“好差评”，扫码可打分》"
SHENZHEN = "440300"
THEN = date(2019, 10, 8)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def guangdong(rulebook: Rulebook) -> Profile:
    return rulebook.profile(SHENZHEN, THEN)


class TestSilence:
    """接受服务后7个自然日内未进行评价的,则默认为“基本满意”。"""

    @pytest.mark.parametrize(
        ("served", "last"),
        [
            # Tuesday to Tuesday: the day of the service does not count.
            (date(2019, 10, 8), date(2019, 10, 15)),
            # Within the holiday: calendar days run on, and a last day on a Sunday stays.
            (date(2019, 10, 6), date(2019, 10, 13)),
            # Over the National Day holiday nothing is put off.
            (date(2019, 9, 28), date(2019, 10, 5)),
        ],
    )
    def test_seven_calendar_days_after_the_service(
        self, guangdong: Profile, served: date, last: date
    ) -> None:
        window, default = guangdong.rating_window(served), guangdong.default_deadline(served)
        assert window is not None
        assert window.last_day == last
        assert default == window
        assert guangdong.default_level == 3
        assert guangdong.citation("default") == MEASURES


class TestBadRatings:
    """需评价人选择标签或另行填写差评的原因,差评工单将转至相关承办机构,要求限时回复整改。"""

    def test_the_lowest_two_levels_need_a_tag_or_a_text(self, guangdong: Profile) -> None:
        assert guangdong.bad_levels == {1, 2}
        assert guangdong.reason_needed
        assert guangdong.citation("bad_needs_reason") == REPORT
        assert guangdong.reason_form is not None
        assert (guangdong.reason_form.value.accepts, guangdong.reason_form.value.all) == (
            ("tag", "text"),
            False,
        )

    def test_the_order_goes_to_the_handling_unit_within_no_stated_limit(self, guangdong: Profile) -> None:
        assert guangdong.steps["dispatch"].value.to == "handling_unit"
        assert guangdong.rectification is None
        assert guangdong.rectification_deadline(THEN) is None

    def test_how_often_is_repeatedly_is_not_laid_down(self, guangdong: Profile) -> None:
        repeated = guangdong.escalations["repeated_bad"].value
        assert (repeated.action, repeated.times) == ("correction", None)


class TestMistakenAndMalicious:
    """县级以下由主管部门复核;县级以上的工作人员可向相关部门提出申诉;误评或恶意差评均不作数。"""

    @pytest.mark.parametrize(
        ("division", "decided_by"),
        [
            ("440000", "department_concerned"),
            ("440300", "department_concerned"),
            ("440106", "same_level_authority"),
            ("440106001000", "same_level_authority"),
        ],
        ids=["province", "city", "county", "township"],
    )
    def test_who_decides_depends_on_the_tier(
        self, rulebook: Rulebook, division: str, decided_by: str
    ) -> None:
        objection = rulebook.rules(Occasion(division), THEN).objection
        assert objection is not None
        assert objection.value.decided_by == decided_by
        assert objection.value.limit is None

    def test_once_verified_they_do_not_count(self, guangdong: Profile) -> None:
        assert guangdong.voiding is not None
        assert guangdong.voiding.value.grounds == ("mistaken", "malicious")
        assert guangdong.voiding.value.effect == "not_counted"


class TestItsTime:
    def test_the_day_before_the_report_nothing_is_known(self, rulebook: Rulebook) -> None:
        before = rulebook.profile(SHENZHEN, date(2019, 9, 16))
        assert set(before.values().values()) == {None}

    def test_the_last_day_of_2019_is_the_last_that_can_be_vouched_for(self, rulebook: Rulebook) -> None:
        assert rulebook.profile(SHENZHEN, date(2019, 12, 31)).default_level == 3
        after = rulebook.profile(SHENZHEN, date(2020, 1, 1))
        assert after.default is None
        assert after.window is None

    def test_two_dimensions_are_shown_and_the_points_that_were_still_being_studied_are_no_law(
        self, guangdong: Profile
    ) -> None:
        assert guangdong.points is None
        assert [each.value.label for each in guangdong.scores.values()] == ["服务事项办理", "窗口服务水平"]
        assert all(is_bare(each.value) and each.value.total is None for each in guangdong.scores.values())
