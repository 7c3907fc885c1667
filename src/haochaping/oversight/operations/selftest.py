"""What a self-test found is kept, and what follows from it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import Alarm, SelfTestResult, SelfTestRun
from haochaping.oversight.operations.alarms import Key, Trouble, turn
from haochaping.oversight.watching import Outcome

KIND = "selftest"


@transaction.atomic
def conclude(
    *,
    outcomes: Collection[Outcome],
    address: str,
    started_at: datetime,
    now: datetime,
    actor: str,
    tell: bool,
) -> UUID:
    """Keeps a run with all its results, turns alarms on and off, and gives the run's id. One transaction, one audit row.

    An alarm about something that is tested no longer goes off. `tell`: alarms are to be told by webhook.
    """
    failed = [outcome for outcome in outcomes if outcome.step is not None]
    run = SelfTestRun.objects.create(
        id=new_id(now),
        started_at=started_at,
        finished_at=now,
        address=address,
        tested=len(outcomes),
        failed=len(failed),
    )
    SelfTestResult.objects.bulk_create(
        SelfTestResult(
            run=run,
            way=outcome.cell.way,
            channel=outcome.cell.channel,
            level=outcome.cell.level,
            step=outcome.step or "",
            reason=outcome.reason,
        )
        for outcome in outcomes
    )
    troubles = {_key(outcome): Trouble(started_at, str(outcome.step), outcome.reason) for outcome in failed}
    on = Alarm.objects.filter(kind=KIND, ended_at=None).values_list("kind", "way", "channel", "level")
    turned = turn(troubles, [key for key in on if key not in troubles], now=now, tell=tell)
    record(
        now=now,
        actor=actor,
        act="oversight.selftest",
        subject=f"selftest:{run.id}",
        result="failed" if failed else "passed",
        detail={"tested": run.tested, "failed": run.failed, "raised": turned.raised, "ended": turned.ended},
    )
    return run.id


def _key(outcome: Outcome) -> Key:
    return KIND, str(outcome.cell.way), outcome.cell.channel, outcome.cell.level
