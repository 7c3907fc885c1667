"""A rule as the law gives it: a value from a day on, by an article of a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, TypeVar

from haochaping.policy.occasions import Selector, facets

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation, notice or decision. `number`, `issued`, `issuer` are None where they are not known for sure."""

    title: Annotated[str, "its title"]
    number: Annotated[str | None, "its number, e.g. 云政办发〔2020〕6号"] = None
    issued: Annotated[date | None, "the day of issue"] = None
    issuer: Annotated[str | None, "who issued it"] = None


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """`value` holds from `valid_from` until before `valid_to` (None: open), by `article` of `document`.

    `seen_through`: the rule itself was not at hand, `document` is the one in which it was seen.
    `reading`: how a text that can be read in two ways is read here, and why; None where it is plain.
    `absent`: it is laid down that nothing applies; `value` is then None. `place` is file and line.
    `through`: `document` lays it down, and this is the one in which it was seen.
    """

    value: T
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    document: Document
    article: str | None
    seen_through: bool
    reading: str | None
    wording: str | None
    checked_until: date | None
    key: str
    only: tuple[Selector, ...]
    excepted: tuple[Selector, ...]
    precedence: int
    absent: bool
    place: str
    through: Document | None

    def holds(self, on: date) -> bool:
        """Whether the value is in force on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def fits(self, facts: Mapping[str, object]) -> bool:
        """Whether the value is for an occasion with these facts."""
        return selected(facts, self.only, self.excepted)

    @property
    def rank(self) -> tuple[int, int]:
        """Of two values of one file that fit the same occasion, the higher one is chosen."""
        return self.precedence, max((len(facets(each)) for each in self.only), default=0)

    @property
    def citation(self) -> str:
        """《昆明市政务服务“好差评”实施办法》第七条; with 据 where it was only seen through a document."""
        cited = f"《{self.document.title}》{self.article or ''}"
        if self.through is not None:
            return f"{cited}（据《{self.through.title}》）"
        return f"据{cited}" if self.seen_through else cited


def selected(facts: Mapping[str, object], only: Sequence[Selector], excepted: Sequence[Selector]) -> bool:
    """Whether the facts fit one of `only` (none given: anything fits) and none of `excepted`."""
    if only and not any(each.fits(facts) for each in only):
        return False
    return not any(each.fits(facts) for each in excepted)
