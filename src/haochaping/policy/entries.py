"""One dated, cited entry of a rule file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations
from typing import Annotated, Any

from haochaping.policy.dimensions import DIMENSIONS, Dimension
from haochaping.policy.limits import Word
from haochaping.policy.occasions import Selector, never_both
from haochaping.policy.reading import WRONG, Reader, word_hint
from haochaping.policy.shapes import Loose, Range, keys, kind_of
from haochaping.policy.values import Document, Value
from haochaping.policy.vocabulary import STEPS

Selectors = Annotated[tuple[Selector, ...], Loose()]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What stands beside the value of an entry: dates, citation, and for whom it is."""

    from_: Annotated[date, "the first day"]
    to: Annotated[date | None, "the first day on which it no longer holds"] = None
    document: Annotated[str | None, "the key of the document that lays it down"] = None
    seen_through: Annotated[str | None, "the one through which it was seen; with `document`: both"] = None
    article: Annotated[str | None, "the article"] = None
    wording: Annotated[str | None, "the words themselves"] = None
    reading: Annotated[str | None, "how an ambiguous text is read, and why"] = None
    checked_until: Annotated[date | None, "found unchanged on this day"] = None
    only: Annotated[tuple[Selector, ...], Loose(), "for these occasions only"] = ()
    except_: Annotated[tuple[Selector, ...], Loose(), "not for these"] = ()
    precedence: Annotated[int, Range(-1000, 1000), "among entries that fit the same occasion"] = 0
    key: Annotated[Word | None, "its name, where many stand side by side"] = None
    absent: Annotated[bool, "it is laid down that nothing applies"] = False

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.to is not None and self.to <= self.from_:
            yield "to", f"{self.to} is not after {self.from_}; `to` is the first day it no longer holds"
        if self.document is None and self.seen_through is None:
            yield "document", "is missing: every value cites the document that lays it down"
        if self.article is None and self.seen_through is None:
            yield "article", "is missing: every value cites its article"
        if self.checked_until is not None and self.checked_until < self.from_:
            yield "checked_until", f"{self.checked_until} is before {self.from_}, its first day"


PROVENANCE_KEYS = tuple(each.name for each in keys(Provenance))


def read_values(
    reader: Reader,
    content: Mapping[str, object],
    dimension: str,
    *,
    jurisdiction: str,
    documents: Mapping[str, Document],
) -> tuple[Value[Any], ...]:
    """All values of a dimension that could be read; what could not is among the reader's mistakes."""
    if dimension not in content:
        return ()
    entries = content[dimension]
    if not isinstance(entries, list) or not entries:
        reader.wrong(dimension, f"expected a list of entries: write [[{dimension}]]")
        return ()
    found = []
    for index, raw in enumerate(entries):
        place = f"{dimension}[{index}]"
        if not isinstance(raw, dict):
            reader.wrong(place, f"expected a table: write [[{dimension}]]")
            continue
        value = _read(reader, raw, place, DIMENSIONS[dimension], jurisdiction, documents)
        if value is not None:
            found.append((place, value))
    _note_overlaps(reader, found)
    return tuple(value for _, value in found)


def _read(
    reader: Reader,
    raw: dict[str, object],
    place: str,
    dimension: Dimension,
    jurisdiction: str,
    documents: Mapping[str, Document],
) -> Value[Any] | None:
    beside = {name: said for name, said in raw.items() if name in PROVENANCE_KEYS}
    given = reader.table(Provenance, beside, place)
    reader.unknown({n: s for n, s in raw.items() if n != "value"}, [*PROVENANCE_KEYS, "value"], place)
    said = _said(reader, raw, place, dimension)
    if given is WRONG:
        return None
    fine = _key_fits(reader, given, place, dimension)
    cited = _cited(reader, given, place, documents)
    if not fine or cited is None or said is WRONG:
        return None
    return Value(
        said,
        given.from_,
        given.to,
        jurisdiction,
        cited,
        given.article,
        given.seen_through is not None,
        given.reading,
        given.wording,
        given.checked_until,
        given.key or "",
        given.only,
        given.except_,
        given.precedence,
        given.absent,
        place,
        documents[given.seen_through] if given.document and given.seen_through else None,
    )


def _said(reader: Reader, raw: dict[str, object], place: str, dimension: Dimension) -> Any:
    """The value as Python gets it; None for an entry that says `absent`."""
    at = f"{place}.value"
    if raw.get("absent") is True:
        if "value" in raw:
            reader.wrong(at, "give `value` or `absent`, not both")
            return WRONG
        return None
    if "value" not in raw:
        reader.wrong(at, "is missing; expected what is laid down, or `absent = true`")
        return WRONG
    found = reader.value(kind_of(dimension.hint), raw["value"], at)
    if found is WRONG:
        return WRONG
    problems = list(dimension.checks(found))
    for where, problem in problems:
        reader.wrong(f"{at}{where}", problem)
    return WRONG if problems else dimension.made(found)


def _key_fits(reader: Reader, given: Provenance, place: str, dimension: Dimension) -> bool:
    allowed = tuple(word.removesuffix("_") for word in dimension.keys)
    if not dimension.keyed and given.key is not None:
        reader.wrong(f"{place}.key", "unknown key; this dimension has one value only")
    elif dimension.keyed and given.key is None:
        listed = f"one of {', '.join(allowed)}" if allowed else "a short name of one's own"
        reader.wrong(f"{place}.key", f"is missing; expected {listed}")
    elif allowed and given.key not in allowed and not _own(given.key, dimension):
        more = f", or a key of one's own that begins with {dimension.own!r}" if dimension.own else ""
        listed = f"{', '.join(allowed)}{more}{word_hint(str(given.key), {word: STEPS[word] for word in dimension.keys})}"
        reader.wrong(f"{place}.key", f"{given.key!r} is unknown; expected one of {listed}")
    else:
        return True
    return False


def _own(key: str | None, dimension: Dimension) -> bool:
    return bool(key and dimension.own and key.startswith(dimension.own))


def _cited(
    reader: Reader, given: Provenance, place: str, documents: Mapping[str, Document]
) -> Document | None:
    for by, key in (("document", given.document), ("seen_through", given.seen_through)):
        if key is not None and key not in documents:
            listed = ", ".join(documents) or "none given"
            reader.wrong(f"{place}.{by}", f"{key!r} is not among [documents]: {listed}")
            return None
    return documents[given.document or given.seen_through or ""]


def _note_overlaps(reader: Reader, found: Sequence[tuple[str, Value[Any]]]) -> None:
    # Only values of one key and one rank can be in each other's way: a long file has thousands of others.
    alike: dict[object, list[tuple[str, Value[Any]]]] = {}
    for place, value in found:
        alike.setdefault((value.key, value.rank), []).append((place, value))
    for (_, one), (place, other) in chain.from_iterable(combinations(each, 2) for each in alike.values()):
        if never_both(one.only, one.excepted, other.only, other.excepted):
            continue
        if one.holds(other.valid_from) or other.holds(one.valid_from):
            problem = f"overlaps the value that holds from {one.valid_from}"
            # Of one rank, both say for whom they are or neither does.
            if one.only:
                problem += ": both fit the same occasion; say which goes first by `precedence`"
            reader.wrong(f"{place}.from", problem)
