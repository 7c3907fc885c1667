"""The pages of a report of pressure: which place, the form, the receipt, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

import asyncpg

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import new_submission
from haochaping.faces.citizen.served import Names, connected, directory_of
from haochaping.foundation.errors import Problem
from haochaping.intake.http import Response
from haochaping.intake.services import Services
from haochaping.oversight.fragments import PRESSURE_REPORT_OF_RECEIPT
from haochaping.oversight.receiving import receiving_authority
from haochaping.oversight.reporting import NAME_LIMIT, PHONE_LIMIT, TEXT_LIMIT, ReportTyped
from haochaping.oversight.sealed import Reference, opened_words, pressure_keys
from haochaping.oversight.states import DONE, FOUND, Matter, Source, State, Verdict
from haochaping.ratings.receipt import Receipt, Unreadable, read_number, secret_fits
from haochaping.registry.directory import Directory, Div

MATTERS: Final[Mapping[Matter, str]] = {
    Matter.PRESSED: mark("强迫、诱导或者代替我评价"),
    Matter.CHANGE: mark("要求我修改、撤回评价"),
    Matter.OBSTRUCTION: mark("因评价故意刁难"),
    Matter.RETALIATION: mark("因评价打击报复"),
    Matter.FABRICATION: mark("评价弄虚作假"),
}
_STEPS: Final[Mapping[State, str]] = {
    State.RECEIVED: mark("已收到"),
    State.TAKEN: mark("已受理"),
    State.VERIFIED: mark("已查核"),
    State.DECIDED: mark("已认定"),
    State.MEASURED: mark("已作出处理"),
    State.ANSWERED: mark("已答复"),
}
_VERDICTS: Final[Mapping[str, str]] = {
    Verdict.FOUNDED: mark("反映的情况属实"),
    Verdict.UNFOUNDED: mark("反映的情况不属实"),
    Verdict.DISCIPLINE: mark("已移送纪检监察机关"),
}


class Row(Protocol):
    """A row by names: of an occasion, or of a rating."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a report comes from. `organisations` are offered as code and name, `chosen` the code of the one that served;
    `item` and `organisation` are words, "" without a service; `hidden` goes back with the form."""

    source: Source
    division_id: int
    place: str
    organisations: tuple[tuple[str, str], ...]
    action: str
    chosen: str = ""
    item: str = ""
    organisation: str = ""
    reference: Reference | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the report's way; `place` is "past", "now" or "ahead"."""

    name: str
    place: str


def of_division(services: Services, code: str, manner: Manner, on: date) -> Whence | None:
    """A report about a place; None where there is none such, or nobody receives it. Raises Away."""
    directory = directory_of(services)
    division = directory.division(code, on)
    if division is None or not _received(directory, division, on):
        return None
    return Whence(
        Source.PORTAL,
        division.id,
        division.name,
        _organisations(directory, division.id, on),
        f"/pressure/{division.code}{manner.query()}",
    )


def of_row(
    services: Services,
    row: Row,
    reference: Reference,
    *,
    source: Source,
    on: date,
    action: str,
    hidden: Mapping[str, str] | None = None,
) -> Whence:
    """A report about a service: of an occasion, or of a rating of one's own. Says neither when it was nor what became of it.
    Raises Away."""
    directory, names = directory_of(services), Names(services, row["service_day"])
    served = directory.organisation_by_id(row["organisation_id"], on)
    division_id = served.division_id if served else row["division_id"]
    division = directory.division_by_id(division_id, on)
    offered = dict(_organisations(directory, division_id, on))
    if served is not None:
        offered.setdefault(served.code, served.name)
    return Whence(
        source,
        division_id,
        division.name if division else "",
        tuple(offered.items()),
        action,
        chosen=served.code if served else "",
        item=names.of("item", row["item_id"]),
        organisation=names.of("organisation", row["organisation_id"]),
        reference=reference,
        hidden=hidden or {},
    )


