"""What the small files of rules have in common, those that no jurisdiction carries: the documents that they cite, and by
what a changed one is known. Pure."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from haochaping.policy.sources import RulesError

# A file and by what a changed one is known: when it was written, and its size.
Stamp = tuple[Path, int, int]


class Document(NamedTuple):
    """What is cited: whose it is, and of which day."""

    title: str
    issuer: str
    issued: date


def stamp(path: Path) -> Stamp:
    """Raises RulesError for a file that is not there or cannot be read."""
    try:
        found = path.stat()
    except OSError as problem:
        raise RulesError(path.name, "", f"cannot be read ({problem.strerror})") from problem
    return path, found.st_mtime_ns, found.st_size


def documents(content: Mapping[str, Any], file: str) -> dict[str, Document]:
    """The documents of a file by their keys. Raises RulesError for one without title, issuer or day."""
    named = content.get("documents", {})
    found = {}
    for key, each in named.items() if isinstance(named, dict) else ():
        title, issuer, issued = map(each.get, Document._fields) if isinstance(each, dict) else 3 * (None,)
        if (
            not (isinstance(title, str) and isinstance(issuer, str) and title and issuer)
            or type(issued) is not date
        ):
            raise RulesError(file, f"documents.{key}", "needs title, issuer and issued, a date")
        found[key] = Document(title, issuer, issued)
    return found


def cited(
    entry: Mapping[str, Any], named: Mapping[str, Document], *, place: str, file: str
) -> tuple[Document, str]:
    """The document of an entry, and the citation with its article. Raises RulesError where either is missing."""
    document = named.get(str(entry.get("document")))
    if document is None or not entry.get("article"):
        raise RulesError(file, f"{place}.document", "needs a document of this file, and an article")
    return document, f"《{document.title}》{entry['article']}"
