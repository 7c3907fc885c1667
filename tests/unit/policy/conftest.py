"""Rulebooks of made-up jurisdictions, and an operator who changes his rules."""

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.keeping import keeper
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import Run, run
from haochaping.policy.scenario_file import read_scenario
from tests.unit.policy.changing import Operator
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


@pytest.fixture
def operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Operator]:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "ours"))
    caplog.set_level(logging.INFO)
    keeper.cache_clear()
    made = Operator(tmp_path / "ours", caplog)
    made.write(30)
    yield made
    keeper.cache_clear()
