"""How long what is kept is kept: terms as data (`rules/retention.toml`), and an operator's own on top. Pure.

What no document lays down stays undetermined: it is kept, and said to be 未规定, until an operator lays it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from haochaping.policy.cited_files import Document, Stamp, cited, documents, stamp
from haochaping.policy.rule_files import operator_dir
from haochaping.policy.sources import RULES_DIR, RulesError, read_content

FILE: Final = "retention.toml"
_UNITS: Final[Mapping[str, timedelta]] = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
_TEXTS: Final = ("what", "purpose", "document", "article")
_ENTRY: Final = frozenset(
    {"key", "tables", "n", "unit", "from", "how", "deletable", "notice", "reading", "kept", *_TEXTS}
)
_TERM: Final = frozenset({"key", "n", "unit", "document", "article", "reading"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing that is kept. `span`: how long after the event `counted_from`, None where no document says so (then
    nothing is deleted); `because`: why it is kept for good, "" where that is not laid down either. `citation` is document
    and article. `deletable`: an operator may lay a term down. `notice`: citizens are told of it."""

    key: str
    what: str
    purpose: str
    tables: tuple[str, ...]
    n: int | None
    unit: str
    counted_from: str
    how: str
    because: str
    citation: str
    reading: str
    deletable: bool
    notice: bool

    @property
    def span(self) -> timedelta | None:
        """The term; None where none is laid down."""
        return None if self.n is None else self.n * _UNITS[self.unit]

    def cutoff(self, now: datetime) -> datetime | None:
        """What the event of which came before this instant is to be gone; None where no term is laid down."""
        span = self.span
        return None if span is None else now - span


def terms() -> tuple[Kept, ...]:
    """All kinds in the order of the file, with the operator's terms.

    Raises RulesError for a file that cannot be used: whoever deletes must then not delete, as the term may be a longer one.
    """
    own = operator_dir()
    above = own / FILE if own is not None else None
    return _read(stamp(RULES_DIR / FILE), stamp(above) if above and above.exists() else None)


def known_terms() -> tuple[Kept, ...]:
    """The same for those who only tell of them: while the operator's file cannot be used, the product's own."""
    try:
        return terms()
    except RulesError:
        return _read(stamp(RULES_DIR / FILE), None)


def kept(key: str) -> Kept:
    """One of the known ones. Raises KeyError."""
    return {each.key: each for each in known_terms()}[key]


@lru_cache(maxsize=8)
def _read(base: Stamp, above: Stamp | None) -> tuple[Kept, ...]:
    content, _ = read_content(base[0], root=base[0].parent)
    named = documents(content, FILE)
    found = {entry["key"]: _kept(entry, named) for entry in _tables(content, "kept", _ENTRY)}
    if above is not None:
        own, _ = read_content(above[0], root=above[0].parent)
        own_documents = documents(own, FILE)
        for entry in _tables(own, "term", _TERM):
            found[entry["key"]] = _laid_down(found.get(entry["key"]), entry, own_documents)
    return tuple(found.values())


def _tables(content: Mapping[str, Any], name: str, allowed: frozenset[str]) -> list[dict[str, Any]]:
    """The entries of a list of tables, each with a key of its own and no word that is not known."""
    if unknown := content.keys() - {"documents", name}:
        raise RulesError(FILE, min(unknown), f"is not known here; expected [documents] and [[{name}]]")
    entries: list[dict[str, Any]] = content.get(name, [])
    keys = [entry.get("key") for entry in entries]
    for entry, key in zip(entries, keys, strict=True):
        if not isinstance(key, str) or keys.count(key) > 1:
            raise RulesError(FILE, name, f"needs a key of its own, not {key!r}")
        if unknown := entry.keys() - allowed:
            raise RulesError(FILE, f"{key}.{min(unknown)}", "is not known here")
        n, unit = entry.get("n"), entry.get("unit")
        if (n is None) != (unit is None) or (n is not None and not _is_term(n, unit)):
            raise RulesError(
                FILE, f"{key}.n", "expected a whole number of days or hours, n and unit together"
            )
    return entries


def _is_term(n: object, unit: object) -> bool:
    return isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 100_000 and unit in _UNITS


def _kept(entry: Mapping[str, Any], named: Mapping[str, Document]) -> Kept:
    key = entry["key"]
    if missing := [name for name in _TEXTS if not entry.get(name)]:
        raise RulesError(FILE, f"{key}.{missing[0]}", "is missing")
    if "kept" in entry and "n" in entry:
        raise RulesError(FILE, f"{key}.kept", "is for what has no term")
    if ("n" in entry or entry.get("deletable")) and not (entry.get("from") and entry.get("how")):
        raise RulesError(FILE, f"{key}.from", "what can be deleted needs from and how")
    return Kept(
        key=key,
        what=entry["what"],
        purpose=entry["purpose"],
        tables=tuple(entry.get("tables", ())),
        n=entry.get("n"),
        unit=entry.get("unit", "day"),
        counted_from=entry.get("from", ""),
        how=entry.get("how", ""),
        because=entry.get("kept", ""),
        citation=_citation(entry, named),
        reading=entry.get("reading", ""),
        deletable=entry.get("deletable", False),
        notice=entry.get("notice", False),
    )


def _laid_down(before: Kept | None, entry: Mapping[str, Any], named: Mapping[str, Document]) -> Kept:
    """The product's entry with the operator's term."""
    key = entry["key"]
    if before is None or not before.deletable:
        raise RulesError(FILE, key, "is nothing that a term can be laid down for")
    if "n" not in entry:
        raise RulesError(FILE, f"{key}.n", "is missing")
    return replace(
        before,
        n=entry["n"],
        unit=entry["unit"],
        citation=_citation(entry, named),
        reading=entry.get("reading", ""),
    )


def _citation(entry: Mapping[str, Any], named: Mapping[str, Document]) -> str:
    _, citation = cited(entry, named, place=entry["key"], file=FILE)
    return citation
