"""Released answers as a set of data."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haochaping.publication.datasets import DataSet
from haochaping.publication.queries.answers import PublicAnswer


def answers_data(found: Iterable[PublicAnswer], *, now: datetime) -> DataSet:
    """Those given, in their order."""
    return DataSet(
        name="answers",
        title=_("公开的差评答复"),
        columns={
            "number": _("公开编号；不是工单编号，也不是办件编号"),
            "organisation": _("被评价的单位，公开时的名称"),
            "credit_code": _("单位的统一社会信用代码"),
            "division": _("单位所属的地区"),
            "item": _("政务服务事项；这一周评价太少的不公开"),
            "week": _("服务所在的一周，以星期一的日期表示；这一周评价太少的不公开"),
            "tags": _("评价人选的标签，国家标准代码"),
            "said": _("评价的文字，隐去了能认出人的内容；没有写的为空"),
            "answer": _("给评价人的答复，隐去了能认出人的内容"),
            "clause": _("公开所依据的条款；空表示没有规定"),
            "released_on": _("公开的日期"),
            "withdrawn_on": _("撤回的日期；撤回的没有文字"),
            "why": _("撤回的理由"),
            "record_digest": _("公开时全部内容的摘要（SHA-256）"),
        },
        rows=[_row(each) for each in found],
        cut_off=now,
    )


def _row(each: PublicAnswer) -> dict[str, Any]:
    return {
        "number": each.number,
        "organisation": each.organisation,
        "credit_code": each.credit_code,
        "division": each.division,
        "item": each.item or None,
        "week": each.week.isoformat() if each.week else None,
        "tags": [str(code) for code, _name in each.tags],
        "said": each.said or None,
        "answer": each.answer or None,
        "clause": each.clause or None,
        "released_on": each.released_on.isoformat(),
        "withdrawn_on": each.withdrawn_on.isoformat() if each.withdrawn_on else None,
        "why": each.why or None,
        "record_digest": each.digest,
    }
