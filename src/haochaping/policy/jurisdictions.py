"""One jurisdiction's rules: `rules/jurisdictions/KEY/profile.toml`, read and checked as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.divisions import stem
from haochaping.policy.sources import RulesError, Section, read_toml
from haochaping.policy.values import Document, Value, read_documents, read_provenance

# From the widest to the narrowest: a narrower layer's value goes before a wider one's.
LAYERS = ("national", "province", "city", "county", "operator")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """`stems`: where it applies, stems of division codes. `values`: by dimension, dated, none overlapping."""

    key: str
    name: str
    layer: str
    stems: tuple[str, ...]
    values: Mapping[str, tuple[Value[Any], ...]]

    def covers(self, division_stem: str) -> bool:
        """Whether the division with this stem lies within the jurisdiction."""
        return division_stem.startswith(self.stems)

    def value(self, dimension: str, on: date) -> Value[Any] | None:
        """The value of the dimension that is in force on this day, or None."""
        return next((value for value in self.values[dimension] if value.holds(on)), None)


def read_jurisdictions(rules_dir: Path) -> tuple[Jurisdiction, ...]:
    """All jurisdictions, the narrowest layer first. Raises RulesError for the first mistake found."""
    files = sorted((rules_dir / "jurisdictions").glob("*/profile.toml"))
    if not files:
        raise RulesError("jurisdictions", "", "no jurisdiction is there; expected */profile.toml")
    found = [_read(path, rules_dir) for path in files]
    for one, other in combinations(found, 2):
        if one.layer == other.layer and any(map(one.covers, other.stems)) | any(map(other.covers, one.stems)):
            raise RulesError(
                f"jurisdictions/{other.key}/profile.toml",
                "jurisdiction.applies_to",
                f"applies to divisions that {one.key!r}, of the same layer, applies to as well",
            )
    return tuple(sorted(found, key=lambda each: (-LAYERS.index(each.layer), each.key)))


def _read(path: Path, rules_dir: Path) -> Jurisdiction:
    key = path.parent.name
    file = read_toml(path, root=rules_dir)
    head = file.section("jurisdiction")
    name, layer = head.text("name"), head.choice("layer", LAYERS)
    try:
        stems = tuple(stem(code) for code in head.texts("applies_to"))
    except ValueError as problem:
        raise head.error("applies_to", str(problem)) from problem
    head.finish()
    documents = read_documents(file)
    values = {dimension: _read_values(file, dimension, key, documents) for dimension in DIMENSIONS}
    file.finish()
    return Jurisdiction(key, name, layer, stems, values)


def _read_values(
    file: Section, dimension: str, jurisdiction: str, documents: Mapping[str, Document]
) -> tuple[Value[Any], ...]:
    entries = file.optional_sections(dimension)
    values = []
    for entry in entries:
        value = DIMENSIONS[dimension](entry)
        given = read_provenance(entry, documents)
        entry.finish()
        values.append(
            Value(
                value,
                valid_from=given.valid_from,
                valid_to=given.valid_to,
                jurisdiction=jurisdiction,
                document=given.document,
                article=given.article,
                seen_through=given.seen_through,
                reading=given.reading,
            )
        )
    _refuse_overlaps(entries, values)
    return tuple(values)


def _refuse_overlaps(entries: Sequence[Section], values: Sequence[Value[Any]]) -> None:
    for earlier, later in combinations(range(len(values)), 2):
        one, other = values[earlier], values[later]
        if one.holds(other.valid_from) or other.holds(one.valid_from):
            raise entries[later].error("from", f"overlaps the value that holds from {one.valid_from}")
