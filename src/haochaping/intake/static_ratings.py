"""Ratings without a case, by a static code: of a window, a hall, a platform or the guide of an item. Who may, their ids, how
they are stored.

No occasion is claimed and nothing is added to the figures of the organisation's services: what counts for those is matched
to a reported case (mission B12). What the rules say of such a subject holds, an order after a bad one with it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

from haochaping.cases.claims import SUBJECT
from haochaping.cases.facts import CHANNELS
from haochaping.cases.static_code import StaticCode
from haochaping.cases.static_places import Place, place_of, ruled
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.asking import asking
from haochaping.intake.governing import Governed
from haochaping.intake.statement import BATCH, prepare
from haochaping.intake.submission import DatabaseAway, Kind, Outcome, Submission
from haochaping.policy.profile import Profile
from haochaping.policy.units import BY_THE_DAY
from haochaping.ratings.fragments import mark_of, name_case, store
from haochaping.ratings.receipt import receipt_keys
from haochaping.ratings.wording import sealed_number
from haochaping.rectification.fragments import LEAVE_IN_INBOX

if TYPE_CHECKING:
    from haochaping.intake.services import Services

# `pf` of the national convention: a QR code.
CHANNEL: Final = 3
_PATIENCE_SECONDS: Final = 5
# From then on all of the day's ratings are in, and what systems report at once as well.
_DAY_OVER: Final = timedelta(days=1, hours=1)
_OF_A_WINDOW: Final = "window_and_day"

_PLACE: Final = {
    "service_day": "date",
    "division_id": "int",
    "organisation_id": "int",
    "hall_id": "int",
    "window_id": "int",
    "item_id": "int",
}
# Behind the two values in which a batch travels: here a batch of one.
_OF_PLACE: Final = ", ".join(
    f"${number}::{kind} AS {name}" for number, (name, kind) in enumerate(_PLACE.items(), start=3)
)
_NUMBER, _LOOK_AT = f"${len(_PLACE) + 3}::text", f"${len(_PLACE) + 4}::timestamptz"
# Whose id is there already has rated: the same submission again, or the one rating of the day.
STORE_RATING: Final = f"""
WITH input AS MATERIALIZED (
    SELECT t.*, {_OF_PLACE}, NULL::uuid AS subject_id, false AS beside, NULL::int AS staff_id,
           1::smallint AS weight, NULL::int[] AS shared_with
    FROM ({BATCH}) t
), known AS (
    SELECT r.id, {mark_of("r")} AS submission FROM ratings_rating r JOIN input i ON i.id = r.id
), subject AS (
    SELECT * FROM input WHERE NOT EXISTS (SELECT FROM known)
), {store("subject")}, {name_case("subject", number=_NUMBER, look_at=_LOOK_AT)}, inbox AS (
    {LEAVE_IN_INBOX.format(source="subject")}
)
SELECT CASE WHEN k.id IS NULL THEN 'created' WHEN k.submission = i.submission THEN 'same' ELSE 'gone' END
FROM input i LEFT JOIN known k ON true
"""  # noqa: S608  (fragments of our own and names of columns)

if len(SUBJECT.split(", ")) != len(_PLACE) + 3:
    raise AssertionError("a rating without a case must say all that a rating copies of its subject")


@dataclass(frozen=True, slots=True)
class PlaceRated:
    """What is rated by a static code on a day, with the organisation that answers for it and the rules."""

    place: Place
    organisation_id: int
    day_start: datetime
    governed: Governed

    @property
    def seal_id(self) -> uuid.UUID:
        """What stands for it where pages seal something to an occasion."""
        return seal_of(self.place.of)


def seal_of(code: StaticCode) -> uuid.UUID:
    """What stands for what a code is of, where something is sealed to an occasion."""
    return uuid.UUID(int=int.from_bytes(code.signed))


def place_rated(services: "Services", of: StaticCode, at: datetime) -> PlaceRated | None:
    """What the code is of, as it may be rated at an instant; None where it is not there that day, nobody answers for it, or
    the rules do not rate it without a case. Raises DirectoryNotRead."""
    directory, day = services.directory.current(), local_day(at)
    place = place_of(of, directory, day)
    occasion = ruled(place, directory, day) if place else None
    if place is None or occasion is None or place.organisation_id is None:
        return None
    governed = Governed(services.rulebook, occasion, CHANNELS[CHANNEL], day)
    if not governed.rules().rated_without_case(of.subject):
        return None
    return PlaceRated(place, place.organisation_id, datetime.combine(day, time(), CN), governed)


def rating_id(rated: PlaceRated, submission: Submission, profile: Profile, *, spent: timedelta) -> uuid.UUID:
    """The id of the rating: the same for the same submission, however often it is sent; where the rules allow one a day, the
    same for whatever the same device says of the same thing on that day. `spent`: since the page was opened."""
    said = submission.content.submission
    opened = submission.received_at - spent
    if _once_a_day(profile, rated.place.of.subject):
        said = (submission.address or b"") + (submission.device or b"")
        opened = rated.day_start
    subject = rated.place.of.signed + local_day(opened).isoformat().encode() + said
    return new_id(opened, hmac_sm3(key_for("window rating"), subject)[:10])


def _once_a_day(profile: Profile, subject: str) -> bool:
    rule = profile.frequency.value if profile.frequency else None
    if rule is None or rule.most != 1 or rule.per not in BY_THE_DAY:
        return False
    return subject == "window" or rule.per != _OF_A_WINDOW


async def store_rating(
    services: "Services", rated: PlaceRated, submission: Submission, *, case_number: str = ""
) -> Outcome:
    """What became of it, told after the commit; its `occasion_id` is the id of the rating. `case_number`: of the case that
    the rater named, "" for none; where it leads is looked at when the day is over. Raises DatabaseAway."""
    prepared = prepare(submission, receipt_keys())
    place = rated.place
    copied = (
        local_day(submission.received_at),
        place.division_id,
        rated.organisation_id,
        place.hall_id,
        place.window_id,
        place.item_id,
        sealed_number(case_number, submission.occasion_id),
        rated.day_start + _DAY_OVER,
    )
    for _ in range(2):
        try:
            async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
                fate = await connection.fetchval(STORE_RATING, prepared.together, prepared.words, *copied)
        except asyncpg.UniqueViolationError:
            continue  # the same one, stored at this very moment: the next look sees it
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise DatabaseAway from error
        kind = Kind(fate)
        return Outcome(kind, None if kind is Kind.GONE else prepared.receipt)
    raise DatabaseAway
