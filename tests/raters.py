"""What raters do after their rating, as the door leaves it in the tables: for tests that stay in one transaction."""

import uuid
from datetime import datetime

from haochaping.foundation.ids import new_id
from haochaping.ratings.models import Verdict, Withdrawal, WithdrawnConsent
from haochaping.rectification.models import BadRating


def judge(
    rating: uuid.UUID, now: datetime, *, answers: int = 1, satisfied: bool = False, sets_off: str = "reopen"
) -> None:
    """What the rater makes of the answer with this number."""
    Verdict.objects.create(
        id=new_id(now),
        rating_id=rating,
        answers=answers,
        answer="satisfied" if satisfied else "unsatisfied",
        satisfied=satisfied,
        sets_off="none" if satisfied else sets_off,
        silent=False,
        received_at=now,
        submission=uuid.uuid4().bytes,
        clause="第十二条",
        profile="teaching-mingzhou",
    )
    _tell_order(rating, now)


def take_back(rating: uuid.UUID, now: datetime) -> None:
    """The rating is taken back as a whole."""
    Withdrawal.objects.create(
        rating_id=rating,
        withdrawn_at=now,
        effect="unrated",
        silence_provisional=False,
        profile="teaching-mingzhou",
    )
    _tell_order(rating, now)


def withdraw_consent(rating: uuid.UUID, now: datetime) -> None:
    """The rater is no longer to be contacted."""
    WithdrawnConsent.objects.create(rating_id=rating, withdrawn_at=now)
    _tell_order(rating, now)


def _tell_order(rating: uuid.UUID, now: datetime) -> None:
    BadRating.objects.get_or_create(rating_id=rating, defaults={"received_at": now})
