"""The dictionary of tags: version 2 is offered, version 1 is decoded only."""

from functools import cache
from pathlib import Path

import pytest

from haochaping.policy.sources import RulesError
from haochaping.policy.tags import Tag, Tags


@cache
def shipped() -> Tags:
    """The product's own tags."""
    return Tags.load()


HEADER = "code,level,version,kind,status,name\n"


@pytest.mark.parametrize(("level", "count"), [(5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 0), (6, 0)])
def test_eight_tags_are_offered_at_each_level(level: int, count: int) -> None:
    assert len(shipped().offered(level)) == count


def test_they_are_offered_in_the_order_of_the_dictionary() -> None:
    assert [tag.code for tag in shipped().offered(2)] == [
        "207",
        "208",
        "209",
        "210",
        "211",
        "212",
        "213",
        "214",
    ]
    assert shipped().offered(1)[0] == Tag("108", 1, 2, "base", True, "在办事指南之外增加新的审批条件")


def test_retired_tags_are_decoded_and_never_offered() -> None:
    tag = shipped().decode("201")
    assert tag is not None
    assert (tag.level, tag.version, tag.in_use, tag.name) == (
        2,
        1,
        False,
        "办事指南列出的申报材料没有提供样本",
    )
    assert [shipped().offered(level, version=1) for level in range(1, 6)] == [()] * 5


def test_an_unknown_code_is_not_guessed() -> None:
    assert shipped().decode("403") is None
    assert shipped().decode("") is None


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("", "line 1", "expected the columns"),
        ("code,name\n", "line 1", "expected the columns"),
        (HEADER + "510,5,2,base,in_use\n", "line 2", "found 5"),
        (HEADER + "510,6,2,base,in_use,x\n", "line 2", "level 1..5"),
        (HEADER + "510,0,2,base,in_use,x\n", "line 2", "level 1..5"),
        (HEADER + "A10,5,2,base,in_use,x\n", "line 2", "no tag"),
        (HEADER + "510,5,²,base,in_use,x\n", "line 2", "no tag"),
        (HEADER + "510,5,2,other,in_use,x\n", "line 2", "no tag"),
        (HEADER + "510,5,2,base,gone,x\n", "line 2", "no tag"),
        (HEADER + "510,5,2,base,in_use, \n", "line 2", "no tag"),
        (HEADER + "510,5,2,base,in_use,x\n510,4,2,base,in_use,y\n", "line 3", "510 is given twice"),
    ],
)
def test_a_broken_dictionary_is_named_by_its_line(tmp_path: Path, text: str, key: str, problem: str) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "rating_tags.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        Tags.load(tmp_path)
    assert (caught.value.file, caught.value.key) == ("tags/rating_tags.csv", key)
    assert problem in caught.value.problem


def test_a_dictionary_that_is_missing_or_not_utf_8_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"rating_tags\.csv: cannot be read"):
        Tags.load(tmp_path)
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "rating_tags.csv").write_bytes("标签".encode("gb18030"))
    with pytest.raises(RulesError, match="UTF-8"):
        Tags.load(tmp_path)


def test_a_spreadsheets_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "rating_tags.csv").write_text(
        HEADER + "510,5,2,base,in_use,x\n", encoding="utf-8-sig"
    )
    assert len(Tags.load(tmp_path).offered(5)) == 1
