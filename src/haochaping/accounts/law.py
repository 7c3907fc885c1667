"""The permission map in words: what each permission lets its holder do, why he has it, and by which clause.

`rules.MAP` says who; this says why. The console's page and docs/permissions.md are made of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.accounts.rules import MAP, Permission, Role, Scope


@dataclass(frozen=True, slots=True)
class Article:
    """`may`: what one may do, after "可以". `why`: the reason. `clause`: where it is laid down; "" where no document of the
    rules says it and it is a decision of this system's design."""

    may: Promise
    why: Promise
    clause: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """That a role has a permission, and how far it reaches from the organisation of the post."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the map: a permission, who has it, and why."""

    permission: Permission
    article: Article
    grants: tuple[Grant, ...]


ROLES: Final[Mapping[Role, Promise]] = {
    Role.WINDOW_STAFF: _("窗口工作人员"),
    Role.ORGANISATION_HANDLER: _("承办单位经办人"),
    Role.ORGANISATION_APPROVER: _("承办单位审核人"),
    Role.AUTHORITY_OFFICER: _("主管部门工作人员"),
    Role.AUTHORITY_LEADER: _("主管部门负责人"),
    Role.HOTLINE_AGENT: _("热线话务员"),
    Role.INSPECTOR: _("督查人员"),
    Role.SYSTEM_ADMINISTRATOR: _("系统管理员"),
    Role.SECURITY_ADMINISTRATOR: _("安全管理员"),
    Role.AUDIT_ADMINISTRATOR: _("审计管理员"),
}
SCOPES: Final[Mapping[Scope, Promise]] = {
    Scope.OWN: _("本单位"),
    Scope.SUBTREE: _("本单位；本单位是主管部门的，本行政区域及其以下的全部单位"),
}

_SUPERVISION: Final = _("《昆明市政务服务“好差评”实施办法》第十三条")
_RECTIFICATION: Final = _("《昆明市政务服务“好差评”实施办法》第十二条")
_PUBLICITY: Final = _("《昆明市政务服务“好差评”实施办法》第十一条")
_REPORT: Final = _("《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》二（二）")
_UPLOAD: Final = _("《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》二（四）")
_THREE_APART: Final = "GB/T 22239-2019 8.1.5"
_REVIEW: Final = _("《昆明市政务服务“好差评”实施办法》第十条")
_SCORE: Final = _("《昆明市政务服务“好差评”实施办法》第十四条")
_PROTECTION: Final = _("《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》三（二）")
_HALL: Final = _("《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》二（五）")
_ALL_RATED: Final = _("《昆明市政务服务“好差评”实施办法》第三条")

