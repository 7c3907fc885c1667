"""The words of the console for what senders report: fields, doubts, outcomes, steps, verdicts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.cases.rules import FORMS, PART, STAGES, WHOLE
from haochaping.cases.states import Outcome, Step
from haochaping.policy.vocabulary import FORMS as FORM_WORDS
from haochaping.policy.vocabulary import STAGES as STAGE_WORDS

Words = str | Promise

# The fields of the national convention, in the order in which a person reads a record.
FIELDS: dict[str, Words] = {
    "projectNo": _("办件编号"),
    "projectName": _("办件名称"),
    "serviceNumber": _("服务次序"),
    "serviceName": _("服务名称"),
    "serviceTime": _("服务时间"),
    "acceptDate": _("受理时间"),
    "resultDate": _("办结时间"),
    "deliveryDate": _("结果送达时间"),
    "proStatus": _("办件状态"),
    "areaCode": _("行政区划"),
    "deptCode": _("受理部门代码"),
    "proDepart": _("受理部门"),
    "taskCode": _("实施编码"),
    "taskHandleItem": _("业务办理项编码"),
    "taskName": _("事项名称"),
    "taskType": _("事项类型"),
    "subMatter": _("子事项"),
    "projectType": _("办件类型"),
    "promiseTime": _("即办或承诺"),
    "promiseDay": _("承诺时限"),
    "promiseType": _("承诺时限单位"),
    "anticipateDay": _("法定时限"),
    "anticipateType": _("法定时限单位"),
    "proChannel": _("办理渠道"),
    "caseForm": _("办件形式"),
    "serviceStage": _("服务环节"),
    "groupNo": _("批次、联办或主题办件号"),
    "groupSize": _("一并办理的办件数"),
    "groupRole": _("整体或部分"),
    "windowNo": _("窗口编号"),
    "proManagerNo": _("工作人员编号"),
    "proManager": _("工作人员"),
    "userName": _("申请人"),
    "userProp": _("申请人类型"),
    "userPageType": _("证件类型"),
    "certKey": _("证件号码"),
    "certKeyGOV": _("单位证件号码"),
    "mobile": _("联系电话"),
    "orgName": _("单位名称"),
    "creditNum": _("证照号码"),
    "creditType": _("证照类型"),
    "handleUserName": _("代办人"),
    "handleUserPageType": _("代办人证件类型"),
    "handleUserPageCode": _("代办人证件号码"),
    "dataSource": _("数据来源"),
}
_UNITS: dict[str, Words] = {"0": _("天"), "1": _("工作日"), "2": _("月"), "3": _("年")}
_DOCUMENTS: dict[str, Words] = {
    "111": _("居民身份证"),
    "414": _("护照"),
    "511": _("台胞证"),
    "516": _("港澳通行证"),
    "001": _("统一社会信用代码"),
    "821": _("营业执照"),
    "999": _("其他证件"),
}
# What the codes of the convention mean.
CODES: dict[str, dict[str, Words]] = {
    "proStatus": {"1": _("待受理"), "2": _("已受理"), "3": _("已办结")},
    "projectType": {"1": _("即办件"), "2": _("承诺件")},
    "promiseTime": {"1": _("即办件"), "2": _("承诺件")},
    "promiseType": _UNITS,
    "anticipateType": _UNITS,
    "proChannel": {"1": _("网上办理"), "2": _("现场办理")},
    "userProp": {
        "1": _("自然人"),
        "2": _("企业法人"),
        "3": _("事业法人"),
        "4": _("社会组织法人"),
        "5": _("非法人企业"),
        "6": _("行政机关"),
        "9": _("其他"),
    },
    "userPageType": _DOCUMENTS,
    "caseForm": {code: _(FORM_WORDS[word]) for code, word in FORMS.items()},
    "serviceStage": {code: _(STAGE_WORDS[word]) for code, word in STAGES.items()},
    "groupRole": {WHOLE: _("整体（牵头）"), PART: _("部分")},
    "handleUserPageType": _DOCUMENTS,
    "taskType": {
        "01": _("行政许可"),
        "05": _("行政给付"),
        "07": _("行政确认"),
        "08": _("行政奖励"),
        "09": _("行政裁决"),
        "10": _("其他行政权力"),
        "20": _("公共服务"),
        "99": _("其他"),
    },
}
DOUBTS: dict[str, Words] = {
    "dummy": _("疑似占位内容"),
    "before_acceptance": _("早于受理时间"),
    "future": _("晚于接收时间"),
    "unknown_organisation": _("机构库中没有该机构"),
    "unknown_item": _("事项库中没有该事项"),
    "unknown_handling_item": _("事项库中没有该业务办理项"),
    "other_item": _("业务办理项属于另一事项"),
    "item_name": _("名称与事项库不一致"),
    "division": _("行政区划当日无效"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.OPEN: _("待处理"),
    Outcome.CORRECTED: _("报送单位已更正"),
    Outcome.RELEASED: _("已放行"),
    Outcome.REFUSED: _("不予采信"),
}
STEPS: dict[Step, Words] = {
    Step.ASKED: _("询问报送单位"),
    Step.WISHED: _("决定放行"),
    Step.HELD: _("暂不能放行"),
    Step.RELEASED: _("已放行"),
    Step.REFUSED: _("不予采信"),
}
COUNTED: dict[str, Words] = {
    "accepted": _("接收"),
    "late": _("其中迟报"),
    "updated": _("更新"),
    "repeated": _("重复"),
    "conflicting": _("冲突"),
    "quarantined": _("隔离"),
    "rejected": _("退回"),
}
DIFFERENCES: dict[str, Words] = {
    "department": _("事项库中该事项属于另一单位"),
    "division": _("报送的区划不是受理部门所在区划"),
}
