"""Why an act is refused, in words for the one who tried it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.foundation.errors import Conflict, NotAllowed, Refused
from haochaping.rectification.course.guards import Bar

CHANGED: Final = _("这张工单刚刚有了新的进展，您的操作没有保存。请核对下面的最新情况后再办理。")
_OF_PERSONS: Final = frozenset({Bar.SAME_PERSON, Bar.NOT_THE_BODY, Bar.NOT_THE_SUPERVISOR})
_WORDS: Final[Mapping[Bar, Promise]] = {
    Bar.STATE: CHANGED,
    Bar.NOT_LAID_DOWN: _("现行规定没有允许这样办理，您的操作没有保存。"),
    Bar.TIMES: _("规定的次数已经用完，您的操作没有保存。"),
    Bar.TOO_LATE: _("规定的时间已经过了，您的操作没有保存。"),
    Bar.ANONYMOUS: _("评价人选择了匿名，不得查询或联系，不需要登记联系情况。请直接核实。"),
    Bar.UNCLASSED: _("现行规定没有对差评分类，不需要分类。"),
    Bar.NO_LIMIT: _("这张工单现在没有整改期限，不需要延期。"),
    Bar.WAITS: _("已经申请过延期，正在等待批准，请不要重复申请。"),
    Bar.NOT_ASKED: _("没有待批准的延期申请，可能已经有人处理。请核对下面的办理记录。"),
    Bar.NOT_THE_BODY: _("这项延期由规定的机关批准，您不在这个机关任职，不能办理。"),
    Bar.BASELESS: _("核实结论是缺乏法定依据，请先向评价人解释说明。"),
    Bar.HAS_BASIS: _("只有核实结论为缺乏法定依据的，才作解释说明。"),
    Bar.OTHER_WAY: _("现行规定要求用另外的方式办理，请刷新页面后再办理。"),
    Bar.SAME_PERSON: _("规定由另外一人办理：上一步是您办的，请交给其他同事。"),
    Bar.DONE: _("这一步已经登记过了，没有重复登记。请核对下面的办理记录。"),
    Bar.NOTHING_SET_OFF: _("这张工单现在没有需要督办、复查的事项，可能已经有人办理。请核对下面的办理记录。"),
    Bar.NOT_THE_SUPERVISOR: _("这件事由规定的机关办理，您不在这个机关任职，不能办理。"),
    Bar.BY_RULE: _("这一步由系统按规定自动办理，不需要操作。"),
    Bar.PARTS_OPEN: _(
        "还有联办单位没有提交办理情况。全部提交后，由您统一答复；逾期的，由主管部门决定是否不再等待。"
    ),
}


def refusal(bar: Bar) -> Refused:
    """The error that says so."""
    kind = NotAllowed if bar in _OF_PERSONS else Conflict
    return kind("changed" if bar is Bar.STATE else bar.value, str(_WORDS[bar]))
