"""One occasion on its way through the rules: what happened to it, and what the rules say at each step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from haochaping.foundation.clock import CN, local_day
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import PAUSES, Limit
from haochaping.policy.occasions import Occasion
from haochaping.policy.office_time import Pause
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario_file import Given, Happened, Rated
from haochaping.policy.score_figures import Cell
from haochaping.policy.shapes import keys
from haochaping.policy.values import Value
from haochaping.policy.vocabulary import BODIES
from haochaping.policy.wording import words_of

NOT_LAID_DOWN: Final = "未规定"
NOT_BEGUN: Final = "尚未起算"
IN_TIME, LATE, OVERDUE, RUNNING, PROVISIONAL = "按时", "逾期完成", "逾期", "期内", "推定期限，暂不生效"

Pick = Callable[[Profile], Limit | None]


@dataclass
class Story:
    """What is given, and `facts`: what was found, by the words that expectations use. `now`: looked at then.

    `taken`: what was accepted from the citizen, in order. `unsatisfied`: when he was not, with the rectification.
    `beside`: a rating that leaves the default in its place.
    """

    given: Given
    rulebook: Rulebook
    ratings: Sequence[Rated]
    happened: Sequence[Happened]
    now: datetime
    occasion: Occasion = field(init=False)
    events: dict[str, datetime] = field(init=False)
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: list[tuple[str, Cell]] = field(default_factory=list)
    dues: dict[str, Due] = field(default_factory=dict)
    bad: Rated | None = None
    withdrawn: str = ""
    taken: list[Rated] = field(default_factory=list)
    unsatisfied: list[datetime] = field(default_factory=list)
    beside: bool = False
    profiles: list[Profile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.occasion = self.given.occasion
        self.events = {word: at for word, at in self.given.events.items() if at <= self.now}
        for each in self.happened:
            if each.at <= self.now and each.outcome != "failed":
                self.events.setdefault(each.event, each.at)

    @property
    def began(self) -> datetime:
        """The instant whose day decides what a rating means: the service, else the first thing that is known."""
        return self.given.events.get("service") or min(self.given.events.values())

    def rules(self, step: datetime | None = None) -> Profile:
        """The rules for this occasion, with procedure as of the step's day (else of the day of looking)."""
        profile = self.rulebook.rules(
            self.occasion,
            local_day(self.began),
            step=local_day(step or self.now),
            rated=local_day(self.events["rating"]) if "rating" in self.events else None,
            accepted=local_day(self.events["acceptance"]) if "acceptance" in self.events else None,
        )
        if profile not in self.profiles:
            self.profiles.append(profile)
        return profile

    @property
    def course(self) -> Course:
        """What has happened, with the steps that are or were pending."""
        pauses: dict[str, list[Pause]] = {}
        for each in self.happened:
            ends = PAUSES.get(each.event)
            if ends is None or each.at > self.now:
                continue
            found = [
                other.at for other in self.happened if other.event == ends and each.at <= other.at <= self.now
            ]
            pauses.setdefault(each.event, []).append(Pause(each.at, min(found, default=None)))
        return Course(self.events, pauses)

    def procedural(self, pick: Pick) -> tuple[Due | None, Profile, Limit | None]:
        """A limit of procedure: by the rules of the day of the event from which it runs.

        Without that event the limit as it stands now, and None for when it ends.
        """
        for word, at in sorted(self.events.items(), key=lambda each: each[1]):
            profile = self.rules(at)
            limit = pick(profile)
            if limit is not None and word == limit.start(self.events):
                return profile.due(limit, self.course), profile, limit
        profile = self.rules()
        return None, profile, pick(profile)

    def note(self, key: str, said: Any, value: Value[Any] | None = None, *, word: str = "") -> None:
        """Keeps a fact, with the clause it rests on. `word`: the key of the value of whose words it is one."""
        self.facts[key] = said
        by = f"（{value.citation}）" if value is not None else ""
        means = f" {word_told(type(value.value), word, said)}" if value is not None and word else ""
        self.notes.append(f"{key} = {told(said)}{means}{by}")

    def note_due(
        self, key: str, found: Due | None, laid_down: object, value: Value[Any] | None = None
    ) -> None:
        """Keeps when something is due: its last day, or its instant; or why there is none."""
        if found is None:
            self.note(key, NOT_LAID_DOWN if laid_down is None else NOT_BEGUN, value)
            return
        self.dues[key] = found
        self.note(key, found.last_day or local_time(found.due_at), value)
        if found.provisional:
            self.note(f"{key}_provisional", True)

    def state(self, found: Due | None, done: datetime | None) -> str:
        """How a step stands against its limit; "" where there is none to stand against."""
        if found is None:
            return ""
        if done is not None:
            return IN_TIME if done < found.due_at else LATE
        if self.now < found.due_at:
            return RUNNING
        return PROVISIONAL if found.provisional else OVERDUE

    @property
    def verified(self) -> bool:
        """Whether the bad rating was verified, and not found untrue."""
        return "verification" in self.events and self.occasion.finding != "rejected"

    def found(self, finding: str) -> None:
        """Keeps what the verification found: rules may look at it from now on."""
        self.occasion = self.occasion._replace(finding=finding)

    def all(self, event: str) -> list[Happened]:
        """Every time that an event happened."""
        return [each for each in self.happened if each.event == event and each.at <= self.now]

    def times(self, event: str, outcome: str) -> list[Happened]:
        """Every time that an event happened with this outcome."""
        return [each for each in self.all(event) if each.outcome == outcome]

    def last(self, event: str) -> Happened | None:
        """The last time that an event happened, if it did."""
        found = self.all(event)
        return found[-1] if found else None


def passed(found: Due | None, now: datetime) -> bool:
    """Whether a limit has run out; a provisional one sets nothing off."""
    return found is not None and not found.provisional and now >= found.due_at


def body_told(body: str) -> str:
    """The body in words; one that no word names as it is written."""
    return BODIES.get(body, body.removeprefix("named:"))


def word_told(shape: type, name: str, said: str) -> str:
    """A word of a key of a shape, in the words of the regulations."""
    kind = next(key.kind for key in keys(shape) if key.name == name)
    return words_of(kind, said)


def local_time(at: datetime) -> datetime:
    """As a scenario writes it: the local time without a zone."""
    return at.astimezone(CN).replace(tzinfo=None)


def told(said: Any) -> str:
    """For people."""
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, (list, tuple)):
        return "、".join(told(each) for each in said) or "无"
    return str(said)
