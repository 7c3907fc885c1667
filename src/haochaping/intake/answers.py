"""How an answer leaves the door, and the plain pages for what never reached a handler: what, why, what to
do.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from http import HTTPStatus
from typing import Final

from haochaping.foundation.browser import content_policy
from haochaping.intake.http import Response, Send

# What every answer of the door carries; a handler's own header of the same name wins.
_ALWAYS: Final = (
    ("Content-Security-Policy", content_policy()),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)

_HEADS_KEPT: Final = 500
_ENDING: Final = b"content-length: %d\r\nconnection: close\r\n"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble in both languages: a title, why, and what to do."""

    status: int
    code: str
    title: str
    words: str
    title_en: str
    words_en: str


TROUBLES: Final[Mapping[str, Trouble]] = {
    trouble.code: trouble
    for trouble in (
        Trouble(
            400,
            "malformed",
            "请求无法识别",
            "收到的请求不完整或格式有误。请返回上一页重新操作。",
            "The request could not be understood",
            "It was incomplete or malformed. Please go back and try again.",
        ),
        Trouble(
            404,
            "not_found",
            "没有找到这个页面",
            "地址可能输入有误或不完整。请核对地址，或重新扫描二维码。",
            "There is no such page",
            "The address may be mistyped or incomplete. Please check it, or scan the QR code again.",
        ),
        Trouble(
            405,
            "method_not_allowed",
            "不支持这种操作",
            "这个地址不接受这种请求方式。请从页面上的按钮或链接进入。",
            "This address does not take that kind of request",
            "Please use the buttons and links of the pages.",
        ),
        Trouble(
            408,
            "too_slow",
            "内容没有及时传完",
            "网络可能较慢，内容没有在规定时间内传完，没有保存。请检查网络后再试一次。",
            "The content did not arrive in time",
            "The network may be slow; nothing was stored. Please check the connection and try again.",
        ),
        Trouble(
            413,
            "too_large",
            "提交的内容过大",
            "内容超过了这里允许的大小，没有保存。请删减或分几次提交。",
            "Too much content",
            "It is too large for this address; nothing was stored. Please shorten it or send parts.",
        ),
        Trouble(
            414,
            "address_too_long",
            "地址过长",
            "这个地址比本系统的任何地址都长，无法打开。请核对地址，或重新扫描二维码。",
            "The address is too long",
            "No address of this system is that long. Please check it, or scan the QR code again.",
        ),
        Trouble(
            431,
            "headers_too_large",
            "请求头过大",
            "浏览器发送的附加信息过多，无法处理。请清除本网站的浏览数据后再试。",
            "The request headers are too large",
            "Please clear this site's browsing data and try again.",
        ),
        Trouble(
            500,
            "internal_error",
            "系统出现错误",
            "这不是您的操作造成的，我们已经记录。请稍后再试；仍有问题时，请把下面的编号告诉管理人员。",
            "Something went wrong on our side",
            "It was recorded. Please try again later, or give the reference below to the operator.",
        ),
        Trouble(
            502,
            "web_away",
            "页面暂时无法打开",
            "提供页面的服务没有响应，可能正在重新启动。请过一会儿刷新页面。",
            "The page cannot be opened at the moment",
            "The service behind it does not answer; it may be restarting. Please reload in a moment.",
        ),
        Trouble(
            503,
            "starting",
            "系统暂时无法使用",
            "系统正在启动，或者暂时连不上数据库。请过一会儿再试。",
            "The system is not available at the moment",
            "It is starting or cannot reach its database. Please try again in a moment.",
        ),
        Trouble(
            503,
            "crowded",
            "系统繁忙",
            "同时上传的内容过多，这次没有保存。请过一会儿再试。",
            "Too much is being uploaded at the moment",
            "Nothing was stored. Please try again in a moment.",
        ),
        Trouble(
            504,
            "web_slow",
            "页面没有及时打开",
            "处理时间过长，已经停止等待。请缩小查询范围，或过一会儿再试。",
            "The page took too long",
            "Please narrow your query or try again in a moment.",
        ),
    )
}


def trouble(
    code: str, *, path: str, reference: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """The answer for one of TROUBLES: JSON below /api/, else a page. `reference` leads to the log."""
    what = TROUBLES[code]
    if path.lower().startswith("/api/"):
        error = {"code": what.code, "message": f"{what.title}：{what.words}"}
        body = {"error": error | ({"reference": reference} if reference else {})}
        text, kind = json.dumps(body, ensure_ascii=False), "application/json; charset=utf-8"
    else:
        text, kind = _page(what, reference), "text/html; charset=utf-8"
    return Response(what.status, text.encode(), kind, headers)


def _page(what: Trouble, reference: str) -> str:
    number = f"<p>编号 <strong>{escape(reference)}</strong> Reference</p>" if reference else ""
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{what.title}</title></head><body><main>"
        f"<h1>{what.title}</h1><p>{what.words}</p>{number}"
        f'<section lang="en"><h2>{what.title_en}</h2><p>{what.words_en}</p></section>'
        "</main></body></html>"
    )


def headers_of(response: Response) -> list[tuple[bytes, bytes]]:
    """All headers as they go out: the handler's, then what every answer carries and the handler did not
    set.
    """
    given = {name.lower() for name, _ in response.headers}
    pairs = [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
    pairs += response.headers
    pairs += [(name, value) for name, value in _ALWAYS if name.lower() not in given]
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in pairs]


@lru_cache(maxsize=_HEADS_KEPT)
def _head(status: int, content_type: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    """An answer's head without its length. Raises ValueError for a header that would begin another line."""
    pairs = headers_of(Response(status, b"", content_type, headers))
    if any(b"\r" in part or b"\n" in part for pair in pairs for part in pair):
        raise ValueError("a header has a line break in it")
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return line + b"".join(b"%s: %s\r\n" % pair for pair in pairs if pair[0] != b"content-length")


def bytes_of(
    response: Response, more: Sequence[tuple[bytes, bytes]], *, head: bool, keep_alive: bool
) -> bytes:
    """The whole answer as it goes over the line, with `more` headers; without its body for HEAD."""
    body = response.body
    return b"".join(
        (
            _head(response.status, response.content_type, response.headers),
            *[b"%s: %s\r\n" % pair for pair in more],
            b"content-length: %d\r\n" % len(body) if keep_alive else _ENDING % len(body),
            b"\r\n",
            b"" if head else body,
        )
    )


async def send_response(send: Send, response: Response, *, head: bool = False, more: bool = False) -> None:
    """Sends an answer, without its body for HEAD. With `more` it is not ended: the caller ends it by
    `end`.
    """
    await send({"type": "http.response.start", "status": response.status, "headers": headers_of(response)})
    await send({"type": "http.response.body", "body": b"" if head else response.body, "more_body": more})


async def end(send: Send) -> None:
    """Ends an answer that was sent with `more`."""
    await send({"type": "http.response.body", "body": b"", "more_body": False})
