"""What a font has, read from the font, and how the rest is written."""

from pathlib import Path

import pytest
from pylopdf_fonts_zh_cn import sans_path

from haochaping.foundation.glyphs import Glyphs, glyphs_of, spelled

FEW = Glyphs([0x61, 0x4E2D], [0x7A, 0x4E2D])


def test_the_pinned_font_says_what_it_has() -> None:
    glyphs = glyphs_of(sans_path())
    assert all(glyphs.has(ord(each)) for each in "政务服务Az09，。〔〕《》“”—")
    assert not any(glyphs.has(ord(each)) for each in "😀𠮷\x01")


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.otf"
    path.write_bytes(bytes(64))
    with pytest.raises(ValueError, match="no table"):
        glyphs_of(path)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a中z", "a中z"),
        ("a\n中\t ", "a\n中\t "),
        ("中国😀", "中〔U+56FD〕〔U+1F600〕"),
        ("a\u200d\ufe0fz\u00ad", "az"),
        ({"one": ["国", {"two": "a"}], "three": 3}, {"one": ["〔U+56FD〕", {"two": "a"}], "three": 3}),
    ],
)
def test_what_has_no_glyph_is_written_as_its_code_point(said: object, written: object) -> None:
    assert spelled(said, FEW) == written
