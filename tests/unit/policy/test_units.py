"""Which occasions are rated as one, which are not rated, and how often a rating counts: said by the rules alone."""

from collections.abc import Callable
from datetime import date

import pytest

from haochaping.policy.explanation import explain, lines
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.units import Kind, Unit, Unratable, counts_for_all, unit_of, weight_of
from haochaping.policy.voice import Frequency
from tests.unit.policy.samples import entry

Load = Callable[..., Rulebook]
ON = date(2021, 6, 1)
NO_STAGE = Unratable.STAGE_NOT_RATED
CASE, GROUP = Unit(grouped=False), Unit(grouped=True)
WHOLE = Kind("joint", grouped=True, whole=True)


def for_forms(value: str) -> str:
    return f'only = {{ forms = ["batch", "joint", "theme"] }}\nvalue = {value}'


@pytest.mark.parametrize(
    ("rule", "kind", "expected"),
    [
        ('value = { per = "occasion" }', Kind(), None),
        ('value = { per = "case" }', Kind(), CASE),
        # A batch is one errand only where the rule is written for batches, and its number is told.
        ('value = { per = "case" }', Kind("batch", grouped=True), CASE),
        ('only = { forms = ["single"] }\nvalue = { per = "case" }', Kind("single", grouped=True), CASE),
        (for_forms('{ per = "case" }'), Kind("batch", grouped=True), GROUP),
        (for_forms('{ per = "case" }'), Kind("theme", grouped=True), GROUP),
        (for_forms('{ per = "case" }'), Kind("batch"), CASE),
        (for_forms('{ per = "occasion" }'), Kind("batch", grouped=True, number=2), Unit(grouped=True, part="2")),
        (for_forms('{ per = "occasion" }'), Kind("batch", grouped=True), Unit(grouped=True, part="1")),
        (for_forms('{ per = "occasion" }'), Kind("joint", grouped=True), None),
        ('value = { per = "stage" }', Kind(stage="review"), Unit(grouped=False, part="review")),
        ('value = { per = "stage" }', Kind(), None),
        ('value = { per = "stage", stages = ["review"] }', Kind(stage="review"), Unit(False, "review")),
        ('value = { per = "stage", stages = ["review"] }', Kind(stage="delivery"), NO_STAGE),
        ('value = { per = "stage", stages = ["review"] }', Kind(stage="whole"), NO_STAGE),
        ('value = { per = "stage", stages = ["review"], overall = true }', Kind(stage="whole"), Unit(False, "whole")),
        ('value = { per = "stage", stages = ["review"], overall = true }', Kind(stage="decision"), NO_STAGE),
        (for_forms('{ per = "part" }'), Kind("joint", grouped=True), CASE),
        (for_forms('{ per = "part" }'), WHOLE, Unratable.RATED_BY_PARTS),
        (for_forms('{ per = "part", overall = true }'), WHOLE, GROUP),
        # What the running system cannot tell apart changes nothing.
        ('value = { per = "rater_and_day" }', Kind(), None),
        ('value = { per = "case", most = 2 }', Kind(), None),
    ],
)  # fmt: skip
def test_what_is_rated_as_one(load: Load, rule: str, kind: Kind, expected: Unit | Unratable | None) -> None:
    book = load(sample=entry("frequency", rule))
    profile = book.rules(Occasion("999100", form=kind.form, stage=kind.stage), ON)
    assert unit_of(profile, kind) == expected


def test_without_a_rule_each_occasion_is_rated_by_itself_or_not_at_all(load: Load) -> None:
    silent = load(sample=entry("bad_needs_reason", "value = true")).profile("999100", ON)
    assert unit_of(silent, Kind("batch", grouped=True)) is None
    for said, expected in (("true", None), ("false", Unratable.NOT_RATABLE)):
        profile = load(sample=entry("ratable", f"value = {said}")).profile("999100", ON)
        assert unit_of(profile, Kind()) == expected


@pytest.mark.parametrize(
    ("rule", "size", "weight"),
    [
        (None, 7, 1),
        (Frequency("case"), 7, 1),
        (Frequency("case", counted="each"), 7, 7),
        (Frequency("case", counted_per=3), 7, 3),
        (Frequency("case", counted_per=3), 6, 2),
    ],
)
def test_how_often_one_rating_for_many_cases_counts(rule: Frequency | None, size: int, weight: int) -> None:
    assert weight_of(rule, size) == weight


def test_for_whom_it_counts() -> None:
    assert counts_for_all(Frequency("case", counted_for="all"))
    assert not counts_for_all(Frequency("case", counted_for="lead"))
    assert not counts_for_all(None)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('{ per = "case" }', ""),
        ('{ per = "part", overall = true, counted_for = "lead" }', ""),
        ('{ per = "part", overall = true, counted_for = "all" }', "尚不计入所有参与部门"),
        ('{ per = "window_and_day" }', "扫静态码的评价已执行，每台设备每日一次"),
        ('{ per = "rater_and_day" }', "同一网络地址下两部相同的手机视为一台"),
        ('{ per = "window_and_day", most = 2 }', "扫静态码的评价不支持约定的每日多次"),
        ('{ per = "rater_and_item" }', "尚不识别同一评价人的重复评价"),
        ('{ per = "stage", most = 2 }', "不支持约定的多次"),
    ],
)
def test_what_is_not_carried_out_is_said(load: Load, value: str, told: str) -> None:
    book = load(sample=entry("frequency", f"value = {value}"))
    found = [line for line in lines(explain(book, Occasion("999100"), ON)) if "尚未实行" in line]
    assert len(found) == bool(told)
    assert told in "".join(found)


def test_what_does_not_apply_lacks_nothing(load: Load) -> None:
    book = load(sample=entry("frequency", "absent = true"))
    assert not [line for line in lines(explain(book, Occasion("999100"), ON)) if "尚未实行" in line]
