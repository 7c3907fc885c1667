"""What pictures are made of: figures as they were published, words beside every colour, nothing of what is withheld."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.sources import RulesError
from haochaping.publication.charts.classes import LOOKS, Standing, called, standing
from haochaping.publication.charts.daily import Department, Frozen
from haochaping.publication.charts.daily import drawings as of_day
from haochaping.publication.charts.days import DAYS, days
from haochaping.publication.charts.grids import by_rows, placed, read_grids
from haochaping.publication.charts.levels import levels
from haochaping.publication.charts.published import PERIODS, drawings
from haochaping.publication.charts.rates import MOST, begin, most_rated, rate_of, rates, scale_from
from haochaping.publication.charts.regions import Ground, regions
from haochaping.tallies.rules import Counts

DAY = date(2026, 11, 22)
WITHHELD = {"name": "五华区人社局", "ended": False}


def row(
    name: str, ratings: int = 960, share: str = "15/16", low: str = "0.920345", high: str = "0.951998"
) -> dict[str, Any]:
    return {
        "name": name,
        "counts": {"ratings": ratings},
        "shares": {"good_active": share},
        "interval": [low, high],
        "levels": [800, 90, 10, 20, 40],
    }


def record(first: str, last: str, *rows: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    period = {"name": name or f"{first[:7]}", "first": first, "last": last}
    return {"place": "昆明市", "period": period, "rows": {"region": list(rows), "organisation": []}}


def test_a_rate_is_drawn_in_whole_ten_thousandths_and_told_as_it_was_published() -> None:
    found = rate_of(row("公安局"))
    assert (found.rate, found.low, found.high) == (9375, 9203, 9519)
    assert (found.ratings, found.share, found.interval) == ("960", "93.75%", "92.03%–95.20%")
    hidden = rate_of(WITHHELD)
    assert (hidden.rate, hidden.ratings, hidden.share) == (None, "", "")


def test_the_scale_begins_below_everything_that_is_drawn() -> None:
    assert begin([rate_of(row("甲")), rate_of(WITHHELD)]) == 9000
    # Where nearly everything is good it begins near enough to tell the rest apart.
    assert begin([rate_of(row("甲", 1, "1", "1", "1"))]) == 9990
    assert [scale_from(least) for least in (9987, 9949, 9749, 9500, 9499)] == [9980, 9900, 9700, 9500, 9000]
    assert begin([rate_of(WITHHELD)]) == 0


def test_rates_have_their_table_and_say_what_is_withheld() -> None:
    drawing = rates("departments", "各部门", [row("公安局"), WITHHELD], row("昆明市", share="19/20"))
    assert drawing.rows == (
        ("公安局", "960", "93.75%", "92.03%–95.20%"),
        ("五华区人社局", "暂不公开", "—", "—"),
    )
    assert "虚线是昆明市：95.00%" in drawing.note
    assert "最低的是公安局，93.75%" in drawing.description
    values = drawing.spec["data"]["values"]
    assert [(each["rate"], each["value"]) for each in values] == [(9375, "93.75%"), (None, "暂不公开")]
    nothing = rates("departments", "各部门", [WITHHELD])
    assert nothing.description == "各部门：没有可以公开的数据。"


def test_of_many_the_most_rated_are_drawn_in_their_order_and_it_is_said() -> None:
    many = [row(f"单位{number}", ratings=1000 - number) for number in reversed(range(MOST + 5))]
    assert [each["name"] for each in most_rated(many)] == [
        f"单位{number}" for number in reversed(range(MOST))
    ]
    assert f"评价最多的{MOST}个，一共{MOST + 5}个" in rates("x", "x", many).note


def test_levels_say_their_side_in_words() -> None:
    drawing = levels("各等次", [800, 90, 10, 20, 80])
    assert drawing.rows[0] == ("非常满意", "好评", "800", "80.00%")
    assert drawing.rows[-1] == ("非常不满意", "差评", "80", "8.00%")
    assert [each["bad"] for each in drawing.spec["data"]["values"]] == [False, False, False, True, True]


def test_a_region_is_above_or_below_only_where_its_whole_interval_is() -> None:
    mean = rate_of(row("昆明市", share="19/20"))
    said = {
        "above": ("0.96", "0.99"),
        "below": ("0.90", "0.949"),
        "alike": ("0.94", "0.97"),
    }
    for word, (low, high) in said.items():
        assert standing(rate_of(row("甲", low=low, high=high)), mean) == word
    assert standing(rate_of(WITHHELD), mean) is Standing.WITHHELD
    assert standing(rate_of(row("甲")), None) is Standing.ALONE
    compared = [each for each in Standing if each is not Standing.ALONE]
    assert len({called(each) for each in compared}) == len({LOOKS[each].sign for each in compared}) == 4


def test_tiles_stand_as_declared_and_what_is_not_declared_below_by_rows() -> None:
    assert placed(["530102", "530103"], [["", "530103"], ["530102"]]) == {"530102": (1, 0), "530103": (0, 1)}
    assert placed(["530102", "530199"], [["530102"]]) == {"530102": (0, 0), "530199": (1, 0)}
    # Rows and columns of which nothing is drawn are no part of the picture.
    assert placed(["530103"], [["", "530102"], ["", "530103"]]) == {"530103": (0, 0)}


@pytest.mark.parametrize(
    ("number", "rows"), [(0, []), (1, [1]), (3, [2, 1]), (5, [3, 2]), (16, [4] * 4), (21, [4] * 5 + [1])]
)
def test_where_nothing_is_declared_they_stand_nearly_in_a_square(number: int, rows: list[int]) -> None:
    codes = [str(530101 + each) for each in range(number)]
    assert [len(row) for row in by_rows(codes)] == rows
    assert [code for row in by_rows(codes) for code in row] == codes


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[530100]", "530100: needs `rows`"),
        ("[kunming]\nrows = [['530102']]", "kunming: is no division code"),
        ("[530100]\nrows = [['530102'], [530103]]", "row 2, tile 1 is 530103: give a code in quotes"),
        ("[530100]\nrows = [['530102', '53010']]", "row 1, tile 2 is '53010'"),
        (
            "[530100]\nrows = [['530102'], ['', '530102']]",
            "row 2, tile 2 is 530102, which stands at row 1, tile 1 as well",
        ),
        (f"[530100]\nrows = [{['530102'] + [''] * 8}]", "row 1 has 9 tiles"),
        ("[530100]\nrows = [['530102']", "is not valid TOML"),
    ],
)
def test_a_grid_that_cannot_be_drawn_is_refused_by_its_place(tmp_path: Path, said: str, told: str) -> None:
    (tmp_path / "tiles.toml").write_text(said, encoding="utf-8")
    with pytest.raises(RulesError) as refused:
        read_grids(tmp_path / "tiles.toml")
    assert told in str(refused.value)


def test_tiles_say_name_figure_and_class_and_are_called_no_map() -> None:
    ground = Ground({"五华区": "530102", "石林彝族自治县": "530126"}, [["530102", "530126"]])
    whole = row("昆明市", share="19/20")
    rows = [row("五华区", low="0.96", high="0.97"), {"name": "石林彝族自治县"}, row("不在其中")]
    drawing = regions("各地区", rows, whole, ground)
    first, second = drawing.spec["data"]["values"]
    assert (first["name"], first["share"], first["told"]) == ("五华区", "93.75%", "▲ 高于总体")
    assert (second["name"], second["lines"], second["told"]) == ("", ["石林彝族", "自治县"], "— 暂不公开")
    assert (first["row"], first["column"], second["column"]) == (0, 0, 1)
    assert "不是地图" in drawing.note
    assert "高于总体：五华区" in drawing.description
    assert len(drawing.rows) == 2


def test_regions_that_the_registry_does_not_know_are_drawn_by_rows_all_the_same() -> None:
    drawing = regions("各地区", [row("甲区"), row("乙区")], None, Ground({}))
    assert [each["row"] for each in drawing.spec["data"]["values"]] == [0, 0]
    assert "不作比较" in drawing.note


def test_days_with_few_ratings_are_withheld_and_so_is_the_next_smallest() -> None:
    over = [DAY - timedelta(days=back) for back in range(3, -1, -1)]
    counted = dict(
        zip(over, (Counts(n5=90, n1=10), Counts(n5=3), Counts(n5=30), Counts(n5=500)), strict=True)
    )
    drawing = days("最近", counted, over)
    assert drawing is not None
    assert drawing.rows == (
        ("2026-11-22", "500", "0", "100.00%"),
        ("2026-11-21", "暂不公开", "—", "—"),
        ("2026-11-20", "暂不公开", "—", "—"),
        ("2026-11-19", "100", "10", "90.00%"),
    )
    values = drawing.spec["data"]["values"]
    assert [each["rate"] for each in values] == [9000, None, None, 10000]
    # No line leads over days of which nothing is said.
    assert values[0]["run"] != values[3]["run"]
    assert days("最近", {DAY: Counts(n5=3)}, over) is None


def test_a_publication_is_drawn_out_of_its_record() -> None:
    region = (row("昆明市"), row("五华区"), row("盘龙区"))
    earlier = record("2026-01-01", "2026-01-31", row("昆明市"))
    withheld = record("2026-02-01", "2026-02-28", {"name": "昆明市"})
    said = record("2026-03-01", "2026-03-31", *region)
    said["rows"]["organisation"] = [row("公安局"), WITHHELD]
    found = {each.name: each for each in drawings(said, [earlier, withheld, said], Ground({}))}
    assert list(found) == ["regions-map", "regions", "departments", "levels", "periods"]
    assert [each[0] for each in found["regions"].rows] == ["五华区", "盘龙区"]
    assert [each[:2] for each in found["periods"].rows] == [
        ("2026-01", "960"),
        ("2026-02", "暂不公开"),
        ("2026-03", "960"),
    ]


def test_only_what_there_is_is_drawn() -> None:
    said = record("2026-03-01", "2026-03-31", row("昆明市"))
    del said["rows"]["region"][0]["levels"]
    assert drawings(said, [said], Ground({})) == ()
    many = [record(f"20{year}-01-01", f"20{year}-12-31", row("昆明市")) for year in range(10, 30)]
    (periods,) = [each for each in drawings(said, many, Ground({})) if each.name == "periods"]
    assert len(periods.rows) == PERIODS


def test_a_day_is_drawn_of_what_was_frozen_with_small_groups_withheld() -> None:
    departments = (
        Department(1, "公安局", "昆明市（本级）", Counts(n5=900, n1=60)),
        Department(2, "民政局", "昆明市（本级）", Counts(n5=3)),
        Department(3, "民政局", "昆明市（本级）", Counts(n5=40)),
        Department(4, "五华区民政局", "五华区", Counts(n5=100, n2=20)),
    )
    frozen = Frozen("昆明市", departments, {DAY: Counts(n5=500)}, DAY)
    found = {each.name: each for each in of_day(frozen, Ground({"五华区": "530102"}))}
    assert list(found) == ["days", "regions-map", "departments"]
    assert len(found["days"].rows) == DAYS
    shown = {each[0]: each[1] for each in found["departments"].rows}
    assert [each[1] for each in found["departments"].rows] == ["960", "暂不公开", "暂不公开", "120"], shown
    assert found["regions-map"].rows[0][:2] == ("五华区", "120")
    assert of_day(Frozen("昆明市", (), {}, DAY), Ground({})) == ()
