"""An operator who changes the rules of a running process, for the tests of what is in force and of what is kept."""

from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.occasions import Occasion

ON = date(2026, 11, 23)
OURS = """
[jurisdiction]
name = "运行单位"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "运行单位决定"
[[window]]
from = 2021-01-01
document = "d"
article = "第一条"
value = { n = %s, unit = "workday", after = "service", count_first = false }
"""
NOTICE = """
year = 2027
[documents.notice]
title = "通知（示例）"
[[holidays]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
document = "notice"
"""


class Operator:
    """The operator's directory of rules, and what a process says of it."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.root, self._log = root, caplog

    @property
    def profile(self) -> Path:
        return self.root / "jurisdictions" / "ours" / "profile.toml"

    @property
    def notice(self) -> Path:
        return self.root / "calendars" / "CN" / "2027.toml"

    def write(self, days: object, path: Path | None = None) -> None:
        """Replaces a file as a careful editor does."""
        target = path or self.profile
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(".part")
        part.write_text(OURS % days if path is None else str(days), encoding="utf-8")
        part.replace(target)

    def said(self) -> list[str]:
        """What was logged since this was asked last."""
        said = [record.getMessage() for record in self._log.records]
        self._log.clear()
        return said


def days(kept: RulesKeeper) -> int | None:
    window = kept.current().rulebook.rules(Occasion("530102"), ON).window
    return window.value.n if window else None


def broken_in_the_middle(operator: Operator) -> None:
    text = operator.profile.read_bytes()
    operator.profile.write_bytes(text[: len(text) // 2])
