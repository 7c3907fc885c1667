"""Whatever is sent to parser, signature, dialects and verdicts. `./haochaping drill fuzz` draws a hundred times as much."""

import pytest

from haochaping.policy.rulebook import Rulebook
from tests.fuzzing.properties import play, properties
from tests.verdicts import second_city as city

CASES = 1_000


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("second-city")
    city.write(folder / "registry", folder / "rules")
    return city.rulebook(folder / "rules")


@pytest.mark.parametrize("name", [each.name for each in properties(Rulebook.load())])
def test_it_holds_for(rulebook: Rulebook, name: str) -> None:
    (found,) = (each for each in properties(rulebook) if each.name == name)
    assert play(found, CASES * found.share // 100)
