"""How a citizen reports that he was pressed into a rating, or is being punished for one: to the authority alone.

By the printed link, by the receipt of one's rating, or by neither. The page of a link says the same before and after a
rating and after all limits: whoever holds it learns nothing from it.
"""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices, pressure_page
from haochaping.faces.citizen.attempts import Attempts
from haochaping.faces.citizen.language import manner_of, mark
from haochaping.faces.citizen.pressure_again import FORM_FIELDS, again, is_report
from haochaping.faces.citizen.pressure_page import Whence
from haochaping.faces.citizen.rate import ELSEWHERE
from haochaping.faces.citizen.rating_form import NotAForm, Overfull, fields_of, new_submission
from haochaping.faces.citizen.receipts import Receipts, typed
from haochaping.faces.citizen.served import Away, directory_of
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid
from haochaping.foundation.keys import key_for
from haochaping.foundation.subscribers import subscriber
from haochaping.intake.http import Request, Response
from haochaping.intake.lookups import NotAnswered
from haochaping.intake.pressure_reports import PressureReport, TooMany, keep_report
from haochaping.intake.services import Services
from haochaping.intake.submission import NotStored
from haochaping.intake.traces import address_hash
from haochaping.oversight.receiving import receiving_authority
from haochaping.oversight.reporting import (
    SUBMISSION,
    ReportContent,
    ReportTyped,
    check_report,
    nobody_above,
)
from haochaping.oversight.sealed import Reference
from haochaping.oversight.states import Source

_AWAY: Final = mark("系统暂时没有响应，反映还没有存下。您填写的内容都还在，请稍后再次提交。")
_ENOUGH: Final = mark(
    "从您所在的网络已经收到多份反映，这一份还没有存下。请一小时后再提交，或者换一个网络提交。"
)
_WRONG: Final = mark("编号和密码不相符。请对照回执重新输入，注意不要漏掉字符。")
_TOO_OFTEN: Final = mark("尝试的次数过多。请等一分钟后再试。")
_RETRY: Final = (("Retry-After", str(notices.RETRY_SECONDS)),)
# So many reports an hour from one address, or with one receipt. A rater with a receipt does not depend on what others at
# the same address do: else a hall could use up the allowance of its own network.
_MOST, _WITHIN_SECONDS = 10, 3600


class Pressure:
    """The pages of reports. One object for each process: it remembers who has sent how many, and who guessed receipts."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts
        self.forget()

    def forget(self) -> None:
        """Begins with nobody remembered."""
        self._receipts.forget()
        self._sent = Attempts(most=_MOST, within_seconds=_WITHIN_SECONDS)
        self._guessed = Attempts()

    async def ask_where(self, request: Request, services: Services) -> Response:
        """GET /pressure: which place it is about; with `?division=` on to its form."""
        manner = manner_of(request)
        code = parse_qs(request.query).get("division", [""])[0]
        try:
            if code:
                return pressure_page.on_to(services, code, manner, local_day(request.received_at))
            return pressure_page.where(services, manner, local_day(request.received_at))
        except Away:
            return notices.away(manner)

    async def ask_division(self, request: Request, services: Services) -> Response:
        """GET /pressure/{division}: the form, without any link or receipt; 404 for a place where nobody receives it."""
        whence = _division(request, services)
        return whence if isinstance(whence, Response) else pressure_page.form(200, manner_of(request), whence)

    async def submit_division(self, request: Request, services: Services) -> Response:
        """POST /pressure/{division}: 201 with a receipt, 200 for the same again; 422, 429, 503 with all that was typed."""
        whence = _division(request, services)
        return whence if isinstance(whence, Response) else await self._submitted(request, services, whence)

    async def ask_link(self, request: Request, services: Services) -> Response:
        """GET /r/{token}/pressure: the form; 404 for what was never a link. The same whatever became of the rating."""
        whence = await _link(request, services)
        return whence if isinstance(whence, Response) else pressure_page.form(200, manner_of(request), whence)

    async def submit_link(self, request: Request, services: Services) -> Response:
        """POST /r/{token}/pressure."""
        whence = await _link(request, services)
        return whence if isinstance(whence, Response) else await self._submitted(request, services, whence)

    async def from_receipt(self, request: Request, services: Services) -> Response:
        """POST /receipt/pressure: number and secret of the rating alone open the form; with it filled in, the report. Else
        as `Receipts.admitted`, with all that was typed where that is 429 or 503."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return _kept(held, request)
        row = held.given.row
        try:
            whence = pressure_page.of_row(
                services,
                row,
                Reference(str(row["rating_id"]), True, *_place(row)),
                source=Source.RECEIPT,
                on=local_day(request.received_at),
                action=f"/receipt/pressure{held.manner.query()}",
                hidden={"number": held.number, "secret": held.secret},
            )
        except Away:
            return _kept(notices.away(held.manner), request)
        if not is_report(held.fields):
            return pressure_page.form(200, held.manner, whence)
        return await self._submitted(request, services, whence)

    async def ask_progress(self, request: Request, services: Services) -> Response:  # noqa: ARG002
        """GET /pressure/receipt: number and secret are asked for."""
        return pressure_page.ask(200, manner_of(request))

    async def progress(self, request: Request, services: Services) -> Response:
        """POST /pressure/receipt: what became of the report; 404 when number and secret do not fit each other."""
        manner = manner_of(request)
        try:
            fields = fields_of(request)
            number, secret = typed(fields)
            if not self._guessed.allowed(request.address, request.received_at):
                return pressure_page.ask(429, manner, trouble=_TOO_OFTEN, headers=(("Retry-After", "60"),))
            row = await pressure_page.kept_report(services, number, secret)
        except NotAForm:
            return notices.not_a_form(manner)
        except Overfull:
            return notices.overfull(manner)
        except Away:
            return notices.away(manner)
        if row is None:
            self._guessed.failed(request.address, request.received_at)
            return pressure_page.ask(404, manner, trouble=_WRONG, number=number, secret=secret)
        return pressure_page.progress(manner, row)

    async def _submitted(self, request: Request, services: Services, whence: Whence) -> Response:
        manner = manner_of(request)
        # As with ratings: a page of somebody else's must not fill this in, nor give it a submission id that it knows.
        if request.headers.get("sec-fetch-site") in ELSEWHERE:
            return pressure_page.form(200, manner, whence)
        try:
            typed = _typed(request)
            content = check_report(typed, offered=[code for code, _ in whence.organisations])
            report = _addressed(request, services, whence, content)
        except NotAForm:
            return notices.not_a_form(manner)
        except Overfull:
            return notices.overfull(manner)
        except Away:
            return notices.away(manner)
        except Invalid as invalid:
            lost = any(problem.field == SUBMISSION for problem in invalid.problems)
            again = replace(typed, submission=new_submission()) if lost else typed
            return pressure_page.form(422, manner, whence, again, problems=invalid.problems)
        sender = _sender(request, whence)
        try:
            receipt, new = await keep_report(
                services, report, more=self._sent.allowed(sender, request.received_at)
            )
        except TooMany:
            headers = (("Retry-After", str(_WITHIN_SECONDS)),)
            return pressure_page.form(429, manner, whence, typed, trouble=_ENOUGH, headers=headers)
        except NotStored:
            return pressure_page.form(503, manner, whence, typed, trouble=_AWAY, headers=_RETRY)
        if new:
            self._sent.failed(sender, request.received_at)
        return pressure_page.thanks(201 if new else 200, manner, services, receipt)


