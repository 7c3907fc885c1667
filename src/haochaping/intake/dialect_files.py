"""Reads a dialect out of its file (TOML, or JSON of the same form), with all that is wrong in it at once. Pure."""

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final
from uuid import UUID

from haochaping.cases.rules import fault_of
from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.dialect_times import Read, pattern
from haochaping.intake.dialects import SEPARATORS, Dialect, DivisionCode, Reading
from haochaping.policy.tags import Tags

FORMAT: Final = 1
LONGEST_TEXT: Final = 256 * 1024
# Which code lists of a reported occasion senders are seen to turn round.
OCCASION_CODES: Final = (
    *("promiseTime", "projectType", "proChannel", "proStatus", "promiseType", "anticipateType"),
    *("taskType", "userProp", "userPageType", "handleUserPageType"),
    *("caseForm", "serviceStage", "groupRole"),
)
RATING_CODES: Final[Mapping[str, Collection[str]]] = {
    "satisfaction": "12345",
    "staffSatisfaction": "12345",
    "pf": "1234567",
    "named": "01",
    "isdefault": "01",
}
# Where something may stand for nothing. Not in the key, nor where a name must be: what is missing there is told.
ABSENT: Final = (
    *("certKey", "certKeyGOV", "mobile", "projectName", "proManager", "proManagerNo", "windowNo", "orgcode"),
    *("orgName", "proDepart", "creditNum", "creditType", "subMatter", "taskHandleItem", "handleUserName"),
    *("handleUserPageCode", "handleUserPageType", "resultDate", "deliveryDate", "promiseDay"),
    *("anticipateDay", "proChannel", "caseForm", "serviceStage", "groupNo", "groupRole", "groupSize"),
)
FOLDED: Final = (
    *("taskName", "projectName", "serviceName", "orgName", "proDepart", "proManager", "subMatter"),
    *("userName", "certKey", "certKeyGOV", "mobile", "taskCode", "taskHandleItem", "deptCode", "areaCode"),
    *("windowNo", "proManagerNo"),
)
_LONGEST_TOLERANCE = 24 * 60
_SECTIONS: Final[Mapping[str, Collection[str]]] = {
    "": ("format", "about", "occasions", "ratings", "sources", "columns"),
    "occasions": ("codes", "absent", "fold_width", "times", "divisions", "order_tolerance_minutes"),
    "ratings": ("codes", "tags", "tag_separators", "assess_number"),
}


class _Finder:
    """Walks the file and keeps what is wrong, each with its place in dots."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, words: str, code: str = "value") -> None:
        self.problems.append(Problem(place, code, words))

    def table(self, value: object, place: str, known: Collection[str] | None = None) -> dict[str, Any]:
        """The table, without the keys that are not known here."""
        if not isinstance(value, dict):
            self.wrong(place, "应为一张表（TOML的[表]，JSON的对象）。")
            return {}
        for key in [key for key in value if known is not None and key not in known]:
            near = get_close_matches(key, known or (), n=1)
            hint = f"是否指“{near[0]}”？" if near else ""
            words = f"没有这个键。{hint}可用的键：{'、'.join(known or ())}。"
            self.wrong(_at(place, key), words, "unknown_key")
        return {key: each for key, each in value.items() if known is None or key in known}

    def texts(self, value: object, place: str, known: Collection[str] | None = None) -> list[str]:
        """A list of texts, each out of `known` if that is given."""
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            self.wrong(place, '应为文本的列表，例如 ["a", "b"]，不能有空文本。')
            return []
        if strange := [each for each in value if known is not None and each not in known]:
            self.wrong(place, f"不能用于这里：{'、'.join(strange)}。可用：{'、'.join(known or ())}。")
        return value


def read(text: str, *, tags: Tags, dialect_id: UUID | None = None) -> Dialect:
    """The dialect in a file's text. Raises Invalid with every problem; `field` is the place, in dots."""
    find = _Finder()
    raw = find.table(_parsed(text), "", _SECTIONS[""])
    if raw.get("format") != FORMAT or isinstance(raw.get("format"), bool):
        find.wrong("format", f"必须写明格式版本：format = {FORMAT}。", "required")
    if not isinstance(raw.get("about"), str) or not raw["about"].strip():
        find.wrong(
            "about", "必须写明依据：由谁、根据什么确定，例如“厂商接口文档第3版，2026年11月核对”。", "required"
        )
    base: dict[str, Any] = {name: raw[name] for name in ("occasions", "ratings") if name in raw}
    reading = _reading(find, base, "", tags)
    for_all = set(find.problems)
    sources = {}
    for source, own in find.table(raw.get("sources", {}), "sources").items():
        place = f"sources.{source}"
        given = find.table(own, place, ("occasions", "ratings"))
        own_find = _Finder()
        sources[source] = _reading(own_find, _merged(base, given), "", tags)
        # What is wrong for all is told once, not for each source again.
        find.problems += [
            Problem(_at(place, each.field), each.code, each.message)
            for each in own_find.problems
            if each not in for_all
        ]
    columns = _columns(find, raw.get("columns", {}))
    if find.problems:
        raise Invalid(find.problems)
    return Dialect(dialect_id, reading, sources, columns)


