"""Every verdict held against an oracle that was written from the convention's page alone, over careless streams."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.accounts.clients import Reach, Scope
from haochaping.foundation.clock import local_day
from haochaping.intake import bulk
from haochaping.intake.judging import Holdings, Judge, Judged
from haochaping.intake.scope import Reached
from haochaping.policy.rulebook import Rulebook
from tests.verdicts import second_city as city
from tests.verdicts.oracle import Content, Key, cases, time_of
from tests.verdicts.stream import stream

ANYTHING = Scope(0, Reach.PLATFORM, frozenset())


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("second-city")
    city.write(folder / "registry", folder / "rules")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAOCHAPING_RULES_DIR", str(folder / "rules"))
        return Rulebook.load()


@dataclass
class Platform:
    """The judge with what it holds, over calls that follow each other; no database."""

    rulebook: Rulebook
    holdings: Holdings = field(default_factory=Holdings)

    def call(self, lines: Sequence[bytes]) -> list[Judged]:
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
        return {key: dict(held.record or {}) for key, held in self.holdings.occasions.items()}


def told(judged: Judged) -> tuple[str, set[str]]:
    return str(judged.verdict), {reason.field for reason in judged.reasons}


def calls(random: Random, lines: Sequence[bytes]) -> list[Sequence[bytes]]:
    """The lines in order, cut into calls anywhere."""
    cuts = sorted(random.sample(range(1, len(lines)), random.randrange(min(5, len(lines))))) if lines else []
    return [lines[start:end] for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)]


@given(seed=st.integers(0, 2**32), length=st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_every_record_gets_the_verdict_of_the_book(rulebook: Rulebook, seed: int, length: int) -> None:
    random = Random(seed)
    lines = stream(random, length)
    oracle, platform = city.oracle(), Platform(rulebook)
    for call in (*calls(random, lines), lines):
        for line, judged in zip(call, platform.call(call), strict=True):
            due = oracle.verdict(line)
            verdict, fields = told(judged)
            assert verdict == due.verdict, (line.decode(), judged.reasons, due)
            if due.fields:
                assert fields == due.fields, (line.decode(), judged.reasons, due)
    assert platform.state() == oracle.state()
    assert {
        project: (str(case.status), case.accepted_at, case.result_at)
        for project, case in platform.holdings.cases.items()
    } == {
        project: (status, time_of(accepted), time_of(result))
        for project, (status, accepted, result) in cases(oracle.state()).items()
    }
