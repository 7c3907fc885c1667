"""What officials write on orders is read by others and sent to the citizen: it names nobody's phone, document or name."""

from django.utils.translation import gettext as _

from haochaping.cases.queries import occasion_facts
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.masks import names_numbers
from haochaping.identity.operations import speaks_of
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.models import WorkOrder


def check_words(order: WorkOrder, text: str, *, knows_rater: bool = True) -> None:
    """Raises Invalid for a text with a mobile phone, a document or a credit code, and with the rater's name.

    The name is looked for only under 实名 and where whoever writes may see it: else a refusal would tell who it was.
    """
    problems = []
    if names_numbers(text):
        message = _(
            "文字中有手机号码、证件号码或信用代码。办理记录会给其他人员查看，答复会发给评价人，请删去后再提交。"
        )
        problems.append(Problem("text", "personal", message))
    if text and knows_rater and order.named and _names_rater(order, text):
        message = _("文字中有评价人的姓名。请改称“评价人”或“您”后再提交。")
        problems.append(Problem("text", "personal", message))
    if problems:
        raise Invalid(problems)


def _names_rater(order: WorkOrder, text: str) -> bool:
    rating = next(iter(rating_for_order([order.subject_id])), None)
    if rating is None or rating.occasion_id is None:
        return False
    try:
        facts = occasion_facts(occasion_id=rating.occasion_id)
        return speaks_of(record_id=facts.version_id, text=text)
    except (NotFound, SealBroken):
        return False
