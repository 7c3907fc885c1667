"""The rules of one occasion on one day, every value with its citation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import Deadline, Unit, WorkCalendar
from haochaping.policy.counting import Course, Due, due
from haochaping.policy.limits import Limit, Span
from haochaping.policy.listed import ListRule
from haochaping.policy.objections import Objection, Revisit, Transition, Voiding
from haochaping.policy.publicity import DatedDuty, Keeping, LocalDays, OfficeHours, Publication
from haochaping.policy.redress import (
    BadClass,
    Duty,
    Escalation,
    Extension,
    NoLegalBasis,
    SendBack,
    Step,
    Trigger,
    Verdict,
)
from haochaping.policy.scores import Score
from haochaping.policy.values import Value
from haochaping.policy.voice import (
    HIGHEST_LEVEL,
    AfterDefault,
    Channels,
    Correction,
    Counting,
    Default,
    Frequency,
    Invitation,
    Level,
    Naming,
    Question,
    ReasonForm,
    Repetition,
    Subject,
    Supplement,
    Survey,
    Withdrawal,
)


@dataclass(frozen=True, eq=False)
class Profile:
    """What is in force; None (or no entry) is 未规定: no document says so, and what depends on it is off.

    `key`, `name`: the jurisdiction that goes first. `layers`: all that apply, in that order.
    `version`: a short hash of the effective values with their citations; equal rules have equal versions.
    """

    key: str
    name: str
    layers: tuple[str, ...]
    version: str
    levels: Value[tuple[Level, ...]] | None
    ratable: Value[bool] | None
    subjects: Value[tuple[Subject, ...]] | None
    frequency: Value[Frequency] | None
    repetition: Value[Repetition] | None
    channels: Value[Channels] | None
    questions: Mapping[str, Value[Question]]
    naming: Value[Naming] | None
    bad_needs_reason: Value[bool] | None
    reason_form: Value[ReasonForm] | None
    window: Value[Limit] | None
    invitations: Mapping[str, Value[Invitation]]
    default: Value[Default] | None
    after_default: Value[AfterDefault] | None
    correction: Value[Correction] | None
    withdrawal: Value[Withdrawal] | None
    supplement: Value[Supplement] | None
    follow_up: Value[Supplement] | None
    counting: Value[Counting] | None
    trigger: Value[Trigger] | None
    steps: Mapping[str, Value[Step]]
    responsibility: Mapping[str, Value[Duty]]
    classes: Mapping[str, Value[BadClass]]
    rectification: Value[Limit] | None
    extensions: Mapping[str, Value[Extension]]
    send_back: Value[SendBack] | None
    no_legal_basis: Value[NoLegalBasis] | None
    verdict: Value[Verdict] | None
    escalations: Mapping[str, Value[Escalation]]
    objection: Value[Objection] | None
    review: Value[Limit] | None
    appeal: Value[Objection] | None
    appeal_review: Value[Limit] | None
    voiding: Value[Voiding] | None
    revisits: Mapping[str, Value[Revisit]]
    points: Value[Mapping[int, Decimal]] | None
    scores: Mapping[str, Value[Score]]
    lists: Mapping[str, Value[ListRule]]
    surveys: Mapping[str, Value[Survey]]
    publication: Mapping[str, Value[Publication]]
    duties: Mapping[str, Value[DatedDuty]]
    keeping: Mapping[str, Value[Keeping]]
    local_days: Mapping[str, Value[LocalDays]]
    office_hours: Value[tuple[OfficeHours, ...]] | None
    transition: Value[Transition] | None
    calendar: WorkCalendar = field(repr=False)
    labels: Mapping[int, str] = field(init=False, repr=False)
    bad_levels: frozenset[int] = field(init=False, repr=False)
    # How a row names the rules that decided it: key@version, at most 40 characters.
    label: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        levels = self.levels.value if self.levels else ()
        object.__setattr__(self, "labels", {level.number: level.label for level in levels})
        object.__setattr__(self, "bad_levels", frozenset(level.number for level in levels if level.bad))
        object.__setattr__(self, "label", f"{self.key[: 39 - len(self.version)]}@{self.version}")

    def is_bad(self, level: int) -> bool:
        """Whether the level is a 差评 here. False where no levels are laid down."""
        return level in self.bad_levels

    @property
    def reason_needed(self) -> bool:
        """Whether a 差评 needs a tag or a text. False where it is not laid down."""
        return self.bad_needs_reason is not None and self.bad_needs_reason.value

    @property
    def staff(self) -> Subject | None:
        """How the member of staff is rated beside the item, in levels of his own; None where the rules do not say so."""
        subjects = self.subjects.value if self.subjects else ()
        return next((each for each in subjects if each.subject == "staff" and each.rated == "apart"), None)

    def rated_without_case(self, subject: str) -> bool:
        """Whether such a thing is rated, and no reported case is asked for."""
        subjects = self.subjects.value if self.subjects else ()
        return any(each.subject == subject and not each.needs_case for each in subjects)

    def opens_order(self, level: int) -> bool:
        """Whether the level is a 差评 after which these rules lay down that something is done."""
        return self.is_bad(level) and self.trigger is not None

    @property
    def named_levels(self) -> frozenset[int]:
        """The levels that can only be given with a real name; none where nothing is laid down of names."""
        naming = self.naming.value if self.naming else None
        if naming is not None and not naming.anonymous:
            return frozenset(self.labels or range(1, HIGHEST_LEVEL + 1))
        return self.bad_levels if naming is not None and naming.conditional else frozenset()

    @property
    def default_level(self) -> int | None:
        """The level that silence stands for, or None: whoever has not rated is un-rated."""
        return self.default.value.level if self.default else None

    def rating_window(self, service_day: date) -> Deadline | None:
        """Until when a service of this day can be rated; None: it never closes, or runs from another event."""
        return self._after(self.window.value if self.window else None, "service", service_day)

    def default_deadline(self, service_day: date) -> Deadline | None:
        """When silence about a service of this day becomes the default level; None: never, or see `due`."""
        return self._after(self.default.value.limit if self.default else None, "service", service_day)

    def rectification_deadline(self, verified_day: date) -> Deadline | None:
        """Until when a 差评 verified on this day is to be rectified; None: no limit from that day."""
        return self._after(
            self.rectification.value if self.rectification else None, "verification", verified_day
        )

    def objection_deadline(self, notified_day: date) -> Deadline | None:
        """Until when the rated may object, told of the rating on this day; None: no limit from that day."""
        return self._after(
            self.objection.value.limit if self.objection else None, "notification", notified_day
        )

    def review_deadline(self, objected_day: date) -> Deadline | None:
        """Until when an objection of this day is to be decided and answered; None: no limit from that day."""
        return self._after(self.review.value if self.review else None, "objection", objected_day)

    def due(self, limit: Span | None, course: Course) -> Due | None:
        """When a limit of this profile ends, given what has happened; None where none is laid down.

        Also None while its event has not happened; see `policy.counting.due`.
        """
        hours = self.office_hours.value if self.office_hours else ()
        return due(limit, course, self.calendar, hours=hours) if limit is not None else None

    def citation(self, dimension: str) -> str | None:
        """The clause of a dimension: 《昆明市政务服务“好差评”实施办法》第七条; None where it is 未规定.

        One of many is named with its key: `steps.contact`. Raises KeyError for a name that is no dimension.
        """
        name, _, key = dimension.partition(".")
        if name not in DIMENSION_FIELDS:
            raise KeyError(dimension)
        value = self.values().get(dimension)
        if value is None and not key:
            value = next((each for n, each in self.values().items() if n.startswith(f"{name}.")), None)
        return value.citation if value else None

    def value(self, dimension: str, key: str = "") -> Value[Any] | None:
        """One value, of many the one with this key; None where it is 未规定. Raises KeyError for no dimension."""
        if dimension not in DIMENSION_FIELDS:
            raise KeyError(dimension)
        found = getattr(self, dimension)
        return found.get(key) if isinstance(found, Mapping) else found

    def values(self) -> dict[str, Value[object] | None]:
        """Every dimension with its value and citation, None where it is 未规定; of many, `name.key` each."""
        found: dict[str, Value[object] | None] = {}
        for name in DIMENSION_FIELDS:
            value = getattr(self, name)
            if isinstance(value, Mapping) and value:
                found.update({f"{name}.{key}": each for key, each in value.items()})
            else:
                found[name] = value or None
        return found

    def _after(self, limit: Limit | None, event: str, start: date) -> Deadline | None:
        if limit is None or (limit.after != event and event not in limit.or_after):
            return None
        if limit.whichever == "last":
            # Of the other events nothing is said here.
            return None
        # By far the most, and the ones that are counted by the million.
        plain = limit.roll == "none" and limit.cap is limit.floor is None and not limit.start_on_workday
        if plain and limit.n and limit.unit in ("workday", "calendar_day"):
            unit = cast(Unit, limit.unit)
            return self.calendar.deadline(start, limit.n, unit, count_first=bool(limit.count_first))
        found = self.due(limit, Course({event: datetime.combine(start, time(), CN)}))
        return found and Deadline(found.due_at, found.last_day or local_day(found.due_at), found.provisional)


_NOT_DIMENSIONS = {"key", "name", "layers", "version", "calendar", "labels", "bad_levels", "label"}
DIMENSION_FIELDS = tuple(each.name for each in fields(Profile) if each.name not in _NOT_DIMENSIONS)
