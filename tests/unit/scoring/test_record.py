"""What is written down is read again as it was, one way only."""

from decimal import Decimal
from fractions import Fraction

from haochaping.policy.bands import Band
from haochaping.policy.score_figures import Cell, Worth
from haochaping.policy.scores import Part
from haochaping.policy.scoring import Computed, Result
from haochaping.scoring import record

WORTH = Worth(points={5: Decimal(10), 3: Decimal(6)}, default_level=3)


def test_inputs_come_back_with_the_worth_of_silence() -> None:
    cells = (
        Cell({"level_5": 2, "occasions": 3}, subject="item"),
        Cell({"defaults": 4}, subject="item", worth=Worth(points=WORTH.points, default_level=5)),
        Cell({"orders": 1}, named=True, bad_class="simple"),
    )
    figures = record.figures_by(WORTH, cells, {"third_party": Decimal("88.5")})
    kept = record.inputs_of(figures)
    again = record.figures_of(kept, WORTH)
    assert again == figures
    assert again.default_points(again.cells) == 40
    assert record.canonical(record.inputs_of(again)) == record.canonical(kept)


def test_every_intermediate_is_an_exact_fraction() -> None:
    band = Band(from_=Decimal("9.5"), points=Decimal(7))
    beneath = Computed(
        Part(measure="mean_points"), Fraction(19, 2), (("ratings", Fraction(2)),), Fraction(7), band
    )
    missing = Computed(Part(measure="count", of=("invited",)), None, (), None, missing="invited")
    left = Computed(Part(measure="count"), None, (), None, "when", left_out=True)
    whole = Computed(
        Part(label="合计"), Fraction(1, 3), (), Fraction(1, 3), "linear", beneath=(beneath, missing, left)
    )
    (said,) = record.parts_of([whole])
    assert (said["label"], said["value"], said["by"]) == ("合计", "1/3", "linear")
    assert said["parts"][0]["by"] == {"from": "9.5", "points": "7"}
    assert said["parts"][0]["inputs"] == [["ratings", "2"]]
    assert said["parts"][1]["missing"] == "invited"
    assert said["parts"][2]["left_out"] is True


def test_a_digest_does_not_depend_on_the_order_in_which_things_are_told() -> None:
    told = record.result_of(Result(Fraction(6), (), ranked=True, grade="良"), 2, 9)
    one = record.run_digest([("a", "x", told), ("b", "x", told)], {"key": ["b", "a"]})
    other = record.run_digest([("b", "x", told), ("a", "x", told)], {"key": ("a", "b")})
    assert one == other
    assert one != record.run_digest([("a", "x", told)], {"key": ["b", "a"]})
    assert told["points"] == "6"
    assert record.written(None) == ""
