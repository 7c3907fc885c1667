"""Who holds a receipt: number and secret, posted. They lead to one's own rating and to what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.attempts import Attempts
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import NotAForm, Overfull, fields_of
from haochaping.faces.citizen.served import Away, connected
from haochaping.intake.afterwards import Given, given
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.ratings.receipt import Unreadable, read_number, receipt_keys, secret_fits

_WRONG = mark("编号和密码不相符。请对照回执重新输入，注意不要漏掉字符。")
TOO_OFTEN = mark("尝试的次数过多。请等一分钟后再试。")
_AWAY = mark("系统暂时没有响应，不是您输入有误。请稍后再点一次“查询”。")
_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A receipt that fits, with all fields of the form that showed it."""

    manner: Manner
    fields: dict[str, list[str]]
    number: str
    secret: str
    given: Given

    @property
    def stored(self) -> str:
        """The receipt's number as it is stored."""
        stored: str = self.given.row["number"]
        return stored

    def field(self, name: str) -> str:
        """The last value of a field, "" for none."""
        return self.fields.get(name, [""])[-1]


class Receipts:
    """Lets in who holds a receipt. One object for all routes of a process: it remembers who guessed."""

    def __init__(self, attempts: Attempts | None = None) -> None:
        self._attempts = attempts or Attempts()

    def forget(self) -> None:
        """Begins with nobody remembered."""
        self._attempts.forget()

    async def admitted(self, request: Request, services: Services) -> Held | Response:
        """What the receipt leads to; else the answer: 404 when number and secret do not fit each other, whichever; 415,
        400, 429, 503."""
        manner = manner_of(request)
        try:
            fields = fields_of(request)
        except NotAForm:
            return notices.not_a_form(manner)
        except Overfull:
            return notices.overfull(manner)
        number, secret = typed(fields)
        if not self._attempts.allowed(request.address, request.received_at):
            return form(429, manner, number, secret, trouble=TOO_OFTEN, headers=(("Retry-After", "60"),))
        try:
            found = await fitting(services, number, secret)
        except Away:
            return away(manner, number, secret)
        if found is None:
            self._attempts.failed(request.address, request.received_at)
            return form(404, manner, number, secret, trouble=_WRONG)
        return Held(manner, fields, number, secret, found)


def typed(fields: Mapping[str, list[str]]) -> tuple[str, str]:
    """Number and secret, as far as anybody would type."""
    number, secret = (fields.get(name, [""])[-1][:_SHOWN_LENGTH] for name in ("number", "secret"))
    return number, secret


async def fitting(services: Services, number: str, secret: str) -> Given | None:
    """The rating when the secret fits. An unknown number costs the same comparison."""
    try:
        stored = read_number(number)
    except Unreadable:
        return None
    async with connected(services) as connection:
        found = await given(connection, stored)
    kept = bytes(found.row["kept_secret"]) if found else bytes(32)
    return found if secret_fits(number, secret, kept, receipt_keys()) else None


def form(
    status: int,
    manner: Manner,
    number: str = "",
    secret: str = "",
    *,
    posted: bool = True,
    trouble: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    """The page that asks for number and secret."""
    return page(
        status,
        "receipt.html",
        manner,
        headers=headers,
        posted=posted,
        number=number,
        secret=secret,
        trouble=catalogue(manner.language).gettext(trouble) if trouble else "",
    )


def away(manner: Manner, number: str, secret: str) -> Response:
    """503: number and secret are still there, and lead to what stands once the system answers again."""
    retry = (("Retry-After", str(notices.RETRY_SECONDS)),)
    return form(503, manner, number, secret, trouble=_AWAY, headers=retry)
