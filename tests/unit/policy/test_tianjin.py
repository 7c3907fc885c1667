"""Tianjin, as a report on the system in operation tells it."""

from datetime import date
from decimal import Decimal

import pytest

from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

REPORT = "据《天津市推动政务服务“好差评”制度落地见效的情况介绍》"
HEXI = "120103"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def tianjin(rulebook: Rulebook) -> Profile:
    return rulebook.profile(HEXI, TODAY)


def test_items_and_staff_are_rated_apart(tianjin: Profile) -> None:
    """区分服务事项和服务人员两类进行五星评价。"""
    assert tianjin.subjects is not None
    assert [(each.subject, each.rated) for each in tianjin.subjects.value] == [
        ("item", "apart"),
        ("staff", "apart"),
    ]


def test_online_once_a_case_on_the_spot_once_a_visit(rulebook: Rulebook) -> None:
    """线上实行“一事一评”,线下实行“一次一评”。"""
    online = rulebook.rules(Occasion(HEXI, place="online"), TODAY).frequency
    hall = rulebook.rules(Occasion(HEXI, place="government_hall"), TODAY).frequency
    assert online is not None
    assert hall is not None
    assert (online.value.per, hall.value.per) == ("case", "occasion")


def test_the_unrated_are_counted_apart_and_never_become_a_level(tianjin: Profile) -> None:
    """未评率16.6%."""
    assert tianjin.counting is not None
    assert tianjin.counting.value.unrated == "apart"
    assert tianjin.default is None
    assert tianjin.window is None


def test_three_classes_whose_limits_are_not_told(rulebook: Rulebook, tianjin: Profile) -> None:
    """将差评分为立整立改(简易)类、限时整改(一般)类、综合协调(复杂)类。"""
    assert {key: each.value.label for key, each in tianjin.classes.items()} == {
        "simple": "立整立改（简易）类",
        "ordinary": "限时整改（一般）类",
        "complex": "综合协调（复杂）类",
    }
    for bad_class in tianjin.classes:
        assert rulebook.rules(Occasion(HEXI, bad_class=bad_class), TODAY).rectification is None


def test_a_bad_rating_sets_the_procedure_off_at_once(tianjin: Profile) -> None:
    """即时启动差评处置。"""
    assert tianjin.trigger is not None
    assert tianjin.trigger.value.at_once
    assert not tianjin.trigger.value.named


def test_12345_revisits_every_bad_rating(tianjin: Profile) -> None:
    """依托12345政务服务便民热线进行差评回访,实现差评整改和回访100%全覆盖。"""
    revisit = tianjin.revisits["bad"].value
    assert (revisit.of, revisit.share, revisit.by) == ("bad", Decimal(1), "hotline_12345")
    assert tianjin.steps["rectification"].value.share == 1
    assert tianjin.citation("revisits.bad") == f"{REPORT}一、三是"


def test_four_dimensions_without_weights_and_so_without_a_total(tianjin: Profile) -> None:
    """围绕政务服务质量、主动评价率、差评整改率、差评整改回访满意率4个维度实行量化评分。"""
    measured = {
        each.value.label: [(part.measure, part.weight) for part in each.value.parts]
        for each in tianjin.scores.values()
    }
    assert measured == {
        "政务服务质量": [("good_rate", 1)],
        "主动评价率": [("participation", 1)],
        "差评整改率": [("rectification_rate", 1)],
        "差评整改回访满意率": [("revisit_satisfaction", 1)],
    }
    assert {each.value.total for each in tianjin.scores.values()} == {None}
    assert tianjin.points is None


def test_an_objection_exists_and_nothing_more_is_told(tianjin: Profile) -> None:
    assert tianjin.objection is not None
    objection = tianjin.objection.value
    assert (objection.limit, objection.decided_by, objection.by) == (None, None, ())


def test_names_are_masked_and_regions_and_departments_shown_live(tianjin: Profile) -> None:
    """评价人姓名脱敏显示;实时公开各区、各部门的“好差评”情况。"""
    shown = tianjin.publication["ratings"].value
    assert (shown.every, shown.of, shown.masks) == ("live", ("region", "organisation"), ("name",))
