"""A rating is counted out, and in again: a row beside it and the deltas that follow, in the caller's transaction.

The original stays as it is. From then on every figure is made without it, that of its original day too; what was
published and frozen stays, and the next publication is made of what stands (Kunming, article 10: 排除误评和恶意差评).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from haochaping.foundation.errors import Conflict, NotFound
from haochaping.foundation.ids import new_id
from haochaping.ratings.fragments import STANDING_OF_ONE
from haochaping.ratings.models import Rating, Voiding
from haochaping.ratings.states import VoidEffect
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

_STANDING: Final = f"WITH standing AS ({STANDING_OF_ONE})"
# By how much a rating changes the figures when it is counted out (-1) or in again (+1).
_SAID: Final = Fact("standing", "n", staff_level="staff_level", tags="tags", rating=True)


def _by(sign: int, fact: Fact) -> str:
    """One INSERT; what silence counts for in place of a rating that is counted out comes, and goes with that."""
    why = Correction.COUNTED_OUT if (sign < 0) != (fact.measure == "d") else Correction.COUNTED_AGAIN
    return append(fact._replace(sign=sign, why=why))


_RATING: Final = {sign: f"{_STANDING} {_by(sign, _SAID)}" for sign in (-1, 1)}
_OCCASION: Final = {sign: f"{_STANDING} {_by(sign, Fact('standing', 'occasions'))}" for sign in (-1, 1)}
_DEFAULT: Final = {
    sign: f"{_STANDING}, silence AS (SELECT *, %s::smallint AS silent FROM standing) "  # noqa: S608  (fragments of our own)
    f"{_by(sign, Fact('silence', 'd', level='silent'))}"
    for sign in (-1, 1)
}


@dataclass(frozen=True, slots=True)
class Voided:
    """What was decided of a rating. `level`: with the effect "default" the level that silence stands for, else None.
    `proposed_by` and `confirmed_by`: two persons, as the audit trail names them; `clause` says by which rule."""

    effect: VoidEffect
    level: int | None
    ground: str
    clause: str
    proposed_by: str
    confirmed_by: str


def hold(*, rating_id: UUID) -> None:
    """Locks a rating to the end of the caller's transaction: neither another voiding nor a later word of its rater comes
    between. Whoever also locks its order does so afterwards. Raises NotFound."""
    if not Rating.objects.select_for_update().filter(pk=rating_id).values_list("pk", flat=True):
        raise NotFound("rating", _("没有这条评价。"))


def void(*, rating_id: UUID, decided: Voided, now: datetime) -> None:
    """Counts a rating out, once. The caller has checked rights and rules and writes the audit row.

    Raises NotFound, Conflict("voided") where it is counted out already; ValueError where one person alone decided, or for
    an effect that needs a level and has none.
    """
    if (decided.effect is VoidEffect.DEFAULT) != (decided.level is not None):
        raise ValueError("a default, and nothing else, needs the level that silence stands for")
    last = _last(rating_id, decided)
    if last is not None and last.effect:
        raise Conflict("voided", _("这条评价已经不计入，没有重复处理。"))
    _keep(rating_id, last, decided, now)
    _count(rating_id, decided.effect, decided.level, sign=-1)


def restore(*, rating_id: UUID, clause: str, proposed_by: str, confirmed_by: str, now: datetime) -> None:
    """Counts a rating in again, as it stands. As `void`; Raises NotFound, Conflict("not_voided"), ValueError."""
    decided = Voided(VoidEffect.COUNTED, None, "", clause, proposed_by, confirmed_by)
    last = _last(rating_id, decided)
    if last is None or not last.effect:
        raise Conflict("not_voided", _("这条评价现在是计入的，没有重复处理。"))
    _keep(rating_id, last, decided, now)
    _count(rating_id, VoidEffect(last.effect), last.level, sign=1)


def _last(rating_id: UUID, decided: Voided) -> Voiding | None:
    if decided.proposed_by == decided.confirmed_by or not (decided.proposed_by and decided.confirmed_by):
        raise ValueError("it takes two persons to count a rating out or in again")
    hold(rating_id=rating_id)
    return Voiding.objects.filter(rating_id=rating_id).order_by("-ordinal").first()


def _keep(rating_id: UUID, last: Voiding | None, decided: Voided, now: datetime) -> None:
    Voiding.objects.create(
        id=new_id(now),
        rating_id=rating_id,
        ordinal=last.ordinal + 1 if last else 1,
        effect=decided.effect.value,
        level=decided.level,
        ground=decided.ground,
        clause=decided.clause[:200],
        proposed_by=decided.proposed_by,
        confirmed_by=decided.confirmed_by,
        at=now,
    )


def _count(rating_id: UUID, effect: VoidEffect, level: int | None, *, sign: int) -> None:
    """Nothing for what is not counted anyway: a rating without a case, or beside a default that stays."""
    with connection.cursor() as cursor:
        cursor.execute(_RATING[sign], [rating_id])
        if effect is VoidEffect.NOT_COUNTED:
            cursor.execute(_OCCASION[sign], [rating_id])
        elif effect is VoidEffect.DEFAULT:
            cursor.execute(_DEFAULT[-sign], [rating_id, level])