def _kept(refusal: Response, request: Request) -> Response:
    """A refusal for now, with what was typed where that is a report."""
    if refusal.status not in (429, 503):
        return refusal
    fields = fields_of(request)
    return again(refusal.status, request, fields, _later(refusal)) if is_report(fields) else refusal


def _later(refusal: Response) -> tuple[tuple[str, str], ...]:
    return tuple(each for each in refusal.headers if each[0] == "Retry-After")


def _division(request: Request, services: Services) -> Whence | Response:
    manner, code = manner_of(request), request.parameters["division"]
    try:
        whence = pressure_page.of_division(services, code, manner, local_day(request.received_at))
    except Away:
        return notices.away(manner)
    return whence or notices.no_report(manner)


async def _link(request: Request, services: Services) -> Whence | Response:
    manner = manner_of(request)
    try:
        token = tokens.read(request.parameters["token"], key_for("rating token"))
        row = await services.lookups.occasion(token.occasion_id, request.received_at)
        if row is None:
            return notices.unknown(manner)
        return pressure_page.of_row(
            services,
            row,
            Reference(str(token.occasion_id), False, *_place(row)),
            source=Source.LINK,
            on=local_day(request.received_at),
            action=f"/r/{request.parameters['token']}/pressure{manner.query()}",
        )
    except tokens.ForgedToken:
        return notices.unknown(manner)
    except (NotAnswered, Away):
        return notices.away(manner)


def _place(row: pressure_page.Row) -> tuple[int | None, int | None, int | None, int | None]:
    return row["item_id"], row["hall_id"], row["window_id"], row["staff_id"]


def _typed(request: Request) -> ReportTyped:
    fields = fields_of(request)
    one = {name: fields.get(name, [""])[-1] for name in FORM_FIELDS}
    return ReportTyped(matters=tuple(fields.get("matters", ())), **one)


def _addressed(
    request: Request, services: Services, whence: Whence, content: ReportContent
) -> PressureReport:
    """The report with whom it is about and to whom it goes. Raises Invalid where nobody is above, Away."""
    directory, on = directory_of(services), local_day(request.received_at)
    about = directory.organisation_id(content.organisation) if content.organisation else None
    authority = receiving_authority(directory, division_id=whence.division_id, organisation_id=about, on=on)
    if authority is None:
        raise nobody_above()
    return PressureReport(
        content=content,
        source=whence.source,
        division_id=whence.division_id,
        organisation_id=about,
        authority_id=authority,
        reference=whence.reference,
        received_at=request.received_at,
    )


def _sender(request: Request, whence: Whence) -> str:
    """Whose allowance it is: of the receipt, else of the address, of which nothing but a keyed hash is remembered."""
    if whence.source is Source.RECEIPT and whence.reference is not None:
        return whence.reference.subject
    hashed = address_hash(subscriber(request.address)) if request.address else None
    return hashed.hex() if hashed else ""
