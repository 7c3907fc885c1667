"""A run scenario, told line by line."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from haochaping.policy.exact import shown
from haochaping.policy.scenario import Difference, Run
from haochaping.policy.story import told

_HEADS: Final[Mapping[str, str]] = {
    "occasion": "办件服务",
    "score": "得分",
    "list": "名单",
    "revisit": "回访",
    "duty": "定期义务",
    "publication": "公开",
}


def lines(run: Run) -> Iterator[str]:
    """The whole run: what was found, by which clause, and every difference."""
    yield f"{run.scenario.title}（{'、'.join(run.scenario.cites)}）"
    yield f"规则：{run.profile.name}，版本 {run.profile.version}"
    for story in run.stories:
        yield f"{_HEADS['occasion']} {story.given.name}"
        for note in story.notes:
            yield f"  {note}"
    for (kind, name), facts in run.facts.items():
        if kind != "occasion":
            yield f"{_HEADS[kind]} {name}"
            yield from _told(facts, "  ")
    yield from differences(run)


def differences(run: Run) -> Iterator[str]:
    """What differs from what was expected; one line says so when nothing does."""
    if not run.differences:
        yield f"符合：{len(run.scenario.expected)} 项预期"
    for each in run.differences:
        yield from difference_told(each)


def difference_told(each: Difference) -> Iterator[str]:
    """One difference, as a test shows it."""
    yield f"不符 {each.about} {each.key}".rstrip()
    yield f"  - 预期 {value_told(each.expected)}"
    yield f"  + 实得 {value_told(each.found)}{f'（{each.hint}）' if each.hint else ''}"


def _told(facts: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in facts.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for each in value:
                yield f"{indent}{key}:"
                yield from _told(each, f"{indent}  ")
        else:
            yield f"{indent}{key} = {value_told(value)}"


def value_told(value: Any) -> str:
    """One value for people."""
    if value is None:
        return "不评分"
    if isinstance(value, Fraction):
        return shown(value)
    if isinstance(value, dict):
        return "，".join(f"{key} {value_told(each)}" for key, each in value.items()) or "无"
    if isinstance(value, list):
        return f"[{'、'.join(value_told(each) for each in value)}]"
    return told(value)


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, Fraction):
        return shown(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
