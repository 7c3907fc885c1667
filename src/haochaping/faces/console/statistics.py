"""Questions that no tally answers, of the nightly export: figures by up to three facts, as a page and as a file."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.analysis.asked import as_text, question_of
from haochaping.analysis.operations import asking
from haochaping.analysis.queries import Answer
from haochaping.analysis.questions import MOST_DIMENSIONS, Dimension, Question
from haochaping.analysis.tables import Line, lines, remarks, table, titles, too_small
from haochaping.analysis.words import DIMENSIONS, ORIGINS, values_in_words
from haochaping.faces.console.asking import me
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Invalid, Problem, Refused
from haochaping.foundation.sheets.writing import write_csv
from haochaping.registry.queries import organisation_names

SHOWN: Final = 500
_FIELDS: Final = ("by1", "by2", "by3")
# Narrowed to by choosing; to everything else by following a value in an answer.
_CHOSEN: Final[Mapping[Dimension, tuple[object, ...]]] = {
    Dimension.CHANNEL: (1, 2, 3, 4, 5),
    Dimension.LEVEL: (5, 4, 3, 2, 1),
    Dimension.WEEKDAY: (1, 2, 3, 4, 5, 6, 7),
    Dimension.ORIGIN: tuple(each.value for each in ORIGINS),
    Dimension.NAMED: (True, False),
    Dimension.DEFAULT: (False, True),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the form: what it narrows by, its words, what can be chosen as (value, words), and what is."""

    name: str
    words: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the answer: of each key its title, words, and the address of the question narrowed to it; of each figure its
    title and text."""

    keys: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str], ...]


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer to what was asked."""
    given = request.GET.dict()
    if not any(given.get(name) for name in _FIELDS):
        return render(request, "console/ask.html", _frame(request, given))
    try:
        question = _question(given)
        found = asking.ask(question, official_id=me(request), now=now())
    except Invalid as refusal:
        return render(request, "console/ask.html", _frame(request, given, refusal.problems), status=422)
    except Refused as refusal:
        frame = _frame(request, given) | {"refused": refusal.message}
        return render(request, "console/ask.html", frame, status=409)
    return render(request, "console/ask.html", _frame(request, given) | _answered(found, given))


@require_safe
def export(request: HttpRequest) -> FileResponse | HttpResponse:
    """The whole answer as CSV; the page with what is wrong where there is none."""
    try:
        found = asking.ask(_question(request.GET.dict()), official_id=me(request), now=now())
    except Refused:
        return ask(request)
    # The file is on the disk, not in memory, and gone when it has been sent.
    with tempfile.TemporaryDirectory(prefix="hcp-export-") as place:
        path = Path(place) / "statistics.csv"
        write_csv(path, table(found, on=local_day(now())))
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8"
        )


def _question(given: Mapping[str, str]) -> Question:
    by = [given.get(name, "") for name in _FIELDS]
    where = {each.value: given[each.value] for each in Dimension if each.value in given}
    return question_of(by, where, first=given.get("from", ""), last=given.get("to", ""))


def _frame(
    request: HttpRequest, given: Mapping[str, str], problems: tuple[Problem, ...] = ()
) -> dict[str, object]:
    """The form as it was filled in."""
    today = local_day(now())
    groups = [(each.value, words) for each, words in DIMENSIONS.items()]
    return {
        "ask_page": True,
        "bys": [(name, given.get(name, "")) for name in _FIELDS[:MOST_DIMENSIONS]],
        "groups": groups,
        "choices": [
            _of_organisations(request, given, today),
            *(_choice(each, given, today) for each in _CHOSEN),
        ],
        "narrowed": _narrowed(given, today),
        "from": given.get("from", ""),
        "to": given.get("to", ""),
        "problems": problems,
        "wrong": {problem.field for problem in problems},
    }


def _of_organisations(request: HttpRequest, given: Mapping[str, str], today: date) -> Choice:
    reach = officials.scope(official_id=me(request), permission=Permission.ASK_EXPORT, on=today)
    named = sorted(organisation_names(reach, today).items(), key=lambda each: each[1])
    options = tuple((str(number), name) for number, name in named)
    name = Dimension.ORGANISATION.value
    return Choice(name, str(DIMENSIONS[Dimension.ORGANISATION]), options, given.get(name, ""))


def _choice(dimension: Dimension, given: Mapping[str, str], today: date) -> Choice:
    words = values_in_words(dimension, _CHOSEN[dimension], today)
    options = tuple((as_text(value), words[value]) for value in _CHOSEN[dimension])
    return Choice(dimension.value, str(DIMENSIONS[dimension]), options, given.get(dimension.value, ""))


def _narrowed(given: Mapping[str, str], today: date) -> list[tuple[str, str, str, str]]:
    """What an answer was followed to: name and value for the form, and both in words."""
    found = []
    for dimension in Dimension:
        text = given.get(dimension.value, "")
        if text and dimension not in _CHOSEN and dimension is not Dimension.ORGANISATION:
            try:
                value = question_of((), {dimension.value: text}).where[dimension]
            except Invalid:
                continue
            words = values_in_words(dimension, [value], today)[value]
            found.append((dimension.value, text, str(DIMENSIONS[dimension]), words))
    return found


def _answered(found: Answer, given: Mapping[str, str]) -> dict[str, object]:
    made = list(lines(found, on=local_day(now())))
    return {
        "found": found,
        "heads": [DIMENSIONS[each] for each in found.question.by],
        "titles": titles(found),
        "rows": [_shown(found, line, given) for line in made[:SHOWN]],
        "more": len(made) - SHOWN if len(made) > SHOWN else 0,
        "remarks": remarks(found),
        "query": urlencode({name: value for name, value in given.items() if value}),
        "too_small": too_small(),
    }


def _shown(found: Answer, line: Line, given: Mapping[str, str]) -> Shown:
    keys = []
    for dimension, (value, words) in zip(found.question.by, line.keys, strict=True):
        further = {**{name: text for name, text in given.items() if text}, dimension.value: as_text(value)}
        address = "" if value is None or given.get(dimension.value) else urlencode(further)
        keys.append((str(DIMENSIONS[dimension]), words, address))
    return Shown(tuple(keys), tuple(zip(titles(found), line.figures, strict=False)))
