"""Reading rule files strictly."""

from pathlib import Path

import pytest

from haochaping.policy.sources import RulesError, Section, read_toml


def section(**content: object) -> Section:
    return Section(dict(content), file="profile.toml", key="window[0]")


def test_values_are_read_by_their_kind() -> None:
    table = section(a=" 第七条 ", b=5, f={"g": 1}, h=[{"i": 2}])
    assert table.text("a") == "第七条"
    assert table.integer("b", least=5, most=5) == 5
    assert table.section("f").integer("g", least=0, most=9) == 1
    assert [each.integer("i", least=0, most=9) for each in table.sections("h")] == [2]
    assert table.optional_text("z") is None
    assert table.optional_day("z") is None
    assert table.days("z") == ()
    table.finish()


@pytest.mark.parametrize(
    ("ask", "found", "problem"),
    [
        (lambda s: s.text("k"), "  ", "must not be empty"),
        (lambda s: s.text("k"), 7, "expected a text, found 7"),
        (lambda s: s.integer("k", least=1, most=5), 0, "0 is not between 1 and 5"),
        (lambda s: s.integer("k", least=1, most=5), 6, "6 is not between 1 and 5"),
        (lambda s: s.integer("k", least=0, most=5), True, "expected a whole number, found True"),
        (lambda s: s.section("k"), 1, "expected a table"),
        (lambda s: s.sections("k"), [], "at least one entry"),
    ],
)
def test_what_is_of_another_kind_is_refused_at_its_place(ask: object, found: object, problem: str) -> None:
    assert callable(ask)
    with pytest.raises(RulesError) as caught:
        ask(section(k=found))
    assert caught.value.file == "profile.toml"
    assert caught.value.key == "window[0].k"
    assert problem in caught.value.problem


def test_an_entry_that_is_no_table_is_named_by_its_position() -> None:
    with pytest.raises(RulesError) as caught:
        section(k=[{"a": 1}, 2]).sections("k")
    assert caught.value.key == "window[0].k[1]"


def test_an_unknown_key_is_answered_with_the_nearest_known_one() -> None:
    table = section(artcle="第七条")
    table.optional_text("article")
    with pytest.raises(RulesError, match="did you mean 'article'"):
        table.finish()


def test_an_unknown_key_like_none_is_answered_with_all_known_ones() -> None:
    table = section(zzz=1)
    table.optional_text("article")
    table.optional_text("document")
    with pytest.raises(RulesError, match="known are article, document"):
        table.finish()


def test_an_error_about_the_whole_table_or_file_says_so() -> None:
    assert section().error("", "is odd").key == "window[0]"
    assert str(RulesError("a.toml", "", "is odd")) == "a.toml: is odd"


@pytest.mark.parametrize(
    ("content", "problem"), [(b"window = [", "not valid TOML"), ("说明".encode("gb18030"), "UTF-8")]
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, problem: str) -> None:
    folder = tmp_path / "kunming"
    folder.mkdir()
    (folder / "profile.toml").write_bytes(content)
    with pytest.raises(RulesError, match=problem) as caught:
        read_toml(folder / "profile.toml", root=tmp_path)
    assert caught.value.file == "kunming/profile.toml"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"gone\.toml: cannot be read"):
        read_toml(tmp_path / "gone.toml", root=tmp_path)