def where(services: Services, manner: Manner, on: date) -> Response:
    """Which place it is about. Raises Away."""
    directory = directory_of(services)
    places = [(each.code, each.name) for each in directory.divisions(on) if _received(directory, each, on)]
    return page(200, "pressure_where.html", manner, places=sorted(places))


def on_to(services: Services, code: str, manner: Manner, on: date) -> Response:
    """To the form for a place that was chosen. Raises Away."""
    whence = of_division(services, code, manner, on)
    return Response(303, headers=(("Location", whence.action),)) if whence else notices.no_report(manner)


def form(
    status: int,
    manner: Manner,
    whence: Whence,
    typed: ReportTyped | None = None,
    *,
    problems: Sequence[Problem] = (),
    trouble: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    """The form, empty or with all that was typed and what is wrong with it."""
    words = catalogue(manner.language).gettext
    return page(
        status,
        "pressure.html",
        manner,
        headers=headers,
        posted=typed is not None or bool(whence.hidden),
        whence=whence,
        typed=typed or ReportTyped(new_submission(), organisation=whence.chosen),
        matters=[(matter.value, words(said)) for matter, said in MATTERS.items()],
        problems=[Problem(each.field, each.code, words(each.message)) for each in problems],
        wrong={each.field for each in problems},
        trouble=words(trouble) if trouble else "",
        limits={"text": TEXT_LIMIT, "name": NAME_LIMIT, "phone": PHONE_LIMIT},
    )


def thanks(status: int, manner: Manner, services: Services, receipt: Receipt) -> Response:
    """The receipt, shown once."""
    return page(
        status,
        "pressure_thanks.html",
        manner,
        number=receipt.number,
        secret=receipt.secret,
        address=f"{services.base_url}/pressure/receipt",
    )


def ask(
    status: int,
    manner: Manner,
    *,
    trouble: str = "",
    number: str = "",
    secret: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    """The form for number and secret of a report's receipt."""
    said = catalogue(manner.language).gettext(trouble) if trouble else ""
    return page(
        status,
        "pressure_receipt.html",
        manner,
        headers=headers,
        posted=status != 200,
        trouble=said,
        number=number,
        secret=secret,
    )


async def kept_report(services: Services, number: str, secret: str) -> "asyncpg.Record | None":
    """The report's row when the secret fits. An unknown number costs the same comparison. Raises Away."""
    try:
        stored = read_number(number)
    except Unreadable:
        return None
    async with connected(services) as connection:
        row = await connection.fetchrow(PRESSURE_REPORT_OF_RECEIPT, stored)
    kept = bytes(row["kept_secret"]) if row else bytes(32)
    return row if secret_fits(number, secret, kept, pressure_keys()) else None


def progress(manner: Manner, row: "Mapping[str, Any] | asyncpg.Record") -> Response:
    """What became of a report. What was reported is not repeated: the page may be seen by whom it is about. That the
    authority closes its file is its own matter."""
    state = State.ANSWERED if row["state"] in DONE else State(row["state"])
    way = [each for each in _STEPS if each is not State.MEASURED or row["verdict"] in FOUND]
    here, done = way.index(state), state in DONE
    return page(
        200,
        "pressure_progress.html",
        manner,
        steps=[
            _Step(_STEPS[each], "past" if place < here or done else "now" if place == here else "ahead")
            for place, each in enumerate(way)
        ],
        verdict=_VERDICTS.get(row["verdict"], ""),
        answer=opened_words(row["answer"], row=row["id"], column="answer"),
    )


def _received(directory: Directory, division: Div, on: date) -> bool:
    return receiving_authority(directory, division_id=division.id, organisation_id=None, on=on) is not None


def _organisations(directory: Directory, division_id: int, on: date) -> tuple[tuple[str, str], ...]:
    here = [each for each in directory.organisations(on) if each.division_id == division_id]
    return tuple((each.code, each.name) for each in sorted(here, key=lambda each: each.code))
