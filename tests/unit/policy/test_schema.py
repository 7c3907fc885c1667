"""The JSON Schema that editors use: it takes what is shipped, and refuses what a hand gets wrong."""

import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from haochaping.policy.checking import check
from haochaping.policy.schema import scenario_schema, schema
from haochaping.policy.sources import RULES_DIR
from tests.unit.policy.test_mutations import KUNMING, MUTATIONS, NATIONAL
from tests.unit.policy.test_scenario_file import GOOD as STORY

PROFILES = sorted((RULES_DIR / "jurisdictions").glob("*/profile.toml"))
VALIDATOR = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


SCENARIOS = sorted((RULES_DIR / "scenarios").rglob("*.toml"))
STORIES = Draft202012Validator(scenario_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_json(said: object) -> object:
    """What an editor sees of a TOML file: days and times are texts to it."""
    if isinstance(said, dict):
        return {key: as_json(value) for key, value in said.items()}
    if isinstance(said, list):
        return [as_json(value) for value in said]
    return said.isoformat() if isinstance(said, date | time) else said


def refused(text: str, by: Draft202012Validator = VALIDATOR) -> list[str]:
    """Where the schema refuses a file, as paths."""
    errors = by.iter_errors(as_json(tomllib.loads(text)))
    return [".".join(map(str, error.absolute_path)) for error in errors]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator.check_schema(scenario_schema())


def test_it_takes_every_scenario_that_is_shipped() -> None:
    assert SCENARIOS
    assert [path.name for path in SCENARIOS if refused(path.read_text("utf-8"), STORIES)] == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('title = "示例"\n', "", ""),
        ("[[occasions]]", "[[ocasions]]", ""),
        ("service = ", "servise = ", "occasions.0"),
        ("service = 2020-01-02 10:00:00", 'service = "Thursday"', "occasions.0.service"),
        ('kind = "withdrawal"', 'kind = "withdraw"', "ratings.1.kind"),
        ("level = 2", "level = 6", "ratings.0.level"),
        ('event = "extension"', 'event = "extention"', "events.0.event"),
        ("{ occasions = 10 }", "{ occassions = 10 }", "figures.0.counts"),
        ("{ third = 90.5 }", '{ third = "much" }', "figures.0.external.third"),
        ('article = "第一条"\n', "", "expect.0"),
    ],
)
def test_it_refuses_what_a_hand_gets_wrong_in_a_scenario(old: str, new: str, place: str) -> None:
    assert refused(STORY, STORIES) == []
    assert place in refused(STORY.replace(old, new, 1), STORIES)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name)
def test_it_takes_every_profile_that_is_shipped(path: Path) -> None:
    assert refused(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[[window]]", "[[windw]]", ""),
        ("[[window]]", "[window]", "window"),
        ("count_first", "count_frist", "window.0.value"),
        ("n = 5", 'n = "5"', "window.0.value.n"),
        ("n = 5", "n = 4000", "window.0.value.n"),
        ('unit = "workday"', 'unit = "workdays"', "window.0.value.unit"),
        ('layer = "city"', 'layer = "town"', "jurisdiction.layer"),
        ('["530100"]', '["5301"]', "jurisdiction.applies_to.0"),
        ("level = 5, label", "level = 6, label", "levels.0.value.0.level"),
        ("bad = true", "bad = 1", "levels.0.value.3.bad"),
        ("share = 1\n", "share = 100\n", "revisits.0.value.share"),
        ('key = "decision"', 'key = "decide"', "responsibility.0.key"),
        ('by = "named:市营商环境办"', 'by = "市营商环境办"', "publication.3.value.by"),
        ("issued = 2020-06-02", 'issued = "2020"', "documents.measures.issued"),
        ('title = "昆明', 'titel = "昆明', "documents.measures"),
    ],
)
def test_it_refuses_what_a_hand_gets_wrong(old: str, new: str, place: str) -> None:
    assert place in refused(KUNMING.replace(old, new, 1))


def test_what_it_refuses_is_refused_by_the_check_as_well(tmp_path: Path) -> None:
    """It may know less than `rules check`, never more: what may be written must not be red in an editor."""
    stricter = []
    for number, (old, new, _, _) in enumerate(MUTATIONS):
        text = KUNMING.replace(old, new, 1) if old else KUNMING + new
        try:
            red = refused(text)
        except (ValueError, RecursionError):
            continue
        root = tmp_path / str(number)
        for key, content in (("national", NATIONAL), ("kunming", text)):
            (root / "jurisdictions" / key).mkdir(parents=True)
            (root / "jurisdictions" / key / "profile.toml").write_text(content, "utf-8")
        if red and not check(root):
            stricter.append((new, red))
    assert stricter == []
