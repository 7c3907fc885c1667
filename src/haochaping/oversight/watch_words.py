"""Ways, channels, levels and steps in words, for pages and commands."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.oversight.watching import Step, Way
from haochaping.oversight.words import CHANNELS
from haochaping.ratings.states import Origin

WAYS: Final[Mapping[Way, Promise]] = {
    Way.FORM: _("评价页面"),
    Way.DEVICE: _("评价设备接口"),
    Way.CLIENT: _("业务系统接口，凭评价链接"),
    Way.NUMBER: _("业务系统接口，凭办件编号"),
}

STEPS: Final[Mapping[Step, Promise]] = {
    Step.REPORT: _("报送办件"),
    Step.PAGE: _("打开评价页面"),
    Step.RATE: _("提交评价"),
    Step.STORED: _("原样保存"),
    Step.TALLY: _("计入数量"),
    Step.RECEIPT: _("凭回执查询"),
    Step.ORDER: _("生成工单"),
}

_LEVELS: Final[Mapping[int, Promise]] = {
    5: _("非常满意"),
    4: _("满意"),
    3: _("基本满意"),
    2: _("不满意"),
    1: _("非常不满意"),
}

NOT_DRIVEN: Final[Mapping[Origin, Promise]] = {
    Origin.PAPER: _("纸质评价：由工作人员录入，不能自动检验"),
    Origin.HOTLINE: _("热线评价：由话务员录入，不能自动检验"),
    Origin.UPPER_PLATFORM: _("上级平台转来的评价：由上级平台收集，不能自动检验"),
    Origin.IMPORT: _("文件导入的评价：由工作人员导入，不能自动检验"),
}


def level_words(level: int) -> Promise | str:
    """What a level is called everywhere; a number that is none stands for itself."""
    return _LEVELS.get(level, str(level))


def channel_words(channel: int) -> Promise | str:
    """The channel in words; one that the convention does not name by its number."""
    return CHANNELS.get(channel, str(channel))
