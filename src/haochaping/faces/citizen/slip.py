"""The slip for the citizen to take along: what was served, and the code. For the counter's browser to print, and as PDF."""

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices, qr
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import TEMPLATES, page
from haochaping.faces.citizen.served import Away, served
from haochaping.foundation.keys import key_for
from haochaping.foundation.typesetting import Busy, CannotBeSet, Typesetter
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services

_SOURCE: Final = (TEMPLATES / "slip.typ").read_text(encoding="utf-8")
_HEADERS: Final = (
    # What a browser shows of a PDF is a page of its own, which our policy for pages would keep empty.
    ("Content-Disposition", 'attachment; filename="slip.pdf"'),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class _Slip:
    """What a slip says: `words` as `Served.words` has them, `address` what its code leads to."""

    words: dict[str, str]
    address: str


async def show(request: Request, services: Services) -> Response:
    """GET /r/{token}/slip: a page of 80 mm; 404 and 410 as for the form. It says nothing that the form does not say."""
    slip, manner = await _slip(request, services), manner_of(request)
    if isinstance(slip, Response):
        return slip
    code = Markup(qr.inline(slip.address))  # noqa: S704  (drawn here, of an address of ours)
    pdf = f"{request.path}.pdf{manner.query()}"
    return page(200, "slip.html", manner, served=slip.words, code=code, pdf=pdf)


class SlipDocument:
    """GET /r/{token}/slip.pdf: the same as PDF/A, for printers that take no page."""

    def __init__(self, typesetter: Typesetter | None = None) -> None:
        self._typesetter = typesetter or Typesetter()

    async def __call__(self, request: Request, services: Services) -> Response:
        """As `show`; 503 while too many are being made, 500 where the font has no glyph for what it must say."""
        slip, manner = await _slip(request, services), manner_of(request)
        if isinstance(slip, Response):
            return slip
        try:
            made = await self._typesetter.pdf(_SOURCE, _said(slip, manner))
        except Busy:
            return notices.away(manner)
        except CannotBeSet:
            return notices.no_document(manner)
        return Response(200, made, content_type="application/pdf", headers=_HEADERS)


async def _slip(request: Request, services: Services) -> _Slip | Response:
    manner, text = manner_of(request), request.parameters["token"]
    try:
        token = tokens.read(text, key_for("rating token"))
        subject = await served(services, token, request.received_at)
        words = subject.words(manner) if subject else {}
    except tokens.ForgedToken:
        return notices.unknown(manner)
    except Away:
        return notices.away(manner)
    if subject is None:
        return notices.unknown(manner)
    if not subject.is_open:
        return notices.gone(manner)
    return _Slip(words, f"{services.base_url}/r/{text}")


def _said(slip: _Slip, manner: Manner) -> dict[str, Any]:
    say, words = catalogue(manner.language).gettext, slip.words
    # Nobody's name: who served stands on the badge.
    rows = (
        (mark("办理事项"), words["item"], words["step"]),
        (mark("办理单位"), words["organisation"], ""),
        (mark("窗口"), words["window"] or words["hall"], words["hall"] if words["window"] else ""),
        (mark("办理日期"), words["day_words"], ""),
        (mark("评价截止"), words["last_day_words"], ""),
    )
    return {
        "title": say(mark("请评价本次服务")),
        "language": manner.language,
        "region": "cn" if manner.language == "zh" else "gb",
        "code": qr.svg(slip.address).decode(),
        "alt": say(mark("评价二维码")),
        "scan": say(mark("用手机扫描二维码，即可评价。")),
        "rows": [{"label": say(label), "value": value, "more": more} for label, value, more in rows if value],
        "voluntary": say(mark("评价自愿，任何单位和个人不得强迫或者干扰。")),
    }
