"""How every published figure is counted, said once: what is counted, of how many, on which day, what is left out, and by
which rule. Pages link to these, and the dictionaries of data are made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SERVICE_DAY: Final = _("按提供服务的当日（北京时间）归属，不按评价的日期。")
_AT_THE_CUT_OFF: Final = _("差评所评价的服务的日期；结果看到数据截至时为止。")


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `part`: what is counted; `whole`: of what it is a share, "" for a number. `rule`: the dimension of the
    rules on which it depends (`policy.profile.Profile.citation`), "" where it is our own way to show figures."""

    label: Promise
    part: Promise
    whole: Promise | str = ""
    day: Promise | str = _SERVICE_DAY
    left_out: Promise | str = ""
    rule: str = ""


DEFINITIONS: Final[Mapping[str, Definition]] = {
    "occasions": Definition(
        _("办件服务"),
        _("业务系统在评价期内报送、可以评价的办理服务，一次服务计一次。"),
        left_out=_("评价期满以后才报送的（迟报）；评价不予采纳、按规定不再计算的。"),
        rule="window",
    ),
    "late": Definition(
        _("迟报"),
        _("评价期满以后才报送的办理服务。"),
        left_out=_("不能评价，不计入办件服务。"),
        rule="window",
    ),
    "rated": Definition(
        _("评价"),
        _("群众和企业本人作出的评价，每次服务只能评价一次。"),
        left_out=_("默认评价；不予采纳或者本人撤回的；系统自检的；没有办件、直接评价大厅和平台的。"),
        rule="levels",
    ),
    "good": Definition(
        _("好评"), _("非常满意、满意、基本满意的评价。"), left_out=_("默认评价。"), rule="levels"
    ),
    "bad": Definition(
        _("差评"),
        _("不满意、非常不满意的评价；每条都会生成整改工单。"),
        left_out=_("默认评价；经复核不予采纳的。"),
        rule="levels",
    ),
    "default": Definition(
        _("默认评价"),
        _("评价期满没有评价，按当地规定计为某一等次的服务。"),
        left_out=_("单独统计，从不当作群众的评价。"),
        rule="default",
    ),
    "unrated": Definition(
        _("尚未评价"),
        _("办件服务减去评价，再减去默认评价。"),
        left_out=_("其中有评价期还没有满的；没有规定默认的，期满也算在内。不算好评，也不算差评。"),
        rule="default",
    ),
    "active_good_rate": Definition(
        _("主动好评率"), _("好评"), _("评价"), left_out=_("默认评价不计在内。"), rule="levels"
    ),
    "inclusive_good_rate": Definition(
        _("含默认好评率"),
        _("好评，加上默认为基本满意及以上的"),
        _("评价，加上默认评价"),
        left_out=_("没有评价、也没有默认的。"),
        rule="default",
    ),
    "participation": Definition(
        _("主动评价率"), _("评价"), _("办件服务"), left_out=_("默认评价不是主动评价。"), rule="window"
    ),
    "unrated_share": Definition(_("未评率"), _("尚未评价"), _("办件服务"), rule="default"),
    "default_share": Definition(_("默认评价占比"), _("默认评价"), _("办件服务"), rule="default"),
    "interval": Definition(
        _("95%区间"),
        _(
            "评价是对服务的一次抽查，真实的好评率有95%的把握在这个区间内（克洛珀—皮尔逊精确区间，两端向外取整）；评价越少，区间越宽。"
        ),
        left_out=_("默认评价。"),
    ),
    "similar": Definition(
        _("同量级名次"),
        _("按主动好评率，与评价数量相近的单位相比的名次：从20、100、1000、10000条起各为一组，相同的并列。"),
        left_out=_("主动评价不足20条的不排。"),
    ),
    "points": Definition(
        _("得分"),
        _("按当地规则从统计数据算出，谁也不能改；每一步都保存，可以重算。规则没有写明的，不算，写作未规定。"),
        left_out=_("条款要求、但没有统计的，写明没有计算，不以零代替。"),
        rule="scores",
    ),
    "rank": Definition(
        _("名次"),
        _("按得分从高到低；同分按规则中写明的次序区分，没有写明或者仍相同的并列。"),
        left_out=_("按规则不排名的、数据太少的、没有数据的，各写明原因。"),
        rule="scores",
    ),
    "rectified_in_time": Definition(
        _("按时整改率"),
        _("按时整改的差评工单"),
        _("到期的差评工单"),
        day=_AT_THE_CUT_OFF,
        left_out=_("没有规定期限的；不予采纳的。"),
        rule="rectification",
    ),
    "revisit_satisfied": Definition(
        _("回访满意率"),
        _("回访中表示满意的"),
        _("回访中作出回答的"),
        day=_AT_THE_CUT_OFF,
        left_out=_("没有联系上、没有回答的。"),
        rule="revisits",
    ),
    "overturned": Definition(
        _("异议成立率"),
        _("成立的异议"),
        _("提出的异议"),
        day=_AT_THE_CUT_OFF,
        left_out=_("还没有决定的，只算在提出的异议里。"),
        rule="objection",
    ),
    "through": Definition(
        _("经被评价单位自己的系统提交的占比"),
        _("经被评价单位自己的系统提交的评价"),
        _("收到的全部评价"),
        day=_("按收到评价的日期，截至前一天的30天。"),
        left_out=_("系统自检的。默认评价不是收到的评价。"),
    ),
    "answers": Definition(
        _("公开的差评答复"),
        _("已经答复、由主管部门逐条核对后公开的差评。"),
        day=_("只写服务所在的周；这一周评价不足5条的，不写是哪一周、哪个事项。"),
        left_out=_("没有核对公开的、正在复核的、本人撤回的、不予采纳的。所以不能用它计算比率。"),
        rule="publication",
    ),
    "withheld": Definition(
        _("暂不公开"),
        _("评价太少，公开会使人认出评价人；或者公开它，别的单位的数字就能由合计推算出来。"),
        day="",
    ),
    "corrections": Definition(
        _("数字的更正"),
        _(
            "评价人改评或撤回、评价经复核不予采纳或恢复、业务系统更正迟报、默认以后又有评价的，改动计入服务的那一天。首页的实时数字和各部门每天的数字，下一次计算就按改动后的；定期公布的内容冻结不改，重新评分、由两人签署以后另行公布更正，原来的一份保留，并指向更正。"
        ),
        left_out=_("公布以前的改动：公布的数字已经计入。"),
    ),
    "decimals": Definition(
        _("小数"),
        _("保留两位，四舍五入；“100.00%”只表示全部，“0.00%”只表示没有。“—”表示没有可以计算的数据。"),
        day="",
    ),
}
# What publications of score runs call the same.
_ALSO: Final[Mapping[str, str]] = {
    "ratings": "rated",
    "defaults": "default",
    "good_active": "active_good_rate",
    "good_inclusive": "inclusive_good_rate",
}


def key_of(name: str) -> str:
    """The key of a figure under whatever name. Raises KeyError for one that nobody defined."""
    key = _ALSO.get(name, name)
    if key not in DEFINITIONS:
        raise KeyError(name)
    return key


def label(name: str) -> str:
    """What a figure is called. Raises KeyError."""
    return str(DEFINITIONS[key_of(name)].label)


def meaning(name: str) -> str:
    """A figure in one sentence, for dictionaries of data. Raises KeyError."""
    found = DEFINITIONS[key_of(name)]
    share = f" ÷ {found.whole}" if found.whole else ""
    return f"{found.label}：{found.part}{share}"
