"""The words of the console for the acts on an order, and for what is chosen with them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from haochaping.faces.console.words import Words
from haochaping.rectification.states import Act, State


@dataclass(frozen=True, slots=True)
class ActWords:
    """`name` in histories; `button`, `hint`, `label` and `help` of the form; `done` once it is done."""

    name: Words
    button: Words
    hint: Words
    done: Words
    label: Words = ""
    help: Words = ""


ACTS: dict[Act, ActWords] = {
    Act.TAKE: ActWords(
        name=gettext_lazy("签收"),
        button=gettext_lazy("签收工单"),
        hint=gettext_lazy("签收表示由您负责办理这张工单。签收后请先核实情况。"),
        done=gettext_lazy("已签收。下一步：核实情况。"),
    ),
    Act.VERIFY: ActWords(
        name=gettext_lazy("核实"),
        button=gettext_lazy("提交核实结论"),
        hint=gettext_lazy(
            "先核实评价反映的问题，再写明结论。结论为属实或部分属实的，从核实当日的次日起计算整改期限。"
        ),
        done=gettext_lazy("核实结论已保存。下一步：整改。"),
        label=gettext_lazy("核实情况"),
        help=gettext_lazy("写明向谁了解、看了什么、发现了什么，2至1000个字。"),
    ),
    Act.RECTIFY: ActWords(
        name=gettext_lazy("整改"),
        button=gettext_lazy("提交整改情况"),
        hint=gettext_lazy("整改完成后写明措施和结果。核实为不属实的，写明不需整改的理由。"),
        done=gettext_lazy("整改情况已保存。下一步：答复评价人。"),
        label=gettext_lazy("整改措施和结果"),
        help=gettext_lazy("评价人看不到这段文字。2至1000个字。"),
    ),
    Act.ANSWER: ActWords(
        name=gettext_lazy("答复"),
        button=gettext_lazy("提交答复"),
        hint=gettext_lazy(
            "评价人可以凭回执看到这段答复，提交后不能修改。请说明查明了什么、改了什么，不要写他人的个人信息。"
        ),
        done=gettext_lazy("答复已提交，评价人现在可以看到。下一步：办结。"),
        label=gettext_lazy("给评价人的答复"),
        help=gettext_lazy("10至2000个字。"),
    ),
    Act.CLOSE: ActWords(
        name=gettext_lazy("办结"),
        button=gettext_lazy("办结工单"),
        hint=gettext_lazy("办结后工单不能再修改。"),
        done=gettext_lazy("工单已办结。"),
    ),
    Act.DISPATCH: ActWords(
        name=gettext_lazy("转办"),
        button=gettext_lazy("转办工单"),
        hint=gettext_lazy(
            "承办单位不对的，转办给负责的单位。转办后由新的单位签收办理，被评价单位不能再看到办理情况，但仍可以申请复核。"
        ),
        done=gettext_lazy("已转办。由新的承办单位签收。"),
        label=gettext_lazy("转办的理由"),
        help=gettext_lazy("写明为什么由这个单位办理，2至500个字。"),
    ),
    Act.SEND_BACK: ActWords(
        name=gettext_lazy("退回"),
        button=gettext_lazy("退回工单"),
        hint=gettext_lazy("只有规定允许退回的才能退回。退回后由主管部门重新转办。"),
        done=gettext_lazy("已退回，由主管部门重新转办。"),
        label=gettext_lazy("退回的说明"),
        help=gettext_lazy("写明为什么不由本单位办理，2至500个字。"),
    ),
    Act.CONTACT: ActWords(
        name=gettext_lazy("联系评价人"),
        button=gettext_lazy("登记这次联系"),
        hint=gettext_lazy("每联系一次登记一次，没有联系上的也要登记。"),
        done=gettext_lazy("联系情况已登记。"),
        label=gettext_lazy("联系情况"),
        help=gettext_lazy("最多500个字，可以不写。不要写评价人的姓名和电话。"),
    ),
    Act.CLASSIFY: ActWords(
        name=gettext_lazy("分类"),
        button=gettext_lazy("确定分类"),
        hint=gettext_lazy("分类决定按哪一种期限整改。"),
        done=gettext_lazy("分类已保存，期限已按这一类计算。"),
        label=gettext_lazy("分类的说明"),
        help=gettext_lazy("最多500个字，可以不写。"),
    ),
    Act.PLAN: ActWords(
        name=gettext_lazy("整改方案"),
        button=gettext_lazy("提交整改方案"),
        hint=gettext_lazy("一时难以解决的，写明打算怎样整改、到哪一天完成。方案列入台账。"),
        done=gettext_lazy("整改方案已保存，已列入台账。"),
        label=gettext_lazy("整改方案"),
        help=gettext_lazy("写明原因和措施，2至1000个字。"),
    ),
    Act.ASK_EXTENSION: ActWords(
        name=gettext_lazy("说明难以按期整改"),
        button=gettext_lazy("提交理由和期限"),
        hint=gettext_lazy("在期限内难以整改的，说明理由和整改期限，列入台账。规定要批准的，批准后才延长。"),
        done=gettext_lazy("理由和期限已保存，已列入台账。"),
        label=gettext_lazy("难以按期整改的理由"),
        help=gettext_lazy("2至1000个字。"),
    ),
    Act.GRANT_EXTENSION: ActWords(
        name=gettext_lazy("批准延期"),
        button=gettext_lazy("批准延期"),
        hint=gettext_lazy("承办单位申请延期，理由和期限见办理记录。"),
        done=gettext_lazy("已批准延期。"),
        label=gettext_lazy("批准的意见"),
        help=gettext_lazy("最多500个字，可以不写。"),
    ),
    Act.REFUSE_EXTENSION: ActWords(
        name=gettext_lazy("不批准延期"),
        button=gettext_lazy("不批准延期"),
        hint=gettext_lazy("不批准的，原来的期限不变。"),
        done=gettext_lazy("没有批准延期，原来的期限不变。"),
        label=gettext_lazy("不批准的理由"),
        help=gettext_lazy("承办单位会看到，2至500个字。"),
    ),
    Act.EXPLAIN: ActWords(
        name=gettext_lazy("解释说明"),
        button=gettext_lazy("提交解释说明"),
        hint=gettext_lazy("评价人的诉求缺乏法定依据的，向评价人解释清楚依据什么规定、为什么不能办。"),
        done=gettext_lazy("解释说明已保存。"),
        label=gettext_lazy("给评价人的解释说明"),
        help=gettext_lazy("10至2000个字。"),
    ),
    Act.APPROVE: ActWords(
        name=gettext_lazy("审核通过"),
        button=gettext_lazy("审核通过，答复评价人"),
        hint=gettext_lazy("请核对办理记录中的答复。审核通过后评价人马上可以看到，不能再修改。"),
        done=gettext_lazy("审核通过，评价人现在可以看到答复。"),
        label=gettext_lazy("审核意见"),
        help=gettext_lazy("评价人看不到，最多500个字，可以不写。"),
    ),
    Act.REPORT: ActWords(
        name=gettext_lazy("报送报告单"),
        button=gettext_lazy("登记已报送"),
        hint=gettext_lazy("报告单报送给规定的部门以后，在这里登记。报告单在本页下方生成。"),
        done=gettext_lazy("报告单已报送，已经登记。"),
        label=gettext_lazy("报送的说明"),
        help=gettext_lazy("写明怎样报送、文号，最多500个字，可以不写。"),
    ),
    Act.UPLOAD: ActWords(
        name=gettext_lazy("上传上级平台"),
        button=gettext_lazy("登记已上传"),
        hint=gettext_lazy("办理结果上传到上级平台以后，在这里登记。"),
        done=gettext_lazy("已经登记上传。"),
        label=gettext_lazy("上传的说明"),
        help=gettext_lazy("最多500个字，可以不写。"),
    ),
    Act.SUPERVISE: ActWords(
        name=gettext_lazy("督办、复查"),
        button=gettext_lazy("提交督办、复查意见"),
        hint=gettext_lazy(
            "评价人对整改不满意，按规定由本单位督办、复查或者处理。认为整改已经到位、不需要重新整改的，在这里写明意见。"
        ),
        done=gettext_lazy("意见已保存，列入办理记录。"),
        label=gettext_lazy("督办、复查的意见"),
        help=gettext_lazy("写明查了什么、怎样认定，2至1000个字。"),
    ),
    Act.REOPEN: ActWords(
        name=gettext_lazy("责成重新整改"),
        button=gettext_lazy("责成重新整改"),
        hint=gettext_lazy("整改没有到位的，责成承办单位重新整改。工单回到待签收，期限按规定重新计算。"),
        done=gettext_lazy("已责成重新整改，工单回到待签收。"),
        label=gettext_lazy("重新整改的要求"),
        help=gettext_lazy("写明哪里没有到位、要怎样改，2至1000个字。"),
    ),
    Act.RETURN_ANSWER: ActWords(
        name=gettext_lazy("退改答复"),
        button=gettext_lazy("退回修改"),
        hint=gettext_lazy("答复没有说清楚的，写明理由，退回重写。"),
        done=gettext_lazy("答复已退回修改。"),
        label=gettext_lazy("退回修改的理由"),
        help=gettext_lazy("写明要改什么，2至500个字。"),
    ),
}

# By which a rater was called: words of the rules (policy.vocabulary.MEANS).
MEANS: dict[str, Words] = {
    "person": gettext_lazy("人工联系"),
    "telephone": gettext_lazy("打电话"),
    "automatic_call": gettext_lazy("自动语音电话"),
    "sms": gettext_lazy("发短信"),
    "online": gettext_lazy("网上留言"),
    "app": gettext_lazy("手机应用消息"),
    "visit": gettext_lazy("上门"),
    "letter": gettext_lazy("寄信"),
    "meeting": gettext_lazy("当面谈"),
    "email": gettext_lazy("发电子邮件"),
    "box": gettext_lazy("意见箱"),
}
# Why an order is sent back, an objection is raised: words of the rules (policy.objections.GROUNDS).
GROUNDS: dict[str, Words] = {
    "mistaken": gettext_lazy("误评"),
    "malicious": gettext_lazy("恶意差评"),
    "not_served": gettext_lazy("未接受服务"),
    "other_unit": gettext_lazy("不是本单位的职责"),
    "duplicate": gettext_lazy("重复评价"),
    "coerced": gettext_lazy("评价受到干扰"),
    "force_majeure": gettext_lazy("不可抗力"),
    "system": gettext_lazy("系统故障"),
    "no_reason": gettext_lazy("没有正当理由"),
}
# All that is chosen with acts, by what it is.
CHOSEN: dict[str, dict[str, Words]] = {"means": MEANS, "ground": GROUNDS}


def ground(key: str) -> Words:
    """A ground in words; one that no word names as the rules write it."""
    return GROUNDS.get(key, key.removeprefix("named:"))


def done_words(act: Act, state: State) -> Words:
    """What is told once an act is done and the order is in this state."""
    if act is Act.ANSWER and state is State.DRAFTED:
        return gettext_lazy("答复已提交。另一位人员审核通过后，评价人才能看到。")
    if act is Act.CONTACT and state is not State.TAKEN:
        return gettext_lazy("联系情况已登记。多次没有联系上，系统已按规定作出结论，见办理记录。")
    return ACTS[act].done
