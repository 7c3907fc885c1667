"""The product's judge with what it holds, over calls that follow each other; no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from haochaping.accounts.clients import Reach, Scope
from haochaping.foundation.clock import local_day
from haochaping.intake import bulk
from haochaping.intake.judging import Holdings, Judge, Judged
from haochaping.intake.scope import Reached
from haochaping.policy.rulebook import Rulebook
from tests.verdicts import second_city as city
from tests.verdicts.oracle import Content, Key

ANYTHING = Scope(0, Reach.PLATFORM, frozenset())


@dataclass
class Platform:
    """One platform of the second city."""

    rulebook: Rulebook
    holdings: Holdings = field(default_factory=Holdings)

    def call(self, lines: Sequence[bytes]) -> list[Judged]:
        """The verdicts on one call."""
        directory = city.directory()
        judge = Judge(
            self.holdings,
            directory=directory,
            rulebook=self.rulebook,
            now=city.NOW,
            reached=Reached(ANYTHING, directory, local_day(city.NOW)),
        )
        judged = [judge.verdict(each) for each in bulk.read(b"\n".join(lines), "application/x-ndjson")]
        for project_no, progress in judge.finished().cases.items():
            held = self.holdings.cases.get(project_no)
            self.holdings.cases[project_no] = held.merged(progress) if held else progress
        return judged

    def state(self) -> dict[Key, Content]:
        """The content at which every accepted occasion stands."""
        return {key: dict(held.record or {}) for key, held in self.holdings.occasions.items()}
