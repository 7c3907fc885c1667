"""Rankings out of a publication's record: ties, who is not ranked and why, groups of volume, and names by clause alone."""

from types import SimpleNamespace
from typing import Any

from haochaping.publication.ranking import content
from haochaping.publication.standings import rankings, volumes


def unit(name: str, ratings: int, rank: int | None, kind: str = "organisation", why: str = "") -> Any:
    """A unit as a run has it, as far as a publication looks."""
    result = SimpleNamespace(points="7", rank=rank, ranked=3, why=why, grade="")
    return SimpleNamespace(
        id=name,
        kind=kind,
        name=name,
        of="市",
        ended=False,
        inputs={"cells": []},
        beside={
            "counts": {"ratings": ratings, "good": ratings},
            "shares": {"good_active": "1"},
            "interval": ["0.9", "1"],
            "rank": 1 if ratings >= 20 else None,
            "of": 2 if ratings >= 20 else None,
        },
        results={"final": result},
    )


RUN: Any = SimpleNamespace(scores={"final": {"label": "最终得分", "clause": "第十四条"}}, uncounted={})
UNITS = [
    unit("甲", 2_000, 1),
    unit("乙", 150, 1),
    unit("丙", 900, None, why="minimum"),
    unit("丁", 12, None),
    unit("戊", 11, None),
    unit("王某", 300, 1, kind="staff"),
]


def record(**naming: str) -> dict[str, Any]:
    return content(RUN, UNITS, naming)


def test_equal_ranks_are_called_tied_and_who_is_not_ranked_is_told_why() -> None:
    (ranking,) = rankings(record())
    assert [(each.name, each.rank, each.tied) for each in ranking.ranked] == [
        ("乙", 1, True),
        ("甲", 1, True),
    ]
    unranked = {each.name: (each.why, each.withheld) for each in ranking.unranked}
    assert unranked == {"丁": ("too_few", True), "戊": ("too_few", True), "丙": ("minimum", False)}


def test_those_of_about_as_many_ratings_are_compared() -> None:
    found = [(each.least, each.under, [row.standing.name for row in each.rows]) for each in volumes(record())]
    assert (1_000, 10_000, ["甲"]) in found
    assert all(each.kind == "organisation" for each in volumes(record()))
    old = record()
    del old["volumes"]
    assert len(list(volumes(old))) == len(found)


def test_members_of_staff_are_published_by_name_only_by_a_clause() -> None:
    assert "staff" not in record()["rows"]
    assert record()["naming"] == {"window": None, "staff": None}
    named = record(staff="《办法》第三条")
    assert named["naming"]["staff"] == "《办法》第三条"
    assert [row["name"] for row in named["rows"]["staff"]] == ["王某"]
    assert {each.kind for each in rankings(named)} == {"organisation", "staff"}
