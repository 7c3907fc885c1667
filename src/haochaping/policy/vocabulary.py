"""The closed vocabularies of rule files: each word with what it means, in the words of the regulations."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _words(**meanings: str) -> Mapping[str, str]:
    return MappingProxyType(meanings)


EVENTS: Final = _words(
    acceptance="受理",
    service="接受服务",
    result="办结",
    delivery="结果送达",
    invitation="邀请评价",
    rating="评价",
    default="按默认处理",
    notification="告知被评价人",
    opening="生成工单",
    dispatch="转办",
    receipt="签收",
    contact="联系评价人",
    verification="查实",
    classification="分类",
    plan="提出整改方案",
    return_="退回",
    suspension="中止办理",
    resumption="恢复办理",
    extension_request="申请延期",
    extension="批准延期",
    due="原期限届满",
    rectification="整改完成",
    approval="审核通过",
    answer="答复评价人",
    explanation="解释说明",
    verdict="评价人评价整改",
    reopening="启动重新整改",
    rework="重新整改完成",
    revisit="回访",
    report="报送报告",
    closure="办结归档",
    objection="提出异议",
    objection_acceptance="受理异议",
    evidence="补充材料",
    decision="作出复核决定",
    appeal="提出申诉",
    appeal_decision="作出申诉决定",
    complaint="投诉举报",
    publication="公开",
    period_end="统计期届满",
    period_start="统计期开始",
    recording="录像形成",
)
UNITS: Final = _words(
    minute="分钟",
    hour="小时",
    working_hour="工作小时",
    workday="个工作日",
    calendar_day="日",
    week="周",
    month="个月",
    year="年",
    week_end="周末",
    month_end="月末",
    quarter_end="季度末",
    year_end="年末",
)
ROLLS: Final = _words(
    none="不顺延", next_workday="遇节假日顺延至下一工作日", previous_workday="遇节假日提前至上一工作日"
)
BODIES: Final = _words(
    handling_unit="承办单位",
    rated_organisation="被评价单位",
    rated_person="被评价人员",
    same_level_authority="同级政务服务管理部门",
    level_above_authority="上一级政务服务管理部门",
    province_authority="省级政务服务管理部门",
    city_authority="市级政务服务管理部门",
    county_authority="县级政务服务管理部门",
    department_line="上级业务主管部门",
    department_concerned="有关部门",
    government="本级人民政府",
    hall_authority="政务服务中心",
    hotline_12345="12345热线",
    supervision="纪检监察机关",
    platform="好差评系统",
    assessment_group="考评小组",
    third_party="第三方机构",
    citizen="评价人",
    public="社会公众",
    news_media="新闻媒体",
)
MEANS: Final = _words(
    person="人工回访",
    telephone="人工电话",
    automatic_call="语音外呼",
    sms="短信",
    online="网上自助",
    app="移动端",
    visit="上门",
    letter="书面",
    meeting="面谈",
    email="电子邮箱",
    box="意见箱",
)
LAYERS: Final = _words(
    national="全国",
    province="省级",
    city="市级",
    county="县级",
    department_line="条线",
    operator="运行单位",
)
TIERS: Final = _words(
    country="国家级", province="省级", city="市级", county="县级", township="乡级", village="村级"
)
CHANNELS: Final = _words(
    web="网上",
    mobile="移动端",
    qr="二维码",
    device="评价器",
    kiosk="自助终端",
    hotline="热线",
    sms="短信",
    paper="纸质评价表",
    upper_platform="上级平台",
)
PLACES: Final = _words(
    government_hall="政务服务大厅",
    own_hall="部门自设大厅",
    station="便民服务点",
    online="网上",
    hotline="热线",
    kiosk="自助终端",
)
ITEM_TYPES: Final = _words(
    permit="行政许可",
    payment="行政给付",
    confirmation="行政确认",
    reward="行政奖励",
    adjudication="行政裁决",
    other_power="其他行政权力",
    public_service="公共服务",
)
CASE_TYPES: Final = _words(instant="即办件", promised="承诺件")
FORMS: Final = _words(
    single="单办件", batch="批量办件", joint="联办件", theme="主题式办件", consultation="咨询类"
)
STAGES: Final = _words(
    consultation="咨询",
    application="申请",
    acceptance="受理",
    review="审查",
    decision="决定",
    delivery="送达",
    whole="全过程",
)
SUBJECTS: Final = _words(
    item="事项办理",
    staff="工作人员",
    hall="大厅",
    window="窗口",
    platform="平台",
    guide="办事指南",
    department="部门",
    policy="政策",
)
FINDINGS: Final = _words(
    upheld="属实", partly_upheld="部分属实", rejected="不属实", no_legal_basis="缺乏法定依据"
)
RATERS: Final = _words(person="自然人", organisation="法人和其他组织")
PERIODS: Final = _words(
    day="日", week="周", month="月", quarter="季度", half_year="半年", year="年", once="一次"
)
SCORED: Final = _words(
    organisation="部门", hall="大厅", window="窗口", staff="人员", item="事项", region="地区", platform="平台"
)
COUNTS: Final = _words(
    occasions="办件服务次数",
    invited="邀请评价数",
    ratings="主动评价数",
    defaults="默认评价数",
    unrated="未评价数",
    level_5="五级评价数",
    level_4="四级评价数",
    level_3="三级评价数",
    level_2="二级评价数",
    level_1="一级评价数",
    default_points="默认评价得分合计",
    good="好评数",
    bad="差评数",
    bad_named="实名差评数",
    bad_verified="查实的差评数",
    bad_repeated="重复差评数",
    voided="不予采纳数",
    malicious="恶意差评数",
    named="实名评价数",
    with_text="有文字的评价数",
    via_unit="经被评价单位设备的评价数",
    orders="工单数",
    orders_due="到期工单数",
    received_in_time="按时签收数",
    contacted="已联系数",
    contacted_in_time="按时联系数",
    verified="已核实数",
    verified_in_time="按时核实数",
    rectified="已整改数",
    rectified_in_time="按时整改数",
    overdue="逾期数",
    extended="延期数",
    returned="退回数",
    reopened="重新整改数",
    answered="已答复数",
    answered_in_time="按时答复数",
    no_legal_basis="缺乏法定依据数",
    reported_in_time="按时报送数",
    revisits_due="应回访数",
    revisited="已回访数",
    revisit_answered="回访应答数",
    revisit_satisfied="回访满意数",
    verdicts="整改评价数",
    verdicts_satisfied="整改满意数",
    objections="异议数",
    objections_upheld="异议成立数",
    complaints="投诉数",
    coercion="强迫干扰评价数",
    fabrication="弄虚作假数",
    retaliation="打击报复数",
    items="事项数",
    items_rated="有评价的事项数",
    windows="窗口数",
    windows_rated="有评价的窗口数",
    staff="人员数",
    staff_rated="有评价的人员数",
    channels="渠道数",
    channels_open="已接入渠道数",
    reported_cases="应归集办件数",
    received_cases="已归集办件数",
    duties_due="应履行义务数",
    duties_met="已履行义务数",
    inhabitants="常住人口",
)
MEASURES: Final = _words(
    participation="接受评价率",
    mean_points="评价平均分",
    unrated_rate="未评率",
    good_rate="好评率",
    bad_rate="差评率",
    rectification_rate="差评整改率",
    rectified_in_time_rate="按时整改率",
    revisit_rate="回访率",
    revisit_satisfaction="差评整改回访满意率",
    ratio="比率",
    count="数量",
    points_sum="评价得分合计",
    external="外部录入值",
    scores="其他得分",
    listed="列入名单次数",
)
STEPS: Final = _words(
    invitation="邀请评价",
    dispatch="转办",
    receipt="签收",
    contact="联系评价人",
    verification="核实",
    classification="分类",
    plan="整改方案",
    rectification="整改",
    explanation="解释说明",
    rework="重新整改",
    approval="审核",
    answer="答复评价人",
    report="报送报告",
    revisit="回访",
    closure="归档",
    notification="告知被评价人",
    objection_acceptance="受理异议",
    hearing="听取陈述",
    decision="复核决定",
    appeal_decision="申诉决定",
    complaint="处理投诉举报",
    upload="上传上级平台",
    supervision="督办",
)
