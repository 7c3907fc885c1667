"""Pages that say one thing: what, why, and what to do. Those about a link never tell what lies behind it."""

from functools import lru_cache
from typing import Final

from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.pages import page
from haochaping.intake.http import Response

RETRY_SECONDS = 5
_KEPT: Final = 100


# The same for everybody, and asked for by whoever guesses tokens: made once for each language and size.
@lru_cache(maxsize=_KEPT)
def _notice(
    status: int, manner: Manner, title: str, *paragraphs: str, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    words = catalogue(manner.language).gettext
    return page(
        status,
        "notice.html",
        manner,
        headers=headers,
        posted=True,
        title=words(title),
        paragraphs=[words(paragraph) for paragraph in paragraphs],
    )


def unknown(manner: Manner) -> Response:
    """404: forged and never accepted look alike."""
    return _notice(
        404,
        manner,
        mark("没有找到这个评价链接"),
        mark("链接可能没有复制完整，或者输入有误。"),
        mark("请重新扫描凭条上的二维码，或者完整打开收到的链接。"),
    )


def gone(manner: Manner) -> Response:
    """410: used, closed, late and expired look alike, and nobody is told when or by whom."""
    return _notice(
        410,
        manner,
        mark("这个评价链接已经不能使用"),
        mark("每次服务只能评价一次，超过评价期限也不能再评价。"),
        mark("评价过的，可以凭回执查询。没有评价过而有意见的，可以向办理地的政务服务管理部门反映。"),
    )


def no_report(manner: Manner) -> Response:
    """404: what a report was to be about is not known: a receipt that does not fit, a place that is not there."""
    return _notice(
        404,
        manner,
        mark("没有找到要反映的对象"),
        mark("回执编号和密码不相符，或者地区不在本系统之内。"),
        mark("您可以从页面下方的链接重新进入，不需要回执也能反映。"),
    )


def away(manner: Manner) -> Response:
    """503: nothing was typed yet, so a page that asks to come back is enough."""
    return _notice(
        503,
        manner,
        mark("系统暂时无法使用"),
        mark("系统暂时没有响应，不是您的操作有误。"),
        mark("请过一会儿重新打开这个页面。"),
        headers=(("Retry-After", str(RETRY_SECONDS)),),
    )


def too_often(manner: Manner, wait: int) -> Response:
    """429: the same for whatever was asked, and never a word of what lies behind it."""
    return _notice(
        429,
        manner,
        mark("打开得过于频繁"),
        mark("短时间内打开的次数过多，系统需要您稍等片刻。已经提交的评价不受影响。"),
        mark("请过一会儿重新打开这个页面。"),
        headers=(("Retry-After", str(wait)),),
    )


def no_document(manner: Manner) -> Response:
    """500: the slip has a character that the font has not; it would come out no better again."""
    return _notice(
        500,
        manner,
        mark("无法生成 PDF 凭条"),
        mark("凭条的文字中有字库里没有的字。"),
        mark("请打开凭条页面，用浏览器的打印功能打印。"),
    )


def not_a_form(manner: Manner) -> Response:
    """415: what was sent is not what our forms send."""
    return _notice(
        415,
        manner,
        mark("无法读取提交的内容"),
        mark("这里只接受网页表单提交的内容。"),
        mark("请返回评价页面，填写后重新提交。"),
    )


def overfull(manner: Manner) -> Response:
    """400: more fields than the form has."""
    return _notice(
        400,
        manner,
        mark("无法读取提交的内容"),
        mark("提交的栏目数量超出了表单的范围。"),
        mark("请返回评价页面，填写后重新提交。"),
    )
