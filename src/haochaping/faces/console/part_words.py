"""The words of the console for the parts of joint orders; each table is total over its enum."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from haochaping.faces.console.words import Words
from haochaping.rectification.parts import PartAct, PartState

STATES: dict[PartState, Words] = {
    PartState.WAITING: _("待签收"),
    PartState.TAKEN: _("办理中"),
    PartState.DONE: _("已提交"),
    PartState.RELEASED: _("不再等待"),
}


@dataclass(frozen=True, slots=True)
class PartActWords:
    """`name` in histories; `button` and `hint` of the form, `label` and `help` of its text; `done` once it is done."""

    name: Words
    done: Words = ""
    button: Words = ""
    hint: Words = ""
    label: Words = ""
    help: Words = ""


ACTS: dict[PartAct, PartActWords] = {
    PartAct.GIVE: PartActWords(
        name=_("交办"),
        done=_("已交办。由联办单位签收办理，牵头单位统一答复。"),
        button=_("交办"),
        label=_("请这个单位办什么"),
        help=_("写明要核实、整改哪一部分，2至500个字。联办单位会看到，不要写个人信息。"),
    ),
    PartAct.TAKE: PartActWords(
        name=_("签收"),
        done=_("已签收。请核实本单位负责的部分，整改后提交办理情况。"),
        button=_("签收联办任务"),
        hint=_("签收表示由您负责本单位的这一部分。答复由牵头单位统一作出。"),
    ),
    PartAct.REPORT: PartActWords(
        name=_("提交办理情况"),
        done=_("办理情况已提交，由牵头单位统一答复。"),
        button=_("提交办理情况"),
        hint=_("核实并整改本单位负责的部分后提交。提交后由牵头单位写入给评价人的答复。"),
        label=_("核实情况"),
        help=_("写明向谁了解、看了什么、发现了什么，2至1000个字。"),
    ),
    PartAct.RELEASE: PartActWords(
        name=_("不再等待"),
        done=_("已决定不再等待这个单位，牵头单位可以答复。"),
        button=_("不再等待这个单位"),
        hint=_("交办错了、还没有签收的，或者已经逾期的，可以决定不再等待。理由留在记录中。"),
        label=_("不再等待的理由"),
        help=_("联办单位和牵头单位会看到，2至1000个字。"),
    ),
    PartAct.RESUME: PartActWords(name=_("重新办理")),
}
