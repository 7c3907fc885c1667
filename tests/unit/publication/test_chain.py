"""A chain of publications: whatever is altered, taken out or put in between is seen."""

from typing import Any

import pytest

from haochaping.publication.chain import BEGINNING, Broken, broken, canonical, digest

Chain = list[tuple[dict[str, Any], str]]


def chain(length: int) -> Chain:
    found: Chain = []
    before = BEGINNING
    for place in range(1, length + 1):
        record = {"number": f"GB{place}", "sequence": place, "before": before, "地区": "昆明市"}
        before = digest(record)
        found.append((record, before))
    return found


def test_what_was_published_fits_from_the_first_on_and_from_any_other() -> None:
    assert list(broken(chain(4))) == []
    assert list(broken(chain(4)[2:])) == []
    assert list(broken([])) == []


def altered(said: Chain) -> Chain:
    return [
        (({**record, "地区": "别处"}) if place == 1 else record, kept)
        for place, (record, kept) in enumerate(said)
    ]


def sealed_anew(said: Chain) -> Chain:
    """Altered, with a new digest of its own."""
    record = {**said[1][0], "地区": "别处"}
    return [said[0], (record, digest(record)), *said[2:]]


def another_beginning(said: Chain) -> Chain:
    record = {**said[0][0], "before": "1" * 64}
    return [(record, digest(record))]


@pytest.mark.parametrize(
    ("attack", "seen"),
    [
        (altered, [Broken("GB2", "altered")]),
        (sealed_anew, [Broken("GB3", "before")]),
        (lambda said: [said[0], *said[2:]], [Broken("GB3", "missing")]),
        (lambda said: [said[0], said[0], *said[1:]], [Broken("GB1", "missing")]),
        (another_beginning, [Broken("GB1", "before")]),
    ],
)
def test_what_does_not_fit_is_named(attack: Any, seen: list[Broken]) -> None:
    assert list(broken(attack(chain(3)))) == seen


def test_the_bytes_are_those_that_the_page_describes() -> None:
    assert canonical({"b": 1, "a": "昆明"}) == '{"a":"昆明","b":1}'.encode()
