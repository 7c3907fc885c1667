"""参照执行: one jurisdiction's rules hold in another one, from a day on, whole or in part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.reading import Reader, nearest
from haochaping.policy.shapes import Matching
from haochaping.policy.values import Document

Name = Annotated[str, Matching(r"[a-z0-9][a-z0-9_-]*", "the name of a directory of a-z, 0-9, _ and -")]


@dataclass(frozen=True, slots=True)
class Adoption:
    """Another one's values hold here as if written here (参照执行); our own go first."""

    name: Annotated[Name, "whose: the name of the directory"]
    from_: Annotated[date, "the first day"]
    document: Annotated[str, "the key of our document that says so"]
    article: Annotated[str, "where in it"]
    to: Annotated[date | None, "the first day on which it no longer holds"] = None
    reading: Annotated[str | None, "how it is read, and why"] = None
    only: Annotated[tuple[str, ...], "these dimensions and no others"] = ()
    except_: Annotated[tuple[str, ...], "all dimensions but these"] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.to is not None and self.to <= self.from_:
            yield "to", f"{self.to} is not after {self.from_}; `to` is the first day it no longer holds"
        if self.only and self.except_:
            yield "except", "give `only` or `except`, not both"
        for key, names in (("only", self.only), ("except", self.except_)):
            for index, name in enumerate(names):
                if name not in DIMENSIONS:
                    yield f"{key}[{index}]", f"the dimension {name!r} is unknown; {nearest(name, DIMENSIONS)}"

    def holds(self, on: date) -> bool:
        """Whether it is in force on this day."""
        return self.from_ <= on and (self.to is None or on < self.to)

    def takes(self, dimension: str) -> bool:
        """Whether the values of a dimension are adopted."""
        return dimension in self.only if self.only else dimension not in self.except_


class Adopted(NamedTuple):
    """An adoption with the clause that says so."""

    adoption: Adoption
    clause: str


def read_adopted(
    reader: Reader, adoptions: tuple[Adoption, ...], documents: Mapping[str, Document]
) -> tuple[Adopted, ...]:
    """The adoptions that cite a document of the file; of the others the mistake is noted."""
    found = []
    for index, each in enumerate(adoptions):
        if each.document in documents:
            clause = f"参照执行，《{documents[each.document].title}》{each.article}"
            found.append(Adopted(each, clause))
        else:
            reader.wrong(
                f"jurisdiction.adopts[{index}].document",
                f"{each.document!r} is not among [documents]: {', '.join(documents) or 'none given'}",
            )
    return tuple(found)
