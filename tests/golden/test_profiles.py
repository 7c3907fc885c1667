"""Every effective profile, as text: a change of any rule shows as a difference that somebody must read.

To accept what has changed: `HAOCHAPING_ACCEPT=1 pytest tests/golden`, read the difference, commit it.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.explanation import differences, explain, lines
from haochaping.policy.jurisdictions import Jurisdiction
from haochaping.policy.occasions import Occasion, fitting_one
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.wording import for_whom

BOOK = Rulebook.load()
FOLDER = Path(__file__).parent / "profiles"
ACCEPT = os.environ.get("HAOCHAPING_ACCEPT") == "1"


@pytest.mark.parametrize("jurisdiction", BOOK.jurisdictions, ids=lambda each: each.key)
def test_the_profile_is_the_one_that_was_accepted(jurisdiction: Jurisdiction) -> None:
    path = FOLDER / f"{jurisdiction.key}.txt"
    found = "\n".join(snapshot(jurisdiction)) + "\n"
    if ACCEPT:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.exists(), f"{path.name} is new: read it and accept it (see this file's head)"
    assert path.read_text(encoding="utf-8") == found


def test_every_snapshot_belongs_to_a_jurisdiction() -> None:
    known = {each.key for each in BOOK.jurisdictions}
    assert {path.stem for path in FOLDER.glob("*.txt")} == known


def snapshot(jurisdiction: Jurisdiction) -> Iterator[str]:
    """The profile on each day on which it changes, then what is different for some occasions only.

    The latter on the last day on which a value of its own begins.
    """
    plain = jurisdiction.example()
    seen = ""
    for day in changes(plain):
        found = explain(BOOK, plain, day)
        if found.version != seen:
            yield from lines(found, places=False)
            yield "\n" + "=" * 40 + "\n"
        seen = found.version
    own = [value.valid_from for values in jurisdiction.values.values() for value in values]
    last = max(own, default=changes(plain)[-1])
    for words, occasion in special(jurisdiction, plain):
        yield f"仅限（{words}）"
        for each in differences(BOOK.rules(plain, last), BOOK.rules(occasion, last)):
            side = f"{each.other.words} —— {each.other.citation}" if each.other else "未规定"
            yield f"  {each.word}（{each.name}）：{side}"


def changes(occasion: Occasion) -> list[date]:
    """The days on which a value of a layer that applies begins or ends."""
    days = set()
    for layer in BOOK.layers(occasion):
        for values in layer.values.values():
            for value in values:
                days |= {value.valid_from, value.valid_to}
        for adoption, _ in layer.adopts:
            days |= {adoption.from_, adoption.to}
    return sorted(day for day in days if day is not None)


def special(jurisdiction: Jurisdiction, plain: Occasion) -> Iterator[tuple[str, Occasion]]:
    """One occasion for each `only` of its values, in words."""
    seen = set()
    for values in jurisdiction.values.values():
        for value in values:
            for selector in value.only:
                occasion = fitting_one(selector, plain)
                if occasion not in seen:
                    seen.add(occasion)
                    yield for_whom(value), occasion
