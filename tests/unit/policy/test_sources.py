"""A file that cannot be used at all is told why, with the line where there is one."""

from pathlib import Path

import pytest

from haochaping.policy.sources import LARGEST_FILE, RulesError, read_content


def test_a_mistake_names_file_line_and_key() -> None:
    assert str(RulesError("a.toml", "", "is odd")) == "a.toml: is odd"
    assert str(RulesError("a.toml", "b.c", "is odd", line=3)) == "a.toml:3: b.c: is odd"


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"window = [", 1, "is not valid TOML"),
        (b'a = 1\nb = "x\n', 2, "is not valid TOML"),
        (b"a = 1\n\na = 2", 3, "is not valid TOML: Cannot overwrite a value"),
        (b"a = 1\nb = 2020-02-30\n", 2, "is not valid TOML"),
        (b"a = 1\nb = \x00", 2, "is not valid TOML"),
        (b"a = " + b"1" * 5000, 1, "holds a number of thousands of digits"),
        (b"\n\na = " + b"1" * 5000, 3, "holds a number of thousands of digits"),
        (b"a = 1" + b"_1" * 5000, 0, "holds a number of thousands of digits"),
        (b"a = " + b"[" * 9000, 0, "is nested too deeply"),
        ("a = 1\nb = '说明'".encode("gb18030"), 2, "is not UTF-8 text; save it as UTF-8"),
        ("a = 1".encode("utf-16"), 1, "is not UTF-8 text; save it as UTF-8"),
        (b"\n\xff", 2, "is not UTF-8 text; save it as UTF-8"),
        (b"#" * (LARGEST_FILE + 1), 0, "is larger than 1024 KiB"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, content: bytes, line: int, problem: str
) -> None:
    folder = tmp_path / "kunming"
    folder.mkdir()
    (folder / "profile.toml").write_bytes(content)
    with pytest.raises(RulesError) as caught:
        read_content(folder / "profile.toml", root=tmp_path)
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == ("kunming/profile.toml", line)
    assert problem in mistake.problem


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa = 1\r\n", b"a = 1\n"])
def test_what_windows_editors_add_is_no_mistake(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    assert read_content(tmp_path / "a.toml", root=tmp_path) == ({"a": 1}, "a = 1\n")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"gone\.toml: cannot be read"):
        read_content(tmp_path / "gone.toml", root=tmp_path)
    with pytest.raises(RulesError, match="is no file"):
        read_content(tmp_path, root=tmp_path.parent)


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(b"#" * LARGEST_FILE)
    assert read_content(path, root=tmp_path)[0] == {}
