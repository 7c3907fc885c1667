"""One jurisdiction's rules: `rules/jurisdictions/KEY/profile.toml`, read and checked as a whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from typing import Annotated, Any, Final

from haochaping.policy.adoption import Adopted, Adoption, read_adopted
from haochaping.policy.circles import circle
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.divisions import stem
from haochaping.policy.entries import read_values
from haochaping.policy.occasions import Division, Occasion, Selector, fitting_one, never_both
from haochaping.policy.places import line_of, lines_of
from haochaping.policy.reading import WRONG, Reader, nearest
from haochaping.policy.rule_files import profiles_in
from haochaping.policy.shapes import Loose, OneOf, Range
from haochaping.policy.sources import Mistake, RulesError, read_content
from haochaping.policy.values import Document, Value, selected
from haochaping.policy.vocabulary import LAYERS as _LAYER_WORDS

# From the widest to the narrowest: a narrower layer's value goes before a wider one's.
LAYERS: Final = tuple(_LAYER_WORDS)
_STEP: Final = 10


@dataclass(frozen=True, slots=True)
class Head:
    """The `[jurisdiction]` table."""

    name: Annotated[str, "shown to people"]
    layer: Annotated[str, OneOf(_LAYER_WORDS), "wide to narrow"]
    applies_to: Annotated[tuple[Division, ...], "division codes, each with everything below it"]
    only: Annotated[tuple[Selector, ...], Loose(), "only to occasions that fit one of them"] = ()
    except_: Annotated[tuple[Selector, ...], Loose(), "and to none that fit one of these"] = ()
    precedence: Annotated[int | None, Range(-1000, 1000), "who goes first; left out: the layer's"] = None
    adopts: Annotated[tuple[Adoption, ...], Loose(), "whose values hold here as well"] = ()
    document: Annotated[str | None, "the key of the document that says where it applies"] = None
    article: Annotated[str | None, "the article"] = None
    reading: Annotated[str | None, "how it is read, and why"] = None


@dataclass(frozen=True, slots=True, eq=False)
class Jurisdiction:
    """`stems`: where it applies, stems of division codes. `values`: by dimension, dated, none overlapping.

    `scope`, `reading`: the clause by which it applies where it does, and how that is read.
    """

    key: str
    name: str
    layer: str
    stems: tuple[str, ...]
    values: Mapping[str, tuple[Value[Any], ...]]
    only: tuple[Selector, ...]
    excepted: tuple[Selector, ...]
    precedence: int
    adopts: tuple[Adopted, ...]
    scope: str
    reading: str
    file: str
    lines: Mapping[str, int] = field(repr=False)

    def covers(self, division_stem: str) -> bool:
        """Whether the division with this stem lies within the jurisdiction."""
        return division_stem.startswith(self.stems)

    def applies(self, facts: Mapping[str, object]) -> bool:
        """Whether it applies to an occasion with these facts."""
        return self.covers(str(facts["divisions"])) and selected(facts, self.only, self.excepted)

    def example(self) -> Occasion:
        """An occasion to which it applies: in its first division, with the first of whatever its `only` asks for."""
        code = self.stems[0].ljust(6 if len(self.stems[0]) < 9 else 12, "0")
        return fitting_one(self.only[0], Occasion(code)) if self.only else Occasion(code)

    def changes(self) -> Iterator[date]:
        """The days on which one of its values or adoptions begins to hold, or ceases to."""
        for value in chain.from_iterable(self.values.values()):
            yield from filter(None, (value.valid_from, value.valid_to))
        for adoption, _ in self.adopts:
            yield from filter(None, (adoption.from_, adoption.to))

    def fitting(self, dimension: str, on: date, facts: Mapping[str, object]) -> list[Value[Any]]:
        """The values in force on this day for such an occasion, the one that is chosen first, of each key."""
        found = [value for value in self.values[dimension] if value.holds(on) and value.fits(facts)]
        return sorted(found, key=lambda value: value.rank, reverse=True)


def collect_jurisdictions(
    rules_dirs: Iterable[Path],
) -> tuple[tuple[Jurisdiction, ...], tuple[Mistake, ...]]:
    """All jurisdictions that could be read, and all mistakes."""
    found: list[Jurisdiction] = []
    mistakes: list[Mistake] = []
    files: list[tuple[Path, Path]] = []
    for root in rules_dirs:
        try:
            files += [(path, root) for path in profiles_in(root)]
        except RulesError as error:
            mistakes += error.mistakes
    if not files and not mistakes:
        return (), (Mistake("jurisdictions", "", "no jurisdiction is there; expected */profile.toml"),)
    for path, root in files:
        jurisdiction, wrong = read_jurisdiction(path, root=root)
        mistakes += wrong
        if jurisdiction is not None:
            found.append(jurisdiction)
    mistakes += _between(found)
    order = sorted(found, key=lambda each: (-each.precedence, -LAYERS.index(each.layer), each.key))
    return tuple(order), tuple(mistakes)


def read_jurisdiction(path: Path, *, root: Path) -> tuple[Jurisdiction | None, tuple[Mistake, ...]]:
    """One file: what it lays down (None when its head cannot be read), and all its mistakes with their lines."""
    try:
        content, text = read_content(path, root=root)
    except RulesError as error:
        return None, error.mistakes
    file = path.relative_to(root).as_posix()
    reader = Reader(file)
    lines = lines_of(text)
    found = _read(reader, content, path.parent.name, file, lines)
    # What is missing as a whole has no place of its own: it is told at the beginning.
    mistakes = (replace(each, line=line_of(lines, each.key) or 1) for each in reader.mistakes)
    return found, tuple(sorted(mistakes, key=lambda each: each.line))


def _read(
    reader: Reader, content: dict[str, object], key: str, file: str, lines: dict[str, int]
) -> Jurisdiction | None:
    if "jurisdiction" not in content:
        reader.wrong("jurisdiction", "is missing; expected a table [jurisdiction]")
    head = reader.table(Head, content["jurisdiction"], "jurisdiction") if "jurisdiction" in content else WRONG
    documents = read_document_tables(reader, content)
    values = {
        name: read_values(reader, content, name, jurisdiction=key, documents=documents) for name in DIMENSIONS
    }
    reader.unknown(content, ["jurisdiction", "documents", *DIMENSIONS], "")
    if head is WRONG:
        return None
    return Jurisdiction(
        key,
        head.name,
        head.layer,
        tuple(stem(code) for code in head.applies_to),
        {name: tuple(_placed(value, file, lines) for value in found) for name, found in values.items()},
        head.only,
        head.except_,
        LAYERS.index(head.layer) * _STEP if head.precedence is None else head.precedence,
        read_adopted(reader, head.adopts, documents),
        _scope(reader, head, documents),
        head.reading or "",
        file,
        lines,
    )


def _scope(reader: Reader, head: Head, documents: Mapping[str, Document]) -> str:
    """The clause by which it applies where it does; "" where none is cited."""
    if head.document is None:
        return ""
    if head.document not in documents:
        reader.wrong("jurisdiction.document", f"{head.document!r} is not among [documents]")
        return ""
    return f"《{documents[head.document].title}》{head.article or ''}"


def _placed(value: Value[Any], file: str, lines: dict[str, int]) -> Value[Any]:
    return replace(value, place=f"{file}:{line_of(lines, value.place)}")


def read_document_tables(reader: Reader, content: Mapping[str, object]) -> dict[str, Document]:
    """The `[documents.KEY]` tables that could be read, by key."""
    tables = content.get("documents", {})
    if not isinstance(tables, dict):
        reader.wrong("documents", "expected tables: write [documents.KEY]")
        return {}
    read = {key: reader.table(Document, raw, f"documents.{key}") for key, raw in tables.items()}
    return {key: document for key, document in read.items() if document is not WRONG}


def _between(found: Sequence[Jurisdiction]) -> Iterator[Mistake]:
    """What files say against each other."""
    known = {each.key: each for each in found}
    for one, other in combinations(found, 2):
        if one.key == other.key:
            yield Mistake(other.file, "", f"the name {one.key!r} is taken by another directory of rules")
        elif one.precedence == other.precedence and _meet(one, other):
            how = "layer" if one.layer == other.layer else "precedence"
            yield _about(
                other,
                "applies_to",
                f"applies to divisions that {one.key!r}, of the same {how}, applies to as well",
            )
    for each in found:
        for index, (adoption, _) in enumerate(each.adopts):
            if adoption.name not in known:
                problem = f"{adoption.name!r} is unknown; {nearest(adoption.name, known)}"
                yield _about(each, f"adopts[{index}].name", problem)
    round_trip = circle({each.key: [adoption.name for adoption, _ in each.adopts] for each in found})
    if round_trip:
        yield _about(known[round_trip[0]], "adopts", f"goes in a circle: {' → '.join(round_trip)}")


def _about(jurisdiction: Jurisdiction, name: str, problem: str) -> Mistake:
    key = f"jurisdiction.{name}"
    return Mistake(jurisdiction.file, key, problem, line_of(dict(jurisdiction.lines), key))


def _meet(one: Jurisdiction, other: Jurisdiction) -> bool:
    nested = any(map(one.covers, other.stems)) or any(map(other.covers, one.stems))
    return nested and not never_both(one.only, one.excepted, other.only, other.excepted)