def _parsed(text: str) -> object:
    """Raises Invalid for what is neither TOML nor JSON, with the place."""
    if len(text) > LONGEST_TEXT:
        raise Invalid([Problem("", "too_long", "文件过大：对照表最多256 KB。")])
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise Invalid([Problem("", "unreadable", f"不是完整的TOML或JSON：{error}。")]) from None
    except (RecursionError, ValueError):
        raise Invalid([Problem("", "unreadable", "不是完整的TOML或JSON：嵌套过深或数值超出范围。")]) from None


def _reading(find: _Finder, raw: Mapping[str, Any], prefix: str, tags: Tags) -> Reading:
    at = _at(prefix, "occasions")
    occasions = find.table(raw.get("occasions", {}), at, _SECTIONS["occasions"])
    here = _at(prefix, "ratings")
    ratings = find.table(raw.get("ratings", {}), here, _SECTIONS["ratings"])
    codes = find.table(occasions.get("codes", {}), f"{at}.codes", OCCASION_CODES)
    absent = find.table(occasions.get("absent", {}), f"{at}.absent", ABSENT)
    levels = find.table(ratings.get("codes", {}), f"{here}.codes", RATING_CODES)
    meaning = ratings.get("assess_number", "rating")
    if meaning not in ("rating", "service_number"):
        find.wrong(f"{here}.assess_number", "只能是“rating”（第几次评价）或“service_number”（服务次数）。")
    read = {name: _codes(find, levels[name], f"{here}.codes.{name}", name) for name in levels}
    # Pressed on the same keys: whoever turns the one scale round turns the other.
    if "satisfaction" in read:
        read.setdefault("staffSatisfaction", read["satisfaction"])
    return Reading(
        occasions={name: _codes(find, codes[name], f"{at}.codes.{name}", name) for name in codes},
        absent={name: frozenset(find.texts(absent[name], f"{at}.absent.{name}")) for name in absent},
        folded=tuple(find.texts(occasions.get("fold_width", []), f"{at}.fold_width", FOLDED)),
        times=tuple(_times(find, occasions.get("times", []), f"{at}.times")),
        divisions=tuple(_divisions(find, occasions.get("divisions", []), f"{at}.divisions")),
        order_tolerance=_tolerance(find, occasions, at),
        ratings=read,
        tags=_tag_codes(find, ratings.get("tags", {}), f"{here}.tags", tags),
        separators=_separators(find, ratings.get("tag_separators", []), f"{here}.tag_separators"),
        assess_number_is_service=meaning == "service_number",
    )


def _columns(find: _Finder, raw: object) -> dict[str, str]:
    """Title = field. One field has one title, or two columns of a table would be it."""
    columns = find.table(raw, "columns")
    for title, name in columns.items():
        if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
            find.wrong(
                _at("columns", title), "等号右边应为数据规范的字段名（加引号的文本），例如 projectNo。"
            )
    for name in {name for name in columns.values() if list(columns.values()).count(name) > 1}:
        find.wrong("columns", f"有几列都对应字段“{name}”：一个字段只能对应一列。", "overlap")
    return columns


