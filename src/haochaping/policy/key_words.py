"""The keys of rule files in the words of the regulations: for explanations, never for deciding anything."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KEY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    dict(
        line.split(" ")
        for line in """\
above 高于
accepts 可用形式
action 措施
adds 可补充
after 起算
all 须同时具备
allowed 允许
anonymous 允许匿名
answers 选项
any_of 至少其一
as_procedure 按程序处理
as_substance 按实体处理
asks 询问
at 值
at_once 即时
attempts 次数
audience 对象
bad 差评
bad_from 差评计入自
bands 分档
base 基础分
before 之前
below 下级
better 优者
between 间隔
beyond 超出
by 主体
cap 最迟
caps 上下限条件
case_types 办件类型
channels 渠道
citizen_heard 听取评价人意见
classes 差评类别
combine 合并方式
compared 对比
conditional 差评须实名
consequences 结果应用
count 计数
count_first 当日计入
counted 计次
counted_for 计入对象
counted_per 每多少件计一次
counts 计入方式
counts_defaults 默认评价计入
counts_in 计入指标
cutoff 截止时刻
day 日
decided 决定期限
decided_by 复核主体
departments 部门类别
direction 修改方向
divisions 区划
each 各期
effect 效果
empty 无可计量时
encouraged 鼓励实名
ends 即行办结
every 频率
evidence 须附证据
explained 须解释说明
external 外部值
findings 核实结论
first 首次
floor 最早
following 次年
form 形式
forms 办件形式
from 不低于
from_opening 自办公时间起算
good 好评
grades 等级
granted_by 批准主体
grounds 理由
groups 分组加权
halls 大厅
how 汇总方式
if_failed 未成时
in_a_row 连续
instead 回避时
item_types 事项类型
items 事项
key 标识
kind 种类
label 名称
last 末期
least 最低
least_characters 最少字数
level 等次
levels 等次
limit 期限
linear 折线
list 名单
listed 列入对象
many 可多选
masks 脱敏
matched_only 仅计关联办件
means 方式
measure 指标
measure_round 指标取整
minimum 最低数量
minus 减去
mode 取整方式
month 月
most 最高
n 数量
name 名称
named 实名
needs 须附
needs_case 须有办件
number 数量
of 范围
off 放假日
on 日期
on_its_own 默认类别
only 仅限
or_after 或者自
organisations 机构
out_of 期数范围
over 除以
over_minus 分母减去
overall 总体评价
parts 组成
pending 未决期间
per 每
period 周期
periods 期数
placed 名次
places 办理场所
points 分值
population 总体
procedure 程序适用
rank 名次
rated 评价方式
raters 评价人
reachable 须可联系
reason 须有原因
rectified 计为已整改
rectified_satisfied 整改满意的差评
relative 按增长率
released_by 审核发布
replaces 取代默认
restarts 重新起算
request 申请期限
required 必需
roll 顺延
rolling 滚动期数
round 取整
same 同一
satisfied 满意
scale 等次
score 得分
second_person 非同一人
sets_off 不满意时
share 比例
share_rounded 人数取整
side 方向
silence 逾期未提
silence_of_body 逾期未决
stages 环节
start 起始分
start_on_workday 自工作日起算
step 环节
subject 对象
subjects 对象
substance 实体适用
suspended_by 中止事由
tied_rank 并列
tiers 层级
then 此后
ties 同分规则
ties_in 同分列入
times 次数
to 至
told 告知评价人
total 总分
under 低于
unit 单位
unranked 不参加排名
unrated 未评价
unsatisfied 不满意时
until 末日截止时刻
up_to 不高于
variant_of 另一理解
weigh_by 权数
weight 权重
what 内容
when 适用情形
where 载体
whichever 先后
whole 不足一步
why 理由
with 配合
withheld 不公开
within 期间
words 问题
works 上班日""".splitlines()
    )
)

# A key that means something else in one shape than in the others.
_OWN_WORDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("OfficeHours", "from"): "开始",
        ("OfficeHours", "to"): "结束",
        ("Part", "times"): "乘以",
        ("Part", "when"): "前提",
        ("Cap", "when"): "并且",
        ("ListRule", "when"): "并且",
        ("ListRule", "within"): "累计范围",
        ("Escalation", "on"): "情形",
        ("Verdict", "beyond"): "此后不满意时",
        ("Score", "of"): "计分对象",
        ("Part", "of"): "计数",
        ("Cap", "of"): "计数",
        ("Tie", "of"): "计数",
        ("Tie", "better"): "同分时",
        ("Condition", "of"): "计数",
        ("ListRule", "of"): "计数",
        ("PerStep", "step"): "步长",
        ("Rounding", "places"): "小数位",
        ("Rounding", "step"): "单位",
        ("Minimum", "below"): "不足时",
        ("Keeping", "least"): "至少",
        ("Keeping", "most"): "至多",
    }
)


def key_word(shape: str, key: str) -> str:
    """A key of a shape in the words of the field. Raises KeyError for one that has none."""
    return _OWN_WORDS.get((shape, key)) or KEY_WORDS[key]
