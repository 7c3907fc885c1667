"""What the public sees by channel and by tag, of the whole place and of its divisions, as it was frozen today."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from haochaping.foundation.clock import local_day
from haochaping.oversight.watch_words import channel_words
from haochaping.publication.models import DayBreakdown
from haochaping.publication.rules import FEW, hidden, hidden_cells
from haochaping.rectification.queries import tag_names
from haochaping.rectification.rulebook import tags
from haochaping.tallies.rules import Counts, share

WHOLE = ""
# So many tags of a place are called hot.
HOT = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Ratings by one channel, or with one tag (`code`). `counts` None: too few, or another could be worked out."""

    code: int
    name: str
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class PlaceParts:
    """Of one division, by its code; WHOLE is all of them. `tags`: the HOT most frequent of those shown, the most frequent
    first; `praise` are those of good levels."""

    code: str
    name: str
    channels: tuple[Part, ...]
    praise: tuple[Part, ...]
    blame: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """As of `taken_at`. `through`: how many of the ratings received from `first` to `last` came through a client of the
    organisation that they rate, of how many; None where fewer than FEW are one of the two kinds."""

    taken_at: datetime
    places: tuple[PlaceParts, ...]
    first: date
    last: date
    through: tuple[int, int] | None

    @property
    def through_share(self) -> Any:
        """As a share; None where there is none."""
        return share(*self.through) if self.through else None


def breakdown(*, now: datetime) -> Breakdown | None:
    """The last that was frozen; None before the first."""
    row = DayBreakdown.objects.filter(published_on__lte=local_day(now)).order_by("-published_on").first()
    if row is None:
        return None
    said = json.loads(row.text)
    channels, known = _table(said["channels"])
    marks, more = _table(said["tags"])
    names = known | more
    closed = hidden(_sums(channels))
    shown = {"channels": _shown(channels, closed), "tags": _shown(marks, closed)}
    return Breakdown(
        taken_at=row.taken_at,
        places=tuple(_place(code, names.get(code, ""), shown) for code in (WHOLE, *sorted(names))),
        first=date.fromisoformat(said["through"]["first"]),
        last=date.fromisoformat(said["through"]["last"]),
        through=_through(said["through"]),
    )


_Table = dict[tuple[str, int], Counts]
_Shown = Mapping[tuple[str, int], Counts | None]


def _table(rows: Sequence[Sequence[Any]]) -> tuple[_Table, dict[str, str]]:
    """(division code, code of the channel or tag) → counts, and the names of the divisions."""
    counted = {(code, key): Counts(0, 0, *levels) for code, _name, key, *levels in rows}
    return counted, {code: name for code, name, *_rest in rows}


def _sums(table: _Table) -> dict[str, Counts]:
    sums: dict[str, Counts] = {}
    for (code, _key), counts in table.items():
        sums[code] = sums.get(code, Counts()) + counts
    return sums


def _shown(table: _Table, closed: frozenset[str]) -> _Shown:
    """With the whole place beside its divisions; None for what is not shown."""
    whole: _Table = {}
    for (_code, key), counts in table.items():
        whole[WHOLE, key] = whole.get((WHOLE, key), Counts()) + counts
    # What is too small of the whole place is too small everywhere.
    small = hidden_cells({cell: counts.rated for cell, counts in whole.items()}, closed=())
    few = {key for _whole, key in small}
    cells = {cell: counts.rated for cell, counts in table.items() if cell[1] not in few}
    shut = hidden_cells(cells, closed=closed)
    divisions = {
        cell: counts if cell in cells and cell not in shut else None for cell, counts in table.items()
    }
    return {cell: None if cell in small else counts for cell, counts in whole.items()} | divisions


def _place(code: str, name: str, shown: Mapping[str, _Shown]) -> PlaceParts:
    channels = tuple(
        Part(key, str(channel_words(key)), counts)
        for (place, key), counts in sorted(shown["channels"].items())
        if place == code
    )
    marks = {key: counts for (place, key), counts in shown["tags"].items() if place == code and counts}
    return PlaceParts(code, name, channels, _hot(marks, good=True), _hot(marks, good=False))


def _hot(marks: Mapping[int, Counts], *, good: bool) -> tuple[Part, ...]:
    """The tags that the national list gives to good levels, or to bad ones."""
    fitting = [key for key in marks if (tag := tags().decode(str(key))) and (tag.level >= 3) is good]
    ordered = sorted(fitting, key=lambda key: (-marks[key].rated, key))[:HOT]
    return tuple(Part(key, name, marks[key]) for key, name in zip(ordered, tag_names(ordered), strict=True))


def _through(said: Mapping[str, Any]) -> tuple[int, int] | None:
    of_rated, everything = said["of_rated"], said["all"]
    few = any(0 < part < FEW for part in (of_rated, everything - of_rated))
    return None if few or not everything else (of_rated, everything)
