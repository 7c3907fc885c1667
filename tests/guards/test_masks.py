"""People are masked in one place: whoever writes stars elsewhere has a rule of his own."""

import re

from tests.guards.floors import SOURCE

STARS = re.compile(r"""(["'])(?:\*{2,}\1|\*\1 \*)""")


def test_nobody_but_the_masks_writes_stars() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.parts[-2] != "identity" and "identity/operations" not in str(path)
        if STARS.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_guard_sees_what_it_looks_for() -> None:
    assert STARS.search('name[0] + "*" * len(name)')
    assert STARS.search("name[0] + '**'")
    assert not STARS.search('folder.rglob("*")')