def _codes(find: _Finder, raw: object, place: str, name: str) -> dict[str, str]:
    """A code list: sent = meant. What it means must be a code of the convention."""
    codes = find.table(raw, place)
    for sent, meant in codes.items():
        known = meant in tuple(RATING_CODES[name]) if name in RATING_CODES else _is_code(name, meant)
        if not known:
            find.wrong(
                _at(place, sent), "等号右边应为数据规范代码表内的代码（加引号的文本）。", "unknown_code"
            )
    if not codes:
        find.wrong(place, "代码表为空：请列出该系统发送的每个代码，或删除此表。")
    return codes


def _is_code(name: str, meant: object) -> bool:
    return isinstance(meant, str) and fault_of(name, meant) is None


def _tag_codes(find: _Finder, raw: object, place: str, tags: Tags) -> dict[str, str]:
    codes = find.table(raw, place)
    for sent, meant in codes.items():
        if not isinstance(meant, str) or tags.decode(meant) is None:
            find.wrong(_at(place, sent), "等号右边应为评价标签库中的编码（加引号的文本）。", "unknown_code")
    return codes


def _separators(find: _Finder, raw: object, place: str) -> str:
    given = find.texts(raw, place)
    if any(len(each) != 1 or each.isalnum() for each in given):
        find.wrong(place, "每个分隔符应为一个字符，且不是字母或数字。")
    return SEPARATORS + "".join(given)


def _times(find: _Finder, raw: object, place: str) -> Iterator[Read]:
    for text in find.texts(raw, place):
        reader = pattern(text)
        if reader is None:
            find.wrong(
                place, f"“{text}”不是时间格式：由 yyyy MM dd HH mm ss（可加 SSS XXX）组成，或 unix、unix_ms。"
            )
        else:
            yield reader


def _divisions(find: _Finder, raw: object, place: str) -> Iterator[DivisionCode]:
    if not isinstance(raw, list):
        find.wrong(place, "应写作 [[…divisions]]，每条一段。")
        return
    seen: list[DivisionCode] = []
    for number, each in enumerate(raw, start=1):
        here = f"{place}.{number}"
        row = find.table(each, here, ("sent", "means", "from", "to"))
        made = DivisionCode(
            str(row.get("sent", "")),
            str(row.get("means", "")),
            _day(row, "from", date.min),
            _day(row, "to", date.max),
        )
        if any(len(code) != 6 or fault_of("areaCode", code) for code in (made.sent, made.means)):
            find.wrong(here, "sent 和 means 应为6位行政区划代码（加引号的文本）。")
        if not all(_is_day(row.get(name)) for name in ("from", "to")) or made.start > made.end:
            find.wrong(here, "from、to 应为日期（如 2017-01-01，含当日），且 from 不晚于 to。")
        if any(made.sent == one.sent and made.start <= one.end and one.start <= made.end for one in seen):
            find.wrong(here, "同一代码的时间段与前面的重叠：每一天只能有一种含义。", "overlap")
        seen.append(made)
        yield made


def _is_day(value: object) -> bool:
    if isinstance(value, str):  # JSON has no dates
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return value is None or (isinstance(value, date) and not isinstance(value, datetime))


def _day(row: Mapping[str, Any], name: str, otherwise: date) -> date:
    value = row.get(name)
    if value is None or not _is_day(value):
        return otherwise
    return date.fromisoformat(value) if isinstance(value, str) else value


def _tolerance(find: _Finder, occasions: Mapping[str, Any], place: str) -> timedelta | None:
    minutes = occasions.get("order_tolerance_minutes")
    if minutes is None:
        return None
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= _LONGEST_TOLERANCE:
        find.wrong(f"{place}.order_tolerance_minutes", f"应为0至{_LONGEST_TOLERANCE}之间的整数（分钟）。")
        return None
    return timedelta(minutes=minutes)


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], depth: int = 2) -> dict[str, Any]:
    """What a source lays down for itself takes the place of what holds for all: list by list, code list by code list."""
    result = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value, depth - 1) if both and depth else value
    return result


def _at(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
