"""Answers out of the export in force."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.analysis.engine import asked, opened, turn
from haochaping.analysis.questions import MOST_GROUPS, SAID, Dimension, Question, statement
from haochaping.analysis.rules import withheld
from haochaping.analysis.sets import DEFAULTS, OCCASIONS, ORDERS, SETS, ExportedSet
from haochaping.analysis.shelf import Manifest, in_force, place
from haochaping.foundation.errors import Refused
from haochaping.registry.queries import trial_organisations
from haochaping.tallies.rules import Counts

# Told in their own order; by anything else the largest group comes first.
_ORDERED: Final = frozenset({Dimension.LEVEL, Dimension.HOUR, Dimension.WEEKDAY, Dimension.MONTH})


class TooMany(Refused):
    """More groups than are told."""


@dataclass(frozen=True, slots=True)
class Group:
    """One line of an answer: a value of each dimension, None where the rows have none. `counts` and `orders` are None where
    the group is too small to be shown."""

    keys: tuple[Any, ...]
    counts: Counts | None
    orders: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, out of the export of `as_of` with `differences` from the tallies. `months`: the first and the last of
    which there is anything in it; None: of none. `occasions`, `defaults`, `orders`: whether these are known by what was
    asked."""

    question: Question
    as_of: datetime
    differences: int
    months: tuple[date, date] | None
    groups: tuple[Group, ...]
    occasions: bool
    defaults: bool
    orders: bool

    @property
    def withheld(self) -> int:
        """How many groups are too small to be shown."""
        return sum(group.counts is None for group in self.groups)


def answer(question: Question, *, reach: Collection[int] | None, small_groups: bool) -> Answer:
    """Of the organisations in `reach`, None: of all; of the self-test's never. Without `small_groups` they are withheld.

    Raises NoExport, TooMany, TooLong, Unreadable.
    """
    home = place()
    try:
        manifest, rows = _rows(home, question, reach)
    except FileNotFoundError:
        # A new export has just taken the place of the one that was being read.
        manifest, rows = _rows(home, question, reach)
    if len(rows) > MOST_GROUPS:
        words = _("结果超过%(most)d行，请少选一个分组，或者加一个条件。") % {"most": MOST_GROUPS}
        raise TooMany("too_many", words)
    depth = len(question.by)
    groups = [Group(row[:depth], Counts(*row[depth:-1]), row[-1]) for row in rows]
    if question.by and question.by[0] in _ORDERED:
        groups.sort(key=lambda group: [(key is None, key) for key in group.keys])
    months = [each for each in manifest.months if question.within(each)]
    return Answer(
        question=question,
        as_of=manifest.as_of,
        differences=manifest.differences,
        months=(months[0], months[-1]) if months else None,
        groups=tuple(groups if small_groups else _veiled(question, groups)),
        occasions=OCCASIONS in question.sets,
        defaults=DEFAULTS in question.sets,
        orders=ORDERS in question.sets,
    )


def _rows(
    home: Path, question: Question, reach: Collection[int] | None
) -> tuple[Manifest, list[tuple[Any, ...]]]:
    manifest = in_force()
    paths = _paths(home, manifest, question)
    if not any(paths[each] for each in question.sets):
        return manifest, []
    if missing := next((path for each in paths.values() for path in each if not path.exists()), None):
        raise FileNotFoundError(missing)
    tested = sorted(trial_organisations())
    said, values = statement(question, paths, None if reach is None else sorted(reach), tested)
    with turn(), opened(home, memory="256MB") as database:
        return manifest, asked(database, said, values)


def _paths(home: Path, manifest: Manifest, question: Question) -> Mapping[ExportedSet, list[Path]]:
    return {
        each: [home / file.path for file in manifest.of(each.name) if question.within(file.month)]
        for each in SETS
    }


def _veiled(question: Question, groups: list[Group]) -> list[Group]:
    """The groups, those that are too small without their figures. What was said makes no group smaller: all levels of a
    window are one group."""
    whose = [place for place, each in enumerate(question.by) if each not in SAID]
    keys = [tuple(group.keys[place] for place in whose) for group in groups]
    sizes: dict[tuple[Any, ...], int] = {}
    for key, group in zip(keys, groups, strict=True):
        sizes[key] = sizes.get(key, 0) + (group.counts.rated if group.counts else 0)
    closed = withheld(sizes)
    return [
        replace(group, counts=None, orders=None) if key in closed else group
        for key, group in zip(keys, groups, strict=True)
    ]
