"""What each column of the workbook wants, told in its cells and on the sheet that explains."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DIVISION: Final = _(
    "国标 GB/T 2260 的 6 位代码，如 530102；乡镇、村填写 12 位代码（GB/T 10114），如 530102001000。"
)
_OWN_CODE: Final = _(
    "自编，长期不变：字母、数字、连字符、下划线和点，不超过 40 位。业务系统报送时使用同一编号。"
)
_NAME: Final = _("全称。更名而代码不变的，另起一行写新名称和起日，并在原来的一行填写止日（新起日的前一日）。")

EXPLANATIONS: Final[Mapping[tuple[str, str], Promise]] = {
    ("divisions", "code"): _DIVISION,
    ("divisions", "name"): _NAME,
    ("divisions", "parent"): _("上一级区划的代码；最高一级留空。"),
    ("divisions", "level"): _(
        "province 省级，prefecture 市（州）级，county 县（市、区）级，township 乡镇（街道）级，village 村（社区）级。"
    ),
    ("divisions", "successor"): _("撤并后接续的区划代码；填写时须有止日。"),
    ("organisations", "credit_code"): _("18 位统一社会信用代码，大写，校验位须相符（GB 32100）。"),
    ("organisations", "name"): _NAME,
    ("organisations", "division"): _DIVISION,
    ("organisations", "kind"): _(
        "authority 政务服务管理部门，department 部门，hotline 热线，platform 平台。"
    ),
    ("organisations", "department"): _("规则文件中 departments 所用的条线名称，如 hrss；没有的留空。"),
    ("halls", "code"): _OWN_CODE,
    ("halls", "name"): _NAME,
    ("halls", "division"): _DIVISION,
    ("halls", "kind"): _(
        "government_hall 政务服务大厅，own_hall 部门自设大厅，station 便民服务点，kiosk 自助终端，hotline 热线，"
        "online 网上；不清楚的留空。"
    ),
    ("halls", "organisation"): _(
        "对大厅本身的评价由哪个机构负责：“机构”表中的统一社会信用代码。留空的，由所在区划的政务服务管理部门负责。"
    ),
    ("windows", "code"): _OWN_CODE,
    ("windows", "name"): _NAME,
    ("windows", "hall"): _("“大厅”表中的大厅编号。"),
    ("windows", "organisation"): _("“机构”表中的统一社会信用代码。"),
    ("staff", "code"): _OWN_CODE,
    ("staff", "name"): _("姓名。"),
    ("staff", "organisation"): _("“机构”表中的统一社会信用代码。"),
    ("staff", "window"): _("“窗口”表中的窗口编号；不固定在窗口的留空。"),
    ("items", "task_code"): _("31 位实施编码，数字和大写字母。"),
    ("items", "handle_item"): _("33 位办理项编码，以本行的实施编码开头。"),
    ("items", "name"): _("事项库中的名称；业务系统报送的事项名称与它核对。"),
    ("items", "task_type"): _(
        "01 行政许可，05 行政给付，07 行政确认，08 行政奖励，09 行政裁决，10 其他行政权力，20 公共服务，99 其他。"
    ),
    ("items", "organisation"): _("受理部门的统一社会信用代码，在“机构”表中。"),
    ("items", "project_type"): _("即办件或承诺件。"),
}
DAYS: Final[Mapping[str, Promise]] = {
    "valid_from": _("有效的第一天，写作 年-月-日，如 2026-01-31；向来有效的留空。"),
    "valid_to": _("有效的最后一天（含当日）；长期有效的留空。"),
}

# The lines above the columns, on the sheet that explains.
GENERAL: Final[tuple[Promise, ...]] = (
    _(
        "填写六张工作表，首行不要改动，可以调换各列的次序。各列都是“文本”格式：代码不会丢零，也不会变成科学记数。"
    ),
    _("不要使用公式；从别处复制的，请选择性粘贴为“值”。"),
    _(
        "先运行 import registry 文件 --dry-run 看会有什么变化，再正式导入。有一处错误就什么也不写入，所有错误一次列出。"
    ),
    _("登记库中有而表中没有的，保留不动；要终止的，请填写止日。原样再次导入，什么也不改变。"),
)
