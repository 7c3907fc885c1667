"""What simulated citizens write: composed of many parts, by level, by what they came for, and by their tags. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from haochaping.simulation.people import name, phone

_FILE: Final = Path(__file__).with_name("comments.toml")
_LISTS: Final = {5: "good", 4: "good", 3: "middling", 2: "bad", 1: "bad"}
# More than two reasons nobody writes out.
_REASONS: Final = 2


@dataclass(frozen=True, slots=True)
class Said:
    """About what somebody writes. `masked`: he names somebody, or a number to call."""

    level: int
    tags: Sequence[int]
    item: str
    online: bool
    masked: bool


def comment(random: Random, about: Said) -> str:
    """A text of some sentences; the same for the same draws."""
    parts = _parts()[_LISTS[about.level]]
    written = [random.choice(parts["opening"]), random.choice(parts["online" if about.online else "hall"])]
    written += _main(random, parts["main"], about.tags)
    written.append(random.choice(parts["masked" if about.masked else "closing"]))
    return "".join(written).format(
        item=about.item, n=random.randrange(2, 6), person=name(random), phone=phone(random)
    )


def _main(
    random: Random, main: Sequence[str] | Mapping[str, Sequence[str]], tags: Sequence[int]
) -> list[str]:
    if not isinstance(main, Mapping):
        return [random.choice(main)]
    known = [str(tag) for tag in tags if str(tag) in main][:_REASONS] or ["0"]
    return [random.choice(main[each]) for each in known]


@cache
def _parts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
