"""What a rule lays down, set out to be read: a sentence, rows of name and value, or several beneath each other.

The words are those of the regulations and stay Chinese in every language of the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from haochaping.policy.bands import Band
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.key_words import key_word
from haochaping.policy.limits import Span
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Measured
from haochaping.policy.redress import BadClass, Duty, Step, Trigger, VerdictLevel
from haochaping.policy.scores import Grade, Score
from haochaping.policy.shapes import Key, Kind, keys, kind_of
from haochaping.policy.values import Value
from haochaping.policy.voice import Level
from haochaping.policy.wording import limit_words, number, words_of

# Measures that are shares of one: people read them in per cent.
_SHARES: Final = frozenset(
    {
        "participation",
        "unrated_rate",
        "good_rate",
        "bad_rate",
        "rectification_rate",
        "rectified_in_time_rate",
        "revisit_rate",
        "revisit_satisfaction",
        "ratio",
    }
)
# Shapes whose label is the heading of the rule.
_HEADED: Final = (Score, ListRule, BadClass)
_NOTHING_MORE: Final = "有此规定，未附条件"
_NOTHING_MORE_OF: Final = {Step: "应当办理，未规定期限", Trigger: "每一差评均应处置，不附条件"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the three: a sentence, rows, or items."""

    text: str = ""
    rows: tuple[tuple[str, "Shown"], ...] = ()
    items: tuple["Shown", ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What rules are called where others mention them: levels by number, scores by key."""

    levels: Mapping[int, str]
    scores: Mapping[str, str]


def shown(name: str, value: Value[Any], names: Names) -> Shown:
    """The value of a dimension (`name` or `name.key`), set out."""
    if value.absent:
        return Shown("明文规定不适用")
    dimension = name.partition(".")[0]
    if dimension == "levels":
        return Shown(rows=tuple((f"{each.number}级", Shown(_level_words(each))) for each in value.value))
    if dimension == "points":
        points = sorted(value.value.items(), reverse=True)
        return Shown(rows=tuple((_level_name(level, names), Shown(f"{number(n)}分")) for level, n in points))
    return _set_out(kind_of(DIMENSIONS[dimension].hint), value.value, names)


def together(values: Sequence[Shown]) -> Shown:
    """Several values that one clause lays down: in one sentence where they differ in one word only."""
    if len(values) == 1:
        return values[0]
    if all(len(each.rows) == 1 and each.rows[0][1].text for each in values):
        words = {word for ((word, _),) in (each.rows for each in values)}
        if len(words) == 1:
            return Shown(rows=((words.pop(), _joined([each.rows[0][1] for each in values])),))
    return Shown(items=tuple(values))


def _joined(values: Sequence[Shown]) -> Shown:
    return Shown("、".join(each.text for each in values))


def _level_words(level: Level) -> str:
    kind = "差评" if level.bad else "好评" if level.good else "既非好评也非差评"
    return f"{level.label}（{kind}）"


def _level_name(level: int, names: Names) -> str:
    return names.levels.get(level) or f"{level}级"


def _set_out(kind: Kind, said: Any, names: Names, *, share: bool = False) -> Shown:
    if isinstance(said, Span):
        return Shown(_limit(said))
    if kind.item is not None:
        return _list(kind.item, said, names, share=share)
    if isinstance(said, Band | Grade):
        return Shown(_band(said, share=share))
    if isinstance(said, VerdictLevel):
        return Shown(f"{said.label}（{'满意' if said.satisfied else '不满意'}）")
    if is_dataclass(kind.base):
        return _rows(kind.base, said, names)
    if isinstance(said, Decimal) and share:
        return Shown(_per_cent(said))
    if isinstance(said, date):
        return Shown(f"{said.year}年{said.month}月{said.day}日")
    if isinstance(said, time):
        return Shown(f"{said:%H:%M}")
    return Shown(words_of(kind, said))


def _list(inner: Kind, said: Sequence[Any], names: Names, *, share: bool) -> Shown:
    values = [_set_out(inner, each, names, share=share) for each in said]
    if all(len(each.rows) == 1 and each.rows[0][1].text for each in values):
        return _joined([each.rows[0][1] for each in values])
    if all(each.text for each in values):
        return (
            Shown("；".join(each.text for each in values)) if inner.base in (Band, Grade) else _joined(values)
        )
    return Shown(items=tuple(values))


def _rows(shape: type, said: Any, names: Names) -> Shown:
    share = isinstance(said, Measured) and _is_share(said)
    found = []
    for key in keys(shape):
        each = getattr(said, key.attribute)
        if each == key.default and not key.required:
            continue
        if key.name == "label" and isinstance(said, _HEADED):
            continue
        found.append((key_word(shape.__name__, key.name), _cell(key, each, names, share=share)))
    if shape is Duty and len(found) == 1:
        return found[0][1]
    if found:
        return Shown(rows=tuple(found))
    return Shown(_NOTHING_MORE_OF.get(shape, _NOTHING_MORE))


def _is_share(measured: Measured) -> bool:
    """Whether what is measured is a share of one: a place is none, unless it is told as a share of all."""
    return measured.measure in _SHARES if measured.placed is None else measured.placed != "rank"


def _cell(key: Key, said: Any, names: Names, *, share: bool) -> Shown:
    if key.name == "level" and isinstance(said, int):
        return Shown(_level_name(said, names))
    if key.name == "levels" and isinstance(said, tuple):
        return Shown("、".join(_level_name(each, names) for each in said))
    if key.name in {"variant_of", "score"}:
        return Shown(names.scores.get(said) or str(said))
    if key.name == "share":
        return Shown(_per_cent(said))
    return _set_out(key.kind, said, names, share=share and key.name == "bands")


def _limit(limit: Span) -> str:
    words = limit_words(limit)
    if limit.count_first is None:
        return words
    return f"{words}，当日{'计入' if limit.count_first else '不计入'}"


def _band(band: Band | Grade, *, share: bool) -> str:
    said = _per_cent if share else number
    ends = []
    for bound, words in (
        (band.from_, "{}及以上"),
        (band.above, "高于{}"),
        (band.up_to, "{}及以下"),
        (band.under, "低于{}"),
    ):
        if bound is not None:
            ends.append(words.format(said(bound)))
    where = "，".join(ends) or "其余"
    return f"{where}：{band.label if isinstance(band, Grade) else f'{number(band.points)}分'}"


def _per_cent(value: Decimal | int) -> str:
    return f"{number(Decimal(value) * 100)}%"
