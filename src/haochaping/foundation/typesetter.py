"""Sets one document: a program that reads it from its standard input and ends with it (`foundation.typesetting`).

By typst with one font, which is pinned: nothing of the machine's own is looked at, and no other font comes in for a missing
glyph. PDF/A-2a and PDF/UA-1 are asked for, by which a glyph that the font has not is an error and not a box.
"""

import json
import os
import sys
from typing import Final

CANNOT_BE_SET: Final = 3
_NICENESS: Final = 5


def main() -> int:
    """`source` (typst, which finds the JSON of `said` in its inputs under that name) becomes a PDF on standard output."""
    os.nice(_NICENESS)
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    asked = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[sans_path().parent]
    )
    try:
        made = typst.compile(
            asked["source"].encode(),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"said": json.dumps(asked["said"], ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
        )
    except typst.TypstError:
        # What it says names the text: that is for nobody's log.
        return CANNOT_BE_SET
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
