"""A rule as the law gives it: a value from a day on, by an article of a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from haochaping.policy.sources import Section

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation, notice or decision. `number` and `issued` are None where they are not known for sure."""

    title: str
    number: str | None
    issued: date | None


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """`value` holds from `valid_from` until before `valid_to` (None: open), by `article` of `document`.

    `seen_through`: the rule itself was not at hand, `document` is the one in which it was seen.
    `reading`: how a text that can be read in two ways is read here, and why; None where it is plain.
    """

    value: T
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    document: Document
    article: str | None
    seen_through: bool
    reading: str | None

    def holds(self, on: date) -> bool:
        """Whether the value is in force on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def citation(self) -> str:
        """《昆明市政务服务“好差评”实施办法》第七条; 据 before it where only seen through it."""
        return f"{'据' if self.seen_through else ''}《{self.document.title}》{self.article or ''}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The cited part of an entry, before it is joined with its value."""

    valid_from: date
    valid_to: date | None
    document: Document
    article: str | None
    seen_through: bool
    reading: str | None


def read_documents(file: Section) -> dict[str, Document]:
    """The `[documents.KEY]` tables of a file by key. Raises RulesError."""
    table = file.section("documents")
    documents = {}
    for key in table.names():
        each = table.section(key)
        documents[key] = Document(
            each.text("title"), each.optional_text("number"), each.optional_day("issued")
        )
        each.finish()
    return documents


def cited(entry: Section, documents: Mapping[str, Document], *, by: str = "document") -> Document:
    """The document that an entry names under the key `by`. Raises RulesError when there is none such."""
    key = entry.text(by)
    if key not in documents:
        raise entry.error(by, f"{key!r} is not among [documents]: {', '.join(documents) or 'none given'}")
    return documents[key]


def read_provenance(entry: Section, documents: Mapping[str, Document]) -> Provenance:
    """Dates and citation of one dated entry. A rule without document and article is refused.

    A value that was only seen through another document names it as `seen_through` in place of `document`; the
    article may then be absent. Raises RulesError.
    """
    valid_from, valid_to = entry.day("from"), entry.optional_day("to")
    if valid_to is not None and valid_to <= valid_from:
        raise entry.error(
            "to", f"{valid_to} is not after {valid_from}; `to` is the first day it no longer holds"
        )
    seen_through = entry.optional_text("seen_through") is not None
    if seen_through and "document" in entry:
        raise entry.error("seen_through", "give either `document` or `seen_through`, not both")
    document = cited(entry, documents, by="seen_through" if seen_through else "document")
    article = entry.optional_text("article") if seen_through else entry.text("article")
    return Provenance(valid_from, valid_to, document, article, seen_through, entry.optional_text("reading"))
