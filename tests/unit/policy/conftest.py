"""Rulebooks of made-up jurisdictions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import Run, run
from haochaping.policy.scenario_file import read_scenario
from tests.unit.policy.samples import laid_down


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Rulebook]:
    """A rulebook of the given profiles, by jurisdiction key, without any calendar."""

    def load(**profiles: str) -> Rulebook:
        for key, text in profiles.items():
            folder = tmp_path / "jurisdictions" / key
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "profile.toml").write_text(text, encoding="utf-8")
        return Rulebook.load(tmp_path)

    return load


@pytest.fixture
def play(tmp_path: Path, load: Callable[..., Rulebook]) -> Callable[..., Run]:
    """Tells the rules of 示例市, given by dimension (`steps.contact` for one of many), a story."""

    def play(rules: dict[str, str], story: str) -> Run:
        path = tmp_path / "story.toml"
        path.write_text(story, encoding="utf-8")
        return run(read_scenario(path), load(example=laid_down(**rules)))

    return play


@pytest.fixture
def told(play: Callable[..., Run]) -> Callable[..., Mapping[str, Any]]:
    """What such a story comes to for the occasion 甲."""
    return lambda rules, story: play(rules, story).facts["occasion", "甲"]