LAW: Final[Mapping[Permission, Article]] = {
    Permission.MANAGE_OFFICIALS: Article(
        _("建立人员账号，任免岗位，指定代理，签发一次性登录链接，重置动态口令，关联统一身份"),
        _("账号和岗位由不办理差评的人管理，办理差评的人不能给自己授权。"),
        _THREE_APART,
    ),
    Permission.VIEW_SIGN_INS: Article(
        _("查看登录、登录失败和锁定的记录"),
        _("有人猜测密码、冒用账号时，由不管账号的人发现。"),
        _THREE_APART,
    ),
    Permission.READ_AUDIT: Article(
        _("查看审计记录"),
        _("谁在何时做了什么、看了谁的信息，由既不办理也不管账号的人检查。"),
        _THREE_APART,
    ),
    Permission.VIEW_ORDERS: Article(
        _("查看差评工单"),
        _("承办单位整改，主管部门监督整改，都要看到工单；评价人的姓名、电话和办理时间不在其中。"),
        _SUPERVISION,
    ),
    Permission.HANDLE_ORDERS: Article(
        _("签收、核实、整改、答复、办结差评工单"),
        _("哪个单位办的事被差评，就由哪个单位核实整改。被评价的本人不得办理。"),
        _RECTIFICATION,
    ),
    Permission.DISPATCH_ORDERS: Article(
        _("把差评工单转办给另一单位，退回的重新转办；请其他单位一起办理，决定不再等待"),
        _("承办单位不对的，由主管部门确定由谁办理，被评价单位不能自己推给别人。"),
        _SUPERVISION,
    ),
    Permission.APPROVE_ANSWERS: Article(
        _("审核本单位给评价人的答复，或者退回修改；自己写的不能自己审核"),
        _("规定要审核的，答复由另一人看过才发给评价人。"),
    ),
    Permission.GRANT_EXTENSIONS: Article(
        _("批准或者不批准整改延期"),
        _("规定要批准的，延期由规定的机关决定，不由承办单位自己决定。"),
        _SUPERVISION,
    ),
    Permission.UPLOAD_RESULTS: Article(
        _("登记差评的办理结果已经上传上级平台"),
        _("上传由主管部门统一负责，承办单位不各自登记。"),
        _UPLOAD,
    ),
    Permission.MAKE_FORMS: Article(
        _("生成、打印、核对差评事项核查整改情况报告单"),
        _("整改完成后要报送报告单；每生成一份都记入审计，可以核对真伪。"),
        _REPORT,
    ),
    Permission.SUPERVISE_ORDERS: Article(
        _("评价人对整改不满意时督办、复查，责成重新整改"),
        _("由规定的机关督办、复查，不由承办单位自己认定整改是否到位。"),
        _SUPERVISION,
    ),
    Permission.SEE_CONTACT: Article(
        _("写明用途后，查看实名差评评价人的姓名、电话和办件编号"),
        _("实名差评要回访，回访要有联系方式。每次查看都记入审计。"),
        _RECTIFICATION,
    ),
    Permission.VIEW_SENDERS: Article(
        _("查看业务系统的报送情况"),
        _("没有报送的办件就不能评价。"),
        _ALL_RATED,
    ),
    Permission.DECIDE_QUARANTINE: Article(
        _("决定有疑点的办件记录是否采信"),
        _("报送单位就是被评价单位，不能由它自己决定哪些办件不能评价。"),
        _SUPERVISION,
    ),
    Permission.VIEW_COVERAGE: Article(
        _("查看哪些单位、窗口和事项没有评价"),
        _("应当评价而没有评价的，要能发现。"),
        _ALL_RATED,
    ),
    Permission.VIEW_CORRECTIONS: Article(
        _("查看管辖的单位以往日期的评价数量有哪些更正，不含本单位的"),
        _("数字更正了哪一天、为什么，要看得出；何时有人改评、撤回，被评价的一方不能看。"),
        _SUPERVISION,
    ),
    Permission.VIEW_CODES: Article(
        _("查看、下载、打印窗口、大厅、平台和办事指南的评价码"),
        _("评价码要贴到窗口和大厅，由负责的单位打印。"),
        _ALL_RATED,
    ),
    Permission.VIEW_WATCH: Article(
        _("查看每日自检和运行告警"),
        _("评价渠道不通，群众就没法评价。"),
        _SUPERVISION,
    ),
    Permission.ACKNOWLEDGE_ALARMS: Article(
        _("确认运行告警，写明已采取的措施"),
        _("告警要有人管，也要知道是谁在管。"),
        _SUPERVISION,
    ),
    Permission.HANDLE_PRESSURE: Article(
        _("办理强迫评价、打击报复的反映"),
        _("只由收到反映的主管部门办理，上级、下级和被反映的单位都看不到。"),
        _PUBLICITY,
    ),
    Permission.URGE_PRESSURE: Article(
        _("在本单位办理的反映逾期时得到通知，督促办理；不能查看反映的内容"),
        _("逾期的要有人督促；反映了什么、反映的是谁，只有办理的人知道。"),
        _PUBLICITY,
    ),
    Permission.VIEW_REVISITS: Article(
        _("查看差评整改的回访；主管部门还可以查看回访率和抽样"),
        _("回访由规则指定的单位进行，主管部门监督；被评价的单位看不到其他单位对它的回访。"),
        _RECTIFICATION,
    ),
    Permission.CONDUCT_REVISITS: Article(
        _("联系评价人回访，写明用途后查看其姓名和电话，记录结果"),
        _("整改好不好，由评价人说。规则指定其他单位回访的，被评价的单位和本人不得回访。"),
        _RECTIFICATION,
    ),
    Permission.FILE_OBJECTIONS: Article(
        _("为本单位或其工作人员对评价提出异议、申诉，或者撤回"),
        _("被评价的单位和工作人员有异议的，可以书面申请复核。"),
        _REVIEW,
    ),
    Permission.FILE_OWN_OBJECTIONS: Article(
        _(
            "查看评价本人的差评的事项、选项、隐去个人信息的文字和所在的周，以本人名义提出异议、申诉，上传证据文件，或者撤回"
        ),
        _(
            "被评价的工作人员有异议的，自己可以书面申请复核，不必经过本单位；评价人的姓名、电话和办理时间不在其中。"
        ),
        _REVIEW,
    ),
    Permission.DECIDE_OBJECTIONS: Article(
        _("复核异议，作出决定，提议评价不计入或者恢复计入"),
        _("由规则写明的单位复核，被评价的单位和本人不得参与。"),
        _REVIEW,
    ),
    Permission.CONFIRM_VOIDING: Article(
        _("确认或者退回本单位另一人提出的评价不计入、恢复计入"),
        _("一个人不能使一条评价不计入。"),
    ),
    Permission.VIEW_SCORES: Article(
        _("查看得分、排名和名单，以及每一分怎样算出；单位只看本单位和本单位人员"),
        _("得分要能核对，被评分的单位在生效以前就能看到自己的得分。"),
        _SCORE,
    ),
    Permission.RUN_SCORES: Article(
        _("统计期结束后计算本地得分，录入规则要用的外部值"),
        _("得分由系统按规则计算，任何人不能改分。"),
        _SCORE,
    ),
    Permission.SIGN_SCORES: Article(
        _("签署或者撤回本地得分，答复单位对得分的意见，确认另一个人录入的外部值"),
        _("两个不同的人签署以后，得分才生效。"),
        _SCORE,
    ),
    Permission.REMARK_ON_SCORES: Article(
        _("在生效以前，对本单位和本单位人员的得分提出意见"),
        _("得分用于考核，被评分的单位应当有机会核对。"),
        _SCORE,
    ),
    Permission.PUBLISH: Article(
        _("向社会公布已经生效的得分、排名和指标"),
        _("评价结果以公开为常态；公布的内容冻结，更正要另行公布。"),
        _PUBLICITY,
    ),
    Permission.ASK_EXPORT: Article(
        _("按单位、窗口、事项、时段、渠道、标签等条件查询评价数量；不足5条评价的分组不显示"),
        _("发现问题集中在哪里，才能监督整改；每次查询都记入审计。"),
        _SUPERVISION,
    ),
    Permission.RELEASE_ANSWERS: Article(
        _("拟定、公开和撤回差评的答复：机器先隐去姓名、号码、时间和窗口，人只能再删减，第二次核对以后才公开"),
        _("整改情况以公开为常态；评价的文字可能暴露评价人，所以由人逐条核对，不自动公开。"),
        _PUBLICITY,
    ),
    Permission.VIEW_EVIDENCE: Article(
        _("查看差评工单的证据文件：承办单位和被评价单位只看本单位上传的，主管部门看全部；每次查看都记入审计"),
        _("核实和复核要看证据；主管部门收集的可能看得出评价人，被评价的一方不能看。"),
        _PROTECTION,
    ),
    Permission.ADD_EVIDENCE: Article(
        _("为差评工单和异议上传证据文件，说明理由后撤回本单位上传的"),
        _("双方都可以举证；上传后不能替换，撤回的仍保存。"),
        _PROTECTION,
    ),
    Permission.VIEW_VIDEO: Article(
        _(
            "说明用途后，查看工单对应窗口和时间的大厅录像；匿名评价的只由主管部门查看，实名评价的承办单位在核实时查看"
        ),
        _("大厅监控为差评的核实整改提供依据；匿名评价的时间会暴露评价人。每次查看都记入审计。"),
        _HALL,
    ),
    Permission.MANAGE_CAMERAS: Article(
        _("登记窗口的摄像机"),
        _("哪台摄像机对着哪个窗口，由不办理差评的人登记。"),
        _HALL,
    ),
}


def lines() -> tuple[Line, ...]:
    """The whole map, a line for each permission in the order of LAW; roles in the order of `Role`."""
    return tuple(
        Line(
            permission,
            article,
            tuple(Grant(role, MAP[role][permission]) for role in Role if permission in MAP[role]),
        )
        for permission, article in LAW.items()
    )
