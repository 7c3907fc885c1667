"""Publishing what was signed: frozen, chained to the publication before it, never altered; a correction is a new one."""

import json
import os
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, NotAllowed
from haochaping.foundation.ids import new_id
from haochaping.publication.chain import BEGINNING, canonical, digest
from haochaping.publication.laid_down import naming
from haochaping.publication.models import Publication
from haochaping.publication.ranking import BY_NAME, content
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry
from haochaping.scoring.queries.runs import RunView, everything
from haochaping.scoring.states import State

RANKING: Final = "ranking"
_PREFIX: Final = "GB"
_NUMBER_BYTES: Final = 5
# Any number will do, as long as all versions use the same.
_LOCK: Final = 7_208_314_603


@transaction.atomic
def publish_ranking(*, run: str, official_id: UUID, now: datetime) -> str:
    """Publishes the figures, scores and ranks of a signed run; the number of the publication.

    Where the period was published before, the new one corrects that. Raises NotFound, NotAllowed, Conflict when the run is
    not the one that counts, or is published already, or the publication before it was altered.
    """
    # First, so that what is read then is what others who published or signed left.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    view, units = everything(run)
    today = local_day(now)
    who = officials.official(official_id=official_id, on=today)
    reach = officials.scope(official_id=official_id, permission=Permission.PUBLISH, on=today)
    mine = (each for one in sorted(reach) if (each := registry.organisation(one, today)))
    publisher = next((each.name for each in mine if each.division_id == view.division_id), None)
    if who is None or publisher is None:
        raise NotAllowed("publication", _("公布得分和排名，只能由负责这个地方的主管部门进行。"))
    if view.state is not State.SIGNED or view.what_if:
        raise Conflict("not_signed", _("只能公布已经生效的评分。请先由两个人签署。"))
    before = Publication.objects.order_by("-sequence").first()
    if before and digest(json.loads(before.text)) != before.digest:
        message = _("上一份公布 %(number)s 在数据库中被改动过，恢复以前不能再公布。")
        raise Conflict("altered", message % {"number": before.number})
    earlier = _earlier(view)
    if Publication.objects.filter(source=view.number).exists():
        raise Conflict("published_already", _("这次评分已经公布。"))
    record = (
        _record(view, before, earlier, now) | {"publisher": publisher} | content(view, units, _naming(view))
    )
    row = Publication.objects.create(
        id=new_id(now),
        number=record["number"],
        sequence=record["sequence"],
        kind=RANKING,
        place=view.division,
        period=view.period,
        published_at=now,
        corrects=earlier,
        source=view.number,
        text=canonical(record).decode(),
        digest=digest(record),
    )
    audit.record(
        now=now,
        actor=who.actor,
        act="publication.published",
        subject=row.number,
        detail={"digest": row.digest},
    )
    return row.number


def _earlier(view: RunView) -> Publication | None:
    """The publication of the same period that nothing has corrected yet."""
    same = Publication.objects.filter(kind=RANKING, place=view.division, period=view.period)
    return same.filter(corrected_by=None).order_by("-sequence").first()


def _naming(view: RunView) -> dict[str, str]:
    """By which clause of the rules of the period somebody is published by name."""
    code = registry.division_codes({view.division_id})[view.division_id]
    try:
        profile = rulebook().profile(code, view.last)
    except LookupError:
        return {}
    return {kind: naming(profile, kind) for kind in BY_NAME}


def _record(
    view: RunView, before: Publication | None, earlier: Publication | None, now: datetime
) -> dict[str, Any]:
    """What every publication says of itself and of where its figures are from."""
    return {
        "number": _PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        "sequence": before.sequence + 1 if before else 1,
        "before": before.digest if before else BEGINNING,
        "kind": RANKING,
        "place": view.division,
        "period": {"name": view.period, "first": view.first.isoformat(), "last": view.last.isoformat()},
        "published_at": now.isoformat(),
        "corrects": earlier.number if earlier else None,
        "source": {
            "run": view.number,
            "cut_off": view.cut_off.isoformat(),
            "rules": view.profile,
            "rules_version": view.version,
            # Where the rules changed in the period: all of them.
            **({"editions": view.editions} if len(view.editions) > 1 else {}),
            "inputs_digest": view.inputs_digest,
            "digest": view.digest,
        },
    }
