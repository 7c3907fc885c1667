"""Draws pictures: a program that reads them from its standard input and ends with it (`foundation.paperwork`).

By Vega-Lite (vl-convert) with one Chinese font, which is pinned: widths of words are those of that font wherever it runs,
and a character that it has not is written as its code point. Nothing is fetched: data stands in the definition itself.
"""

import base64
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from haochaping.foundation.typesetter import CANNOT_BE_SET

_NICENESS: Final = 5
# The editions of Vega-Lite that the program knows differ in what they draw.
_EDITION: Final = "6.1"
_PIXELS_AN_INCH: Final = 192
_ROOT: Final = re.compile(r"<svg\b[^>]*>")
# What no strict policy for contents lets through, should somebody open the picture by itself.
_FORBIDDEN: Final = re.compile(r"""\sstyle=|<style|<script|\shref=|\son\w+=""")


def main() -> int:
    """`charts` (each `spec`, `title`, `description`, `language`) become a JSON list of SVG on standard output; `svgs` become
    PNG, in base 64."""
    os.nice(_NICENESS)
    asked = json.load(sys.stdin.buffer)
    try:
        made = _drawn(asked["charts"]) if "charts" in asked else _points(asked["svgs"])
    except ValueError:
        return CANNOT_BE_SET
    sys.stdout.buffer.write(json.dumps(made).encode())
    return 0


def _drawn(charts: Sequence[Mapping[str, Any]]) -> list[str]:
    from pylopdf_fonts_zh_cn import sans_path

    from haochaping.foundation.glyphs import glyphs_of, spelled

    convert, glyphs = _converter(), glyphs_of(sans_path())
    said = [spelled(each, glyphs) for each in charts]
    return [_told(convert.vegalite_to_svg(each["spec"], vl_version=_EDITION), each) for each in said]


def _points(svgs: Sequence[str]) -> list[str]:
    convert = _converter()
    return [base64.b64encode(convert.svg_to_png(each, ppi=_PIXELS_AN_INCH)).decode() for each in svgs]


def _converter() -> Any:
    import vl_convert
    from pylopdf_fonts_zh_cn import sans_path

    vl_convert.register_font_directory(str(sans_path().parent))
    return vl_convert


def _told(svg: str, said: Mapping[str, str]) -> str:
    """The picture with its title and what is to be seen on it, for who does not see it."""
    root = _ROOT.match(svg)
    if root is None or _FORBIDDEN.search(svg):
        raise ValueError("what was drawn is not what a page may show")
    tag = root[0].removesuffix(">")
    return (
        f'{tag} role="img" aria-labelledby="title desc" lang={quoteattr(said["language"])}>'
        f'<title id="title">{escape(said["title"])}</title><desc id="desc">{escape(said["description"])}</desc>'
        f"{svg[root.end() :]}"
    )


if __name__ == "__main__":
    sys.exit(main())
