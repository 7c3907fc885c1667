"""Notices to be carried out, for the tests of those who carry them."""

from datetime import date, datetime
from uuid import UUID, uuid4

from haochaping.notices.models import Notice
from haochaping.notices.operations.preferences import Wanted, set_preference
from haochaping.notices.rules import id_of
from haochaping.notices.states import TOLD

EMAIL, PHONE = "zhao.min@km.example.cn", "13888012345"
CLAUSE = "《昆明市政务服务“好差评”实施办法》第十二条"


def wants(official: UUID, now: datetime, *, email: str = EMAIL, phone: str = PHONE) -> None:
    """The official has asked to be told of everything by both ways, or by those to which an address is given."""
    wanted = Wanted(email, phone, TOLD if email else (), TOLD if phone else ())
    set_preference(official_id=official, wanted=wanted, now=now)


def put_notice(
    official: UUID,
    now: datetime,
    *,
    channel: str = "email",
    kind: str = "overdue",
    cause: str = "",
    superior: bool = False,
) -> Notice:
    """One notice as the sweep puts it out."""
    cause = cause or f"escalation:{uuid4()}"
    console = channel == "console"
    return Notice.objects.create(
        id=id_of(cause, channel, official),
        cause=cause,
        channel=channel,
        official_id=official,
        kind=kind,
        action="reminder",
        superior=superior,
        subject="CPABCD1234",
        reference=uuid4(),
        last_day=date(2026, 11, 20),
        clause=CLAUSE,
        created_at=now,
        state="sent" if console else "waiting",
        due_at=now,
        ended_at=now if console else None,
    )
