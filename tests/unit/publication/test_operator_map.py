"""An operator's map is drawn only with its number and only if every part of it can be; tiles stand as files declare."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.sources import RulesError
from haochaping.publication.charts.grids import grid_of
from haochaping.publication.charts.operator_map import (
    FILE,
    LARGEST,
    MOST_POINTS,
    MOST_SHAPES,
    Fault,
    MapRefused,
    own_map,
    read,
)
from haochaping.publication.charts.rates import rate_of
from haochaping.publication.charts.regions import Ground, regions
from tests.unit.publication.test_charts import row

SQUARE = [[102.0, 25.0], [103.0, 25.0], [103.0, 26.0], [102.0, 26.0], [102.0, 25.0]]
HOLE = [[102.2, 25.2], [102.4, 25.2], [102.4, 25.4], [102.2, 25.2]]


def feature(code: Any = "530102", coordinates: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "审图号": "GS（2024）0650号", "features": list(features), **more}


def written(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def test_a_sound_map_is_read_whichever_way_it_is_wound() -> None:
    for ring, hole in ((SQUARE, HOLE), (SQUARE[::-1], HOLE[::-1])):
        found = read(
            written(collection(feature(530102, [ring, hole]), feature("530103", [[SQUARE]], "MultiPolygon")))
        )
        assert found.approval == "GS（2024）0650号"
        (outer, inner) = found.shapes["530102"].geometry["coordinates"][0]
        assert area(outer) < 0 < area(inner)
        assert found.shapes["530102"].middle == (102.5, 25.5)
    assert found.has(["530102", "530103"])
    assert not found.has(["530102", "530104"])
    assert not found.has([])


@pytest.mark.parametrize(
    "number", ["GS(2019)1822号", "GS京（2022）1061号", "云S（2021）12号", " 京S(2023)018号 "]
)
def test_numbers_of_every_examiner_are_known(number: str) -> None:
    assert read(written(collection(feature(), 审图号=number))).approval == number.strip()


BROKEN: dict[str, tuple[Callable[[], bytes], Fault, str]] = {
    "no JSON": (lambda: b"{", Fault.NOT_JSON, ""),
    "not UTF-8": (lambda: "审".encode("gbk"), Fault.NOT_JSON, ""),
    "nested": (lambda: b"[" * 100_000, Fault.NOT_JSON, ""),
    "NaN": (lambda: written(collection(feature())).replace(b"102.0", b"NaN"), Fault.NOT_JSON, ""),
    "a list": (lambda: b"[]", Fault.NO_COLLECTION, ""),
    "one feature": (lambda: written(feature()), Fault.NO_COLLECTION, ""),
    "empty": (lambda: written(collection()), Fault.NO_COLLECTION, ""),
    "large": (lambda: b" " * (LARGEST + 1), Fault.TOO_LARGE, ""),
    "without a number": (lambda: written(collection(feature(), 审图号=" ")), Fault.NO_NUMBER, ""),
    "a number that is none": (lambda: written(collection(feature(), 审图号="示意图")), Fault.ODD_NUMBER, ""),
    "many": (lambda: written(collection(*[feature()] * (MOST_SHAPES + 1))), Fault.TOO_MANY, ""),
    "long": (
        lambda: written(collection(feature(coordinates=[[*SQUARE[:-1], *[SQUARE[0]] * MOST_POINTS]]))),
        Fault.TOO_MANY,
        "features[0]",
    ),
    "no code": (lambda: written(collection(feature(), feature("五华区"))), Fault.NO_CODE, "features[1]"),
    "no feature": (lambda: written(collection(None)), Fault.NO_CODE, "features[0]"),
    "true": (lambda: written(collection(feature(True))), Fault.NO_CODE, "features[0]"),
    "twice": (lambda: written(collection(feature(), feature())), Fault.TWICE, "features[1]"),
    "a point": (
        lambda: written(collection(feature(coordinates=SQUARE[0], kind="Point"))),
        Fault.NO_AREA,
        "features[0]",
    ),
    "no rings": (lambda: written(collection(feature(coordinates=[]))), Fault.NO_AREA, "features[0]"),
    "flat": (
        lambda: written(collection(feature(coordinates=[[SQUARE[0]] * 4]))),
        Fault.NO_AREA,
        "features[0]",
    ),
    "open": (lambda: written(collection(feature(coordinates=[SQUARE[:-1]]))), Fault.OPEN_RING, "features[0]"),
    "short": (lambda: written(collection(feature(coordinates=[SQUARE[:3]]))), Fault.OPEN_RING, "features[0]"),
    "metres": (
        lambda: written(collection(feature(coordinates=[[[500_000, 2_700_000], *SQUARE]]))),
        Fault.NO_POSITION,
        "features[0]",
    ),
    "words": (
        lambda: written(collection(feature(coordinates=[[["a", "b"], *SQUARE]]))),
        Fault.NO_POSITION,
        "features[0]",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_drawn_is_refused_and_says_where(name: str) -> None:
    make, fault, where = BROKEN[name]
    with pytest.raises(MapRefused) as refused:
        read(make())
    assert (refused.value.fault, refused.value.where) == (fault, where)


def test_the_file_beside_the_templates_is_taken(tmp_path: Path) -> None:
    assert own_map(None) is own_map(tmp_path) is None
    (tmp_path / FILE).write_bytes(written(collection(feature())))
    assert own_map(tmp_path) == read(written(collection(feature())))
    (tmp_path / FILE).write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(MapRefused):
        own_map(tmp_path)


def test_a_map_shows_its_number_and_leads_to_its_table_by_numbers() -> None:
    own = read(written(collection(feature("530102"), feature("530103"))))
    ground = Ground({"五华区": "530102", "盘龙区": "530103"}, own=own)
    drawing = regions("各地区", [row("盘龙区"), row("五华区")], row("昆明市"), ground)
    assert drawing.spec["title"]["text"] == "审图号：GS（2024）0650号"
    assert "GS（2024）0650号" in drawing.note
    assert "GS（2024）0650号" in drawing.description
    assert [each[:2] for each in drawing.rows] == [("1", "五华区"), ("2", "盘龙区")]
    assert [each["told"] for each in drawing.spec["layer"][1]["data"]["values"]] == ["1＝", "2＝"]
    assert rate_of(row("五华区")).share == drawing.rows[0][3]


def test_a_map_that_lacks_a_region_is_not_drawn() -> None:
    ground = Ground(
        {"五华区": "530102", "盘龙区": "530103"}, own=read(written(collection(feature("530102"))))
    )
    drawing = regions("各地区", [row("盘龙区"), row("五华区")], None, ground)
    assert "projection" not in drawing.spec
    assert "不是地图" in drawing.note


def test_kunming_has_a_grid_of_all_its_regions_and_an_operator_may_have_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = grid_of("530100")
    assert len([code for line in ours for code in line if code]) == 14
    assert grid_of("000000") == ()
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    file = tmp_path / "tiles.toml"
    file.write_text('[530100]\nrows = [["530102"]]\n')
    assert grid_of("530100") == (("530102",),)
    for wrong in ('rows = "530102"', 'rows = [["x"]]', "rows = [[1]]", 'rows = [["530102", "530102"]]'):
        file.write_text(f"[530100]\n{wrong}\n")
        with pytest.raises(RulesError):
            grid_of("530100")
