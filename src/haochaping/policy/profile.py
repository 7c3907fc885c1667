"""The rules of one place on one day, every value with its citation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from haochaping.foundation.workdays import Deadline, WorkCalendar
from haochaping.policy.dimensions import Default, Level, Limit, Naming, Objection, Revisit, Score
from haochaping.policy.values import Value


@dataclass(frozen=True, eq=False)
class Profile:
    """What is in force; None is 未规定: no document says so, and what depends on it is off.

    `key`, `name`: the narrowest jurisdiction that applies. `layers`: all that apply, the narrowest first.
    `version`: a short hash of the effective values with their citations; equal rules have equal versions.
    """

    key: str
    name: str
    layers: tuple[str, ...]
    version: str
    levels: Value[tuple[Level, ...]] | None
    window: Value[Limit] | None
    default: Value[Default] | None
    bad_needs_reason: Value[bool] | None
    naming: Value[Naming] | None
    rectification: Value[Limit] | None
    objection: Value[Objection] | None
    review: Value[Limit] | None
    revisit: Value[Revisit] | None
    points: Value[Mapping[int, Decimal]] | None
    score: Value[Score] | None
    calendar: WorkCalendar = field(repr=False)
    labels: Mapping[int, str] = field(init=False, repr=False)
    bad_levels: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        levels = self.levels.value if self.levels else ()
        object.__setattr__(self, "labels", {level.number: level.label for level in levels})
        object.__setattr__(self, "bad_levels", frozenset(level.number for level in levels if level.bad))

    def is_bad(self, level: int) -> bool:
        """Whether the level is a 差评 here. False where no levels are laid down."""
        return level in self.bad_levels

    @property
    def reason_needed(self) -> bool:
        """Whether a 差评 needs a tag or a text. False where it is not laid down."""
        return self.bad_needs_reason is not None and self.bad_needs_reason.value

    @property
    def default_level(self) -> int | None:
        """The level that silence stands for, or None: whoever has not rated is un-rated."""
        return self.default.value.level if self.default else None

    def rating_window(self, service_day: date) -> Deadline | None:
        """Until when a service of this day can be rated; None: it never closes."""
        return self._deadline(self.window.value if self.window else None, service_day)

    def default_deadline(self, service_day: date) -> Deadline | None:
        """When silence about a service of this day becomes the default level; None: never."""
        return self._deadline(self.default.value.limit if self.default else None, service_day)

    def rectification_deadline(self, verified_day: date) -> Deadline | None:
        """Until when a 差评 verified on this day is to be rectified; None: no limit is laid down."""
        return self._deadline(self.rectification.value if self.rectification else None, verified_day)

    def objection_deadline(self, notified_day: date) -> Deadline | None:
        """Until when the rated may object, told of the rating on this day; None: no limit is laid down."""
        return self._deadline(self.objection.value.limit if self.objection else None, notified_day)

    def review_deadline(self, objected_day: date) -> Deadline | None:
        """Until when an objection of this day is to be decided and answered; None: no limit is laid down."""
        return self._deadline(self.review.value if self.review else None, objected_day)

    def citation(self, dimension: str) -> str | None:
        """The clause of a dimension: 《昆明市政务服务“好差评”实施办法》第七条; None where it is 未规定.

        Raises KeyError for a name that is no dimension.
        """
        value = self.values()[dimension]
        return value.citation if value else None

    def values(self) -> dict[str, Value[object] | None]:
        """Every dimension with its value and citation, None where it is 未规定."""
        return {name: getattr(self, name) for name in DIMENSION_FIELDS}

    def _deadline(self, limit: Limit | None, start: date) -> Deadline | None:
        if limit is None:
            return None
        return self.calendar.deadline(start, limit.n, limit.unit, count_first=limit.count_first)


_NOT_DIMENSIONS = {"key", "name", "layers", "version", "calendar", "labels", "bad_levels"}
DIMENSION_FIELDS = tuple(each.name for each in fields(Profile) if each.name not in _NOT_DIMENSIONS)
