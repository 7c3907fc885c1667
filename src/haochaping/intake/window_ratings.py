"""Ratings of a window without a case, by the static code that hangs there: who may, their ids, how they are stored.

No occasion is claimed and nothing is added to the figures of the organisation's services: what counts for those is matched
to a reported case (mission B12). What the rules say of the subject `window` holds, an order after a bad one with it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

from haochaping.cases.claims import SUBJECT
from haochaping.cases.facts import CHANNELS, Facts, occasion_of
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.asking import asking
from haochaping.intake.governing import Governed
from haochaping.intake.statement import BATCH, prepare
from haochaping.intake.submission import DatabaseAway, Kind, Outcome, Submission
from haochaping.policy.profile import Profile
from haochaping.ratings.fragments import store
from haochaping.ratings.receipt import receipt_keys
from haochaping.rectification.fragments import LEAVE_IN_INBOX

if TYPE_CHECKING:
    from haochaping.intake.services import Services
    from haochaping.registry.directory import Directory, WindowCopy

# `pf` of the national convention: a QR code.
CHANNEL: Final = 3
_PATIENCE_SECONDS: Final = 5
_ONCE_A_DAY: Final = frozenset({"rater_and_day", "window_and_day"})

_PLACE: Final = {
    "service_day": "date",
    "division_id": "int",
    "organisation_id": "int",
    "hall_id": "int",
    "window_id": "int",
}
# Behind the two values in which a batch travels: here a batch of one.
_OF_PLACE: Final = ", ".join(
    f"${number}::{kind} AS {name}" for number, (name, kind) in enumerate(_PLACE.items(), start=3)
)
# Whose id is there already has rated: the same submission again, or the one rating of the day.
_STORE: Final = f"""
WITH input AS MATERIALIZED (
    SELECT t.*, {_OF_PLACE}, NULL::uuid AS subject_id, false AS beside, NULL::int AS staff_id, NULL::int AS item_id,
           1::smallint AS weight, NULL::int[] AS shared_with
    FROM ({BATCH}) t
), known AS (
    SELECT r.id, r.submission FROM ratings_rating r JOIN input i ON i.id = r.id
), subject AS (
    SELECT * FROM input WHERE NOT EXISTS (SELECT FROM known)
), {store("subject")}, inbox AS (
    {LEAVE_IN_INBOX.format(source="subject")}
)
SELECT CASE WHEN k.id IS NULL THEN 'created' WHEN k.submission = i.submission THEN 'same' ELSE 'gone' END
FROM input i LEFT JOIN known k ON true
"""  # noqa: S608  (fragments of our own and names of columns)

if len(SUBJECT.split(", ")) != len(_PLACE) + 4:
    raise AssertionError("a rating of a window must say all that a rating copies of its subject")


@dataclass(frozen=True, slots=True)
class WindowRated:
    """A window on a day, with the ids that a rating copies and the rules for it."""

    window: "WindowCopy"
    division_id: int
    day_start: datetime
    governed: Governed

    @property
    def seal_id(self) -> uuid.UUID:
        """What stands for it where pages seal something to an occasion."""
        return uuid.UUID(int=self.window.id)


def window_rated(services: "Services", window_id: int, at: datetime) -> WindowRated | None:
    """The window as it may be rated at an instant; None where it is not there that day, or the rules rate no window without
    a case. Raises DirectoryNotRead."""
    directory, day = services.directory.current(), local_day(at)
    window = directory.window_by_id(window_id, day)
    hall = directory.hall_by_id(window.hall_id, day) if window else None
    if window is None or hall is None:
        return None
    governed = _governed(services, directory, window, hall.division_id, at)
    if governed is None or not governed.rules().rated_without_case("window"):
        return None
    start = datetime.combine(day, time(), CN)
    return WindowRated(window, hall.division_id, start, governed)


def _governed(
    services: "Services", directory: "Directory", window: "WindowCopy", division_id: int, at: datetime
) -> Governed | None:
    day = local_day(at)
    facts = Facts(day, None, division_id, window.organisation_id, window.hall_id, None, "", "", "", "", "")
    occasion = occasion_of(facts, directory)
    if occasion is None:
        return None
    return Governed(services.rulebook, occasion.about("window"), CHANNELS[CHANNEL], day)


def rating_id(rated: WindowRated, submission: Submission, profile: Profile, *, spent: timedelta) -> uuid.UUID:
    """The id of the rating: the same for the same submission, however often it is sent; where the rules allow one a day, the
    same for whatever the same device says of the window on that day. `spent`: since the page was opened."""
    said = submission.content.submission
    opened = submission.received_at - spent
    frequency = profile.frequency
    if frequency is not None and frequency.value.per in _ONCE_A_DAY and frequency.value.most == 1:
        said = (submission.address or b"") + (submission.device or b"")
        opened = rated.day_start
    subject = rated.window.id.to_bytes(4) + local_day(opened).isoformat().encode() + said
    return new_id(opened, hmac_sm3(key_for("window rating"), subject)[:10])


async def store_rating(services: "Services", rated: WindowRated, submission: Submission) -> Outcome:
    """What became of it, told after the commit; its `occasion_id` is the id of the rating. Raises DatabaseAway."""
    prepared = prepare(submission, receipt_keys())
    place = (
        local_day(submission.received_at),
        rated.division_id,
        rated.window.organisation_id,
        rated.window.hall_id,
        rated.window.id,
    )
    for _ in range(2):
        try:
            async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
                fate = await connection.fetchval(_STORE, prepared.together, prepared.words, *place)
        except asyncpg.UniqueViolationError:
            continue  # the same one, stored at this very moment: the next look sees it
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise DatabaseAway from error
        kind = Kind(fate)
        return Outcome(kind, None if kind is Kind.GONE else prepared.receipt)
    raise DatabaseAway
