"""A process that looks at its rules every second reads only what may have changed."""

from pathlib import Path

import pytest

from haochaping.policy import keeping
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.rule_files import RuleDirs, version_of_files
from tests.unit.policy.samples import HEAD


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's directory of rules, still without any file."""
    monkeypatch.setenv("HAOCHAPING_DATA", str(tmp_path))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "rules"))
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


@pytest.fixture
def opened(rules: Path, monkeypatch: pytest.MonkeyPatch) -> list[RuleDirs]:
    """Grows by one each time the content of all files is read."""
    found: list[RuleDirs] = []

    def counted(dirs: RuleDirs) -> str:
        found.append(dirs)
        return version_of_files(dirs)

    monkeypatch.setattr(keeping, "version_of_files", counted)
    return found


def test_what_two_looks_have_found_unchanged_is_not_opened_any_more(
    rules: Path, opened: list[RuleDirs]
) -> None:
    kept = RulesKeeper()
    seen = []
    for _ in range(4):
        del opened[:]
        assert not kept.look()
        seen.append(len(opened))
    assert seen == [1, 0, 0, 0]


def test_after_a_change_it_is_opened_once_more(rules: Path, opened: list[RuleDirs]) -> None:
    kept = RulesKeeper()
    kept.look()
    path = rules / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD.replace('"city"', '"operator"'), encoding="utf-8")
    assert kept.look()
    seen = []
    for _ in range(3):
        del opened[:]
        assert not kept.look()
        seen.append(len(opened))
    assert seen == [1, 0, 0]


def test_another_directory_is_read_although_all_files_are_the_same(
    rules: Path, opened: list[RuleDirs], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = RulesKeeper()
    kept.look()
    kept.look()
    del opened[:]
    other = rules.with_name("others")
    other.mkdir()
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(other))
    kept.look()
    assert {each.profiles[-1] for each in opened} == {other}
    seen = []
    for _ in range(3):
        del opened[:]
        assert not kept.look()
        seen.append(len(opened))
    assert seen == [1, 0, 0]


def test_what_is_kept_for_later_starts_can_be_read_by_people(rules: Path, tmp_path: Path) -> None:
    path = rules / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD.replace('"city"', '"operator"'), encoding="utf-8")
    RulesKeeper()
    assert "示例市" in (tmp_path / "rules-last-good.json").read_text("utf-8")
