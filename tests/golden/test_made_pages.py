"""Pages of the docs that are made from tables of the rooms are as the tables are today.

To accept what has changed: `HAOCHAPING_ACCEPT=1 pytest tests/golden`. They want Django's words, so .ci/branches leaves
them out.
"""

import os
from pathlib import Path

from haochaping.accounts.law_page import page
from haochaping.rectification import drawing

ROOT = Path(__file__).resolve().parents[2]
ACCEPT = os.environ.get("HAOCHAPING_ACCEPT") == "1"


def test_the_page_of_permissions_is_that_of_the_map() -> None:
    path = ROOT / "docs" / "permissions.md"
    made = page()
    if ACCEPT:
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made


def test_the_page_of_the_loop_is_that_of_its_table() -> None:
    path = ROOT / "docs" / "loop.md"
    if ACCEPT:
        path.write_text(drawing.page(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == drawing.page()
