"""The privacy notice: what is collected, why, how long, and the rater's rights. Terms come from the data of retention."""

from dataclasses import dataclass
from typing import Final

from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import page
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.policy.retention import Kept, known_terms

_UNITS: Final = {"day": mark("%(n)s天"), "hour": mark("%(n)s小时")}
_TERM: Final = mark("%(from)s起%(term)s，到期%(how)s")
_SILENT: Final = mark("未规定期限")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table: what, why, and how long, with the clause of the term."""

    what: str
    purpose: str
    term: str
    citation: str


async def show(request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """GET /privacy."""
    manner = manner_of(request)
    return notice(manner)


def notice(manner: Manner) -> Response:
    """The page, with the terms in force."""
    lines = [_line(each, manner) for each in known_terms() if each.notice]
    return page(200, "privacy.html", manner, lines=lines)


def _line(kept: Kept, manner: Manner) -> _Line:
    words = catalogue(manner.language).gettext
    if kept.n is not None:
        term = words(_UNITS[kept.unit]) % {"n": kept.n}
        said = words(_TERM) % {"from": words(kept.counted_from), "term": term, "how": words(kept.how)}
    else:
        said = words(kept.because) if kept.because else words(_SILENT)
    return _Line(words(kept.what), words(kept.purpose), said, kept.citation)
