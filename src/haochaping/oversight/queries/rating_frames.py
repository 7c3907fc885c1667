"""What is drawn of ratings in a period, by which rules, and the numbers of the frames: made when it is drawn, and again by
whoever checks it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from haochaping.foundation.keys import key_for
from haochaping.foundation.workdays import due_instant
from haochaping.oversight.drawing import Frame, kind_of
from haochaping.oversight.models import RevisitPeriod
from haochaping.oversight.numbering import Numbers, numbered
from haochaping.oversight.queries.whose_rules import rules_of
from haochaping.oversight.revisiting import DEFAULTS, GOOD, Terms, terms_for_ratings
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries.frames import Drawable, Population, drawable
from haochaping.registry import queries as registry

_ONE_DAY: Final = timedelta(days=1)
_Levels = tuple[int, ...] | None


@dataclass(slots=True)
class Drawing:
    """One rule, as it stands for all these organisations. `scopes`: organisation → of whom the share is; `frames`: scope →
    its frame, still without numbers; `levels`: organisation → the levels that count (None: all); `rules` of each."""

    terms: Terms
    begin: datetime
    end: datetime
    scopes: dict[int, int] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    levels: dict[int, _Levels] = field(default_factory=dict)
    rules: dict[int, Profile] = field(default_factory=dict)

    def populations(self, as_of: datetime) -> Iterator[Population]:
        """What is read: organisations with the same good levels together."""
        for levels in dict.fromkeys(self.levels.values()):
            mine = [each for each, said in self.levels.items() if said == levels]
            defaults = self.terms.of == DEFAULTS
            yield Population(mine, self.begin, self.end, as_of, levels, defaults)


def drawings(period: RevisitPeriod, rulebook: Rulebook, only: Collection[int] = ()) -> tuple[Drawing, ...]:
    """What the rules of the period's last day want drawn of it, by rule; `only`: of these scopes alone.

    Rules are asked for an organisation as a whole: one that picks ratings by their channel, item or the like is not chosen.
    """
    on = period.last_day
    begin, end = due_instant(period.first_day - _ONE_DAY), due_instant(on)
    authorities, found = registry.authorities(on), dict[Terms, Drawing]()
    for each in registry.organisations(on):
        rules = rules_of(each, rulebook, on)
        for terms in terms_for_ratings(rules) if rules is not None else ():
            own = "organisation" in terms.per
            scope = each.id if own else authorities.get(each.division_id, each.id)
            if rules is None or kind_of(terms.per) != period.kind or (only and scope not in only):
                continue
            drawing = found.setdefault(terms, Drawing(terms, begin, end))
            drawing.scopes[each.id], drawing.rules[each.id] = scope, rules
            drawing.levels[each.id] = _good(rules) if terms.of == GOOD else None
    for drawing in found.values():
        _name_scopes(drawing, period)
    return tuple(sorted(found.values(), key=lambda each: (each.terms.rule, each.terms.version())))


def numbers_of(drawing: Drawing, as_of: datetime) -> Mapping[int, Numbers]:
    """Scope → its frame, of all that have ratings."""
    runs: dict[int, bytearray] = {}
    for scope_id, number, _ in rows_of(drawing, as_of):
        runs.setdefault(scope_id, bytearray()).extend(number)
    return {scope_id: Numbers([bytes(run)]) for scope_id, run in sorted(runs.items())}


def rows_of(drawing: Drawing, as_of: datetime) -> Iterator[tuple[int, bytes, Drawable]]:
    """Scope, number and row of every rating of the frames, in no particular order."""
    key = key_for("revisit frame")
    ways = {scope_id: numbered(key, of) for scope_id, of in drawing.frames.items()}
    for population in drawing.populations(as_of):
        for row in drawable(population):
            scope_id = drawing.scopes[row.organisation_id]
            yield scope_id, ways[scope_id](row.id), row


def number_in(of: Frame, rating_id: UUID) -> bytes:
    """The number of one rating in a frame."""
    return numbered(key_for("revisit frame"), of)(rating_id)


def _name_scopes(drawing: Drawing, period: RevisitPeriod) -> None:
    called = registry.organisations_called(set(drawing.scopes.values()), period.last_day)
    for scope_id, (_, code) in called.items():
        drawing.frames[scope_id] = Frame(drawing.terms.rule, code, period.first_day, ())


def _good(rules: Profile) -> tuple[int, ...]:
    levels = rules.levels.value if rules.levels else ()
    return tuple(level.number for level in levels if level.good)
