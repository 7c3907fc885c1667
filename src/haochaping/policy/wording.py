"""A value in words: what a page or a terminal shows of it."""

from dataclasses import is_dataclass
from decimal import Decimal
from typing import Any, Final

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.key_words import key_word
from haochaping.policy.limits import DAY_UNITS, END_UNITS, WHICHEVER, Limit, Span
from haochaping.policy.occasions import Selector, facets
from haochaping.policy.shapes import Kind, keys, kind_of
from haochaping.policy.values import Value
from haochaping.policy.vocabulary import EVENTS, ROLLS, UNITS
from haochaping.policy.voice import Level

_EVENT: Final = {word.removesuffix("_"): meaning for word, meaning in EVENTS.items()}


def dimension_word(name: str) -> str:
    """The Chinese name of a dimension; of one among many with its key: 办理环节 contact."""
    dimension, _, key = name.partition(".")
    return f"{DIMENSIONS[dimension].word} {key}".strip()


def value_words(name: str, value: Value[Any]) -> str:
    """What a value lays down, in one line."""
    if value.absent:
        return "明文不适用"
    said = value.value
    dimension = name.partition(".")[0]
    if dimension == "levels":
        return "、".join(f"{each.number}级{each.label}{_praise(each)}" for each in said)
    if dimension == "points":
        return "、".join(
            f"{level}级{number(points)}分" for level, points in sorted(said.items(), reverse=True)
        )
    return words_of(kind_of(DIMENSIONS[dimension].hint), said) or "有此规定，未附条件"


def _praise(level: Level) -> str:
    return "（差评）" if level.bad else "（好评）" if level.good else "（非好评）"


def for_whom(value: Value[Any]) -> str:
    """For which occasions a value is; "" for all."""
    parts = ["；或".join(_selector_words(each) for each in value.only)] if value.only else []
    if value.excepted:
        parts.append(f"除外：{'；或'.join(_selector_words(each) for each in value.excepted)}")
    return "；".join(parts)


def _selector_words(selector: Selector) -> str:
    said = facets(selector)
    kinds = {key.attribute: key for key in keys(Selector)}
    listed = []
    for name, words in said.items():
        key = kinds[name]
        kind = key.kind.item or key.kind
        listed.append(f"{key_word('Selector', key.name)}为{'/'.join(words_of(kind, word) for word in words)}")
    return "，".join(listed)


def event_word(event: str) -> str:
    """An event in words; one that no word names as it is written."""
    return _EVENT.get(event) or event.removeprefix("named:")


def limit_words(limit: Span) -> str:
    """A limit as a sentence: 自接受服务之日的次日起5个工作日."""
    event = "或者".join(event_word(each) for each in limit.starts())
    if limit.n == 0 and limit.unit not in DAY_UNITS:
        text = f"{event}之前"
    elif limit.before is not None:
        text = f"{event}{limit.n}{UNITS[limit.unit]}前"
    elif limit.unit in END_UNITS:
        text = (
            f"{event}所在期间的{UNITS[limit.unit]}"
            if not limit.n
            else f"{event}后第{limit.n}个{UNITS[limit.unit]}"
        )
    elif limit.n == 0:
        text = f"{event}当日"
    elif limit.count_first is None:
        text = f"自{event}之时起{limit.n}{UNITS[limit.unit]}内"
    else:
        text = f"自{event}之日{'' if limit.count_first else '的次日'}起{limit.n}{UNITS[limit.unit]}内"
    notes = [WHICHEVER[limit.whichever]] if limit.whichever else []
    notes += [] if limit.roll == "none" else [ROLLS[limit.roll]]
    if limit.start_on_workday:
        notes.append("节假日发生的自下一工作日起算")
    if limit.cutoff is not None:
        notes.append(f"{limit.cutoff:%H:%M}以后的视为次日")
    if limit.from_opening:
        notes.append("办公时间以外发生的自下一办公时间起算")
    if limit.until is not None:
        notes.append(f"末日以{limit.until:%H:%M}为限")
    if isinstance(limit, Limit):
        notes += [f"此后{limit_words(limit.then)}"] if limit.then else []
        notes += [f"且不晚于{limit_words(limit.cap)}"] if limit.cap else []
        notes += [f"且不早于{limit_words(limit.floor)}"] if limit.floor else []
        notes += [f"{event_word(event)}期间中止计算" for event in limit.suspended_by]
    return f"{text}（{'；'.join(notes)}）" if notes else text


def number(value: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def words_of(kind: Kind, said: Any) -> str:
    """One value of this kind in one line."""
    if isinstance(said, Span):
        return limit_words(said)
    if kind.item is not None:
        inner = kind.item
        return "、".join(
            f"【{words_of(inner, each)}】" if is_dataclass(inner.base) else words_of(inner, each)
            for each in said
        )
    if is_dataclass(kind.base):
        listed = []
        for key in keys(kind.base):
            each = getattr(said, key.attribute)
            if each == key.default and not key.required:
                continue
            inside = words_of(key.kind, each)
            nested = is_dataclass(key.kind.base) and not isinstance(each, Span)
            word = key_word(kind.base.__name__, key.name)
            listed.append(f"{word}【{inside}】" if nested else f"{word}：{inside}")
        return "，".join(listed)
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, Decimal):
        return number(said)
    if kind.words is not None:
        meanings = {word.removesuffix("_"): meaning for word, meaning in kind.words.words.items()}
        return meanings.get(said, str(said).removeprefix(kind.words.prefix))
    return str(said)
