"""Answered orders and what was released of them, for the tests of publication and of permissions."""

from datetime import datetime
from uuid import UUID

from haochaping.foundation.ids import new_id
from haochaping.publication.models import ReleasedAnswer
from haochaping.publication.states import Release
from haochaping.rectification.models import WorkOrder

ANSWER = "您反映的等候时间过长属实，我们已增设一个窗口。"


def answered(order: WorkOrder, answer: str = ANSWER) -> WorkOrder:
    """The order as it stands once it was answered."""
    WorkOrder.objects.filter(pk=order.pk).update(state="answered", answer=answer)
    order.refresh_from_db()
    return order


def put_released(order: WorkOrder, now: datetime) -> dict[str, UUID]:
    """The order answered, and a draft of it: both ids by the names that the console's addresses have for them."""
    answered(order)
    row = ReleasedAnswer.objects.create(
        id=new_id(now),
        number="GK1",
        order_id=order.id,
        organisation_id=order.organisation_id,
        state=Release.DRAFTED,
        credit_code="11532216MB3585447A",
        organisation="昆明市公安局",
        division_code="530100",
        division="昆明市",
        said="排队太久。",
        answer=ANSWER,
        drafted_by="赵敏",
        drafted_at=now,
    )
    return {"answered_id": order.id, "answer_id": row.id}
