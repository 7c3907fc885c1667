"""Sets one document: a program that reads it from its standard input and ends with it (`foundation.typesetting`).

By typst with one font, which is pinned: nothing of the machine's own is looked at, and no other font comes in for a missing
glyph. PDF/A-2a and PDF/UA-1 are asked for, by which a glyph that the font has not is an error and not a box. A source sees
no file and no package: its root is an empty directory.
"""

import json
import os
import sys
import tempfile
from typing import Any, Final

CANNOT_BE_SET: Final = 3
_NICENESS: Final = 5


def main() -> int:
    """`source` (typst, which finds the JSON of `said` in its inputs under that name) becomes a PDF on standard output.

    It is of the second `at` (since 1970), else of now. With `spell` characters that the font has not are written as their
    code points. With `explain` what is wrong with the source is told instead: only for what nobody said."""
    os.nice(_NICENESS)
    import typst

    asked = json.load(sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(_set(asked))
    except typst.TypstError as error:
        # What it says names the text: that is for nobody's log.
        if asked.get("explain"):
            sys.stdout.buffer.write(error.message.encode())
        return CANNOT_BE_SET
    return 0


def _set(asked: dict[str, Any]) -> bytes:
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    from haochaping.foundation.glyphs import glyphs_of, spelled

    said = spelled(asked["said"], glyphs_of(sans_path())) if asked.get("spell") else asked["said"]
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[sans_path().parent]
    )
    with tempfile.TemporaryDirectory() as nothing:
        return typst.compile(
            asked["source"].encode(),
            root=nothing,
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=asked.get("at"),
            package_path=nothing,
            package_cache_path=nothing,
        )


if __name__ == "__main__":
    sys.exit(main())
