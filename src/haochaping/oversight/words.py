"""The words of coverage, for pages, commands and files."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.oversight.rules import SILENT_DAYS, Covered, Gap, Kind

KINDS: Final[Mapping[Kind, Promise]] = {
    Kind.ITEM: gettext_lazy("事项"),
    Kind.WINDOW: gettext_lazy("窗口"),
    Kind.STAFF: gettext_lazy("工作人员"),
    Kind.HALL: gettext_lazy("大厅"),
    Kind.CHANNEL: gettext_lazy("评价渠道"),
    Kind.SENDER: gettext_lazy("业务系统"),
}
_MEANINGS: Final[Mapping[Kind, Promise]] = {
    Kind.ITEM: gettext_lazy("没有任何业务系统报送过这一事项的办件服务"),
    Kind.WINDOW: gettext_lazy("没有一次可以评价的办件服务"),
    Kind.STAFF: gettext_lazy("没有一次可以评价的办件服务"),
    Kind.HALL: gettext_lazy("各窗口都没有可以评价的办件服务"),
    Kind.CHANNEL: gettext_lazy("没有经这一渠道收到过评价"),
    Kind.SENDER: gettext_lazy("最近%(days)d天没有报送"),
}
CHANNELS: Final[Mapping[int, Promise]] = {
    1: gettext_lazy("网站"),
    2: gettext_lazy("移动端"),
    3: gettext_lazy("二维码"),
    4: gettext_lazy("评价器或平板"),
    5: gettext_lazy("其他终端"),
}


def meaning(kind: Kind) -> str:
    """What a gap of this kind means, in one sentence without its full stop."""
    return str(_MEANINGS[kind]) % {"days": SILENT_DAYS}


def detail(gap: Gap) -> str:
    """What is to be said of a gap beside code and name."""
    if gap.channel is not None:
        return str(CHANNELS[gap.channel])
    if gap.kind is Kind.SENDER:
        if gap.last_day is None:
            return _("从未报送")
        return _("最近报送 %(day)s") % {"day": gap.last_day.isoformat()}
    return ""


def share(covered: Covered) -> str:
    """99.9 %, or an en dash where there is nothing to cover."""
    tenths = covered.tenths
    return "–" if tenths is None else f"{tenths // 10}.{tenths % 10}%"
