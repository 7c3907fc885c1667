"""What the rules' scenarios say is so in the tables when they are carried out: Kunming 7, 10 and 12, Shanxi, Tianjin,
Guangdong, 人社 of Shandong, and whatever is added to rules/scenarios."""

from pathlib import Path

import pytest

from haochaping.policy.scenario import Difference, compared
from haochaping.policy.scenario_file import LOOKED_AT, read_scenario
from haochaping.policy.sources import RULES_DIR
from tests.replayed.cannot import EVENTS, FACTS, KINDS
from tests.replayed.playing import play
from tests.replayed.reading import tell

SCENARIOS = RULES_DIR / "scenarios"
FILES = sorted(path.relative_to(SCENARIOS).as_posix() for path in SCENARIOS.glob("*/*.toml"))


def differences(file: str) -> tuple[list[Difference], set[str]]:
    """Where the tables say otherwise than a scenario, and which of its events were left out."""
    scenario = read_scenario(SCENARIOS / file)
    played = play(scenario)
    facts, found = tell(played), []
    for expected in scenario.expected:
        kind = next(each for each in LOOKED_AT if each in expected)
        wanted = {key: value for key, value in expected.items() if key not in (kind, "article")}
        if kind not in KINDS:
            about = (kind, str(expected[kind]))
            found += compared(" ".join(about), wanted, facts.get(about, {}))
    return found, played.left_out


@pytest.mark.parametrize("file", FILES)
def test_the_tables_say_what_the_rules_say(file: str, db: None) -> None:
    found, left_out = differences(file)
    excused = {(about, key) for of, about, key in FACTS if of == file}
    wrong = [each for each in found if not {(each.about, each.key), (each.about, "")} & excused]
    assert not wrong, "\n".join(f"{each.about} {each.key}: {each.expected} / {each.found}" for each in wrong)
    needless = excused - {(each.about, key) for each in found for key in (each.key, "")}
    assert needless == set(), "these are carried out by now: take them out of tests/replayed/cannot.py"
    assert left_out - EVENTS.keys() == set()


def test_what_is_excused_is_there() -> None:
    assert {of for of, _, _ in FACTS} <= set(FILES)
    told = [(SCENARIOS / Path(file), read_scenario(SCENARIOS / file)) for file in FILES]
    happened = {each.event for _, story in told for some in story.events.values() for each in some}
    happened |= {each.kind for _, story in told for some in story.ratings.values() for each in some}
    assert EVENTS.keys() <= happened
    looked_at = {kind for _, story in told for each in story.expected for kind in LOOKED_AT if kind in each}
    assert KINDS.keys() <= looked_at
