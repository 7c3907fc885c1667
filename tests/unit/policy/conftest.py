"""Rulebooks of made-up jurisdictions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from haochaping.policy.rulebook import Rulebook


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
