"""What the tables must hold by what was answered, and what they hold: no call half, in no table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drills.killing.calls import Call, Key
from drills.killing.senders import Sender

_COUNTED: Final = ("calls", "rejected", "repeated", "updated", "conflicting", "quarantined", "accepted")
_DAYS: Final = ", ".join(
    f"(SELECT coalesce(sum({name}), 0)::int FROM cases_senderday WHERE platform = $1) AS {name}"  # noqa: S608
    for name in _COUNTED
)

# By table, of one platform. What has no owner is in nobody's figures, and then missing from all of them.
HELD: Final = f"""
WITH occasion AS (
  SELECT o.id, coalesce(o.version_id, o.id) AS version_id, c.status FROM cases_occasionkey k
  JOIN cases_serviceoccasion o ON o.id = k.occasion_id JOIN cases_case c ON c.id = o.case_id
  WHERE k.platform = $1
), version AS (SELECT v.id FROM cases_occasionversion v JOIN occasion o ON o.id = v.occasion_id),
aside AS (SELECT id FROM cases_quarantinedoccasion WHERE platform = $1)
SELECT
  (SELECT count(*) FROM cases_case WHERE platform = $1) AS cases,
  (SELECT count(*) FROM cases_occasionkey WHERE platform = $1) AS keys,
  (SELECT count(*) FROM occasion) AS occasions,
  (SELECT count(*) FROM occasion WHERE status = 3) AS done,
  (SELECT count(*) FROM occasion o JOIN version v ON v.id = o.version_id) AS current,
  (SELECT count(*) FROM occasion o JOIN cases_waiting w ON w.id = o.id) AS claims,
  (SELECT count(*) FROM version) AS versions,
  (SELECT count(*) FROM aside) AS aside,
  (SELECT count(*) FROM identity_vaultrecord r JOIN (TABLE version UNION ALL TABLE aside) x ON x.id = r.id) AS sealed,
  (SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report' AND subject = 'platform ' || $1) AS audited,
  {_DAYS}
"""  # noqa: S608  (names of columns)

# All rows together, by the names of HELD: what is there beyond the platforms' own belongs to nobody.
ALL: Final = """
SELECT (SELECT coalesce(sum(occasions), 0)::int FROM tallies_change) AS tallied,
  (SELECT count(*) FROM cases_serviceoccasion) AS occasions, (SELECT count(*) FROM cases_waiting) AS claims,
  (SELECT count(*) FROM cases_occasionversion) AS versions, (SELECT count(*) FROM identity_vaultrecord) AS sealed
"""

ACKNOWLEDGED: Final = """
SELECT count(*) FROM unnest($2::text[], $3::int[]) AS told (project_no, service_number)
JOIN cases_occasionkey k ON k.platform = $1 AND k.project_no = told.project_no AND k.service_number = told.service_number
JOIN cases_serviceoccasion o ON o.id = k.occasion_id
JOIN cases_occasionversion v ON v.id = coalesce(o.version_id, o.id) AND v.occasion_id = o.id
JOIN identity_vaultrecord r ON r.id = v.id JOIN cases_waiting w ON w.id = o.id
"""

Connection = Any


def stored(call: Call) -> Counter[str]:
    """What a call adds to the tables when it is stored."""
    due = call.counts
    new, moved, aside = due["accepted"], due["updated"], due["quarantined"]
    made = {"cases": new, "keys": new, "occasions": new, "current": new, "claims": new, "done": moved}
    made |= {"versions": new + moved, "aside": aside, "sealed": new + moved + aside, "tallied": new}
    return Counter(made) + due + Counter(calls=1, audited=1)


def sent_again(call: Call) -> Counter[str]:
    """What it adds when it comes a second time: to its sender's figures and to the audit trail."""
    return Counter(call.again) + Counter(calls=1, audited=1)


@dataclass
class Ledger:
    """What must be there, by platform. `half` names what is there neither wholly nor not at all."""

    due: dict[str, Counter[str]] = field(default_factory=dict)
    half: list[str] = field(default_factory=list)
    lost: int = 0

    def add(self, sender: Sender, figures: Counter[str]) -> None:
        """So much more must be there."""
        self.due[sender.platform] = self.due.get(sender.platform, Counter()) + figures

    def book(self, sender: Sender, call: Call) -> None:
        """A call was stored."""
        self.add(sender, stored(call))

    async def look(self, connection: Connection, senders: Sequence[Sender]) -> set[str]:
        """Holds the tables against what is due; the platforms whose open call turns out to be stored, now booked."""
        found = set()
        for sender in senders:
            await self._acknowledged(connection, sender)
            row = await connection.fetchrow(HELD, sender.platform)
            held = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a record is no mapping
            if sender.open is not None and _differing(held, self.due.get(sender.platform, Counter())):
                self.book(sender, sender.open)
                found.add(sender.platform)
            self.half += [
                f"{sender.platform} {each}"
                for each in _differing(held, self.due.get(sender.platform, Counter()))
            ]
        everything = sum(self.due.values(), Counter[str]())
        row = await connection.fetchrow(ALL)
        self.half += _differing({name: row[name] for name in row.keys()}, everything)  # noqa: SIM118
        return found

    async def _acknowledged(self, connection: Connection, sender: Sender) -> None:
        """What was answered for since the last look must be there with key, version, vault row and claim."""
        keys: list[Key] = sender.acknowledged
        found = await connection.fetchval(
            ACKNOWLEDGED, sender.platform, [key for key, _ in keys], [int(number) for _, number in keys]
        )
        self.lost += len(keys) - found
        sender.acknowledged = []


def _differing(held: dict[str, int], due: Counter[str]) -> list[str]:
    return [f"{name}: {count}, not {due[name]}" for name, count in held.items() if count != due[name]]
