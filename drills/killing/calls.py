"""What a business system sends in one call: new occasions, progress of earlier ones, and all that is not taken."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from haochaping.simulation.served import Place, ndjson, record

Record = dict[str, str]
Key = tuple[str, str]

NEW, FORWARD, AGAIN, OTHERWISE, ASIDE, MALFORMED = 90, 30, 10, 10, 10, 10
# What a call that was stored is answered when it is sent again.
THEN: Final[Mapping[str, str]] = {"accepted": "repeated", "updated": "repeated"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `due` are the verdicts by line, `keys` the natural keys that it makes or moves."""

    body: bytes
    due: Sequence[str]
    keys: Sequence[Key]

    @property
    def again(self) -> list[str]:
        """The verdicts due when it had been stored already."""
        return [THEN.get(verdict, verdict) for verdict in self.due]

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.due)


def calls(name: str, places: Sequence[Place], at: datetime) -> Iterator[Call]:
    """Calls without end, each about what the one before brought. The same name, the same calls."""
    random = Random(name)  # noqa: S311 - invented people
    before: list[Record] = []
    number = 0
    while True:
        number += 1
        new = [_open(random, places, f"{name}-{number}-{each}", at) for each in range(NEW)]
        forward = [_done(each) for each in before[:FORWARD]]
        again = before[FORWARD:][:AGAIN]
        otherwise = [each | {"projectName": "别的"} for each in before[FORWARD + AGAIN :][:OTHERWISE]]
        aside = [
            _open(random, places, f"{name}-{number}-aside-{each}", at) | {"userName": "无"}
            for each in range(ASIDE)
        ]
        malformed = [each | {"proStatus": "7"} for each in new[:MALFORMED]]
        parts = {
            "accepted": new,
            "updated": forward,
            "repeated": again,
            "conflicting": otherwise,
            "quarantined": aside,
            "rejected": malformed,
        }
        lines = [(verdict, each) for verdict, records in parts.items() for each in records]
        random.shuffle(lines)
        yield Call(
            ndjson([each for _, each in lines]),
            [verdict for verdict, _ in lines],
            [(each["projectNo"], each["serviceNumber"]) for each in (*new, *forward)],
        )
        before = new


def _open(random: Random, places: Sequence[Place], project_no: str, at: datetime) -> Record:
    made = record(random, random.choice(places), project_no, at - timedelta(seconds=random.randrange(1800)))
    del made["resultDate"]
    return made | {"proStatus": "2"}


def _done(earlier: Record) -> Record:
    return earlier | {"proStatus": "3", "resultDate": earlier["serviceTime"]}
