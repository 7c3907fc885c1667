"""The six verdicts, worked out a second time: from the page of the national convention alone, not from our code.

As plain and slow as the page itself. It shares no line with the product, so that a mistake is made once only.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

Content = Mapping[str, str]
Key = tuple[str, int]
Row = Mapping[str, str]

REQUIRED = """areaCode deptCode taskCode taskName projectNo proStatus userName userProp userPageType acceptDate
serviceName serviceNumber serviceTime projectType"""
CODES = {
    "taskType": "01 05 07 08 09 10 20 99",
    "proStatus": "1 2 3",
    "projectType": "1 2",
    "promiseTime": "1 2",
    "promiseType": "0 1 2 3",
    "anticipateType": "0 1 2 3",
    "proChannel": "1 2",
    "userProp": "1 2 3 4 5 6 9",
    "userPageType": "111 414 511 516 001 821 999",
}
TIMES = ("acceptDate", "serviceTime", "resultDate")
SERVED_BY = {"windowNo", "proManager", "proManagerNo"}
TOLERANCE = timedelta(minutes=10)
# What stands in names in two widths.
WIDTHS = str.maketrans("（）：；，\u3000", "():;, ")


@dataclass(frozen=True)
class Registry:
    """The rows of the import files, by what identifies them; an empty date is an open end."""

    divisions: Sequence[Row]
    organisations: Sequence[Row]
    items: Sequence[Row]

    @staticmethod
    def valid(rows: Iterable[Row], day: date, **wanted: str) -> list[Row]:
        """The rows that hold on the day and say this."""
        return [
            row
            for row in rows
            if all(row[name] == value for name, value in wanted.items())
            and (row["valid_from"] or "0001-01-01") <= day.isoformat() <= (row["valid_to"] or "9999-12-31")
        ]


@dataclass(frozen=True)
class Verdict:
    """`fields` are all that must be named among the reasons."""

    verdict: str
    fields: frozenset[str] = frozenset()


@dataclass
class Oracle:
    """One platform's records in the order in which they come. `open_until` gives the instant from which the rating
    window of a content is closed."""

    registry: Registry
    now: datetime
    open_until: Callable[[Content], datetime]
    versions: dict[Key, list[Content]] = field(default_factory=dict)
    aside: dict[Key, list[tuple[Content, Verdict]]] = field(default_factory=dict)

    def verdict(self, line: bytes) -> Verdict:
        """What is due for the next line."""
        content = normalised(line)
        if content is None:
            return Verdict("rejected")
        if wrong := malformed(content):
            return Verdict("rejected", frozenset(wrong))
        key = key_of(content)
        known = self.versions.get(key, [])
        if content in known:
            return Verdict("repeated")
        for kept, why in self.aside.get(key, []):
            if kept == content:
                return why
        if known:
            if self.is_progress(known[-1], content):
                known.append(content)
                return Verdict("updated")
            return Verdict("conflicting", frozenset(differing(known[-1], content)))
        if doubts := self.suspicious(content):
            why = Verdict("quarantined", frozenset(doubts))
            self.aside.setdefault(key, []).append((content, why))
            return why
        self.versions[key] = [content]
        return Verdict("accepted")

    def is_progress(self, old: Content, new: Content) -> bool:
        """Status forward, result added, or window and staff corrected while the rating window is open."""
        changed = differing(old, new)
        if changed & SERVED_BY and self.now >= self.open_until(old):
            return False
        if "resultDate" in changed and "resultDate" in old:
            return False
        return changed <= {"proStatus", "resultDate"} | SERVED_BY and new["proStatus"] >= old["proStatus"]

    def suspicious(self, content: Content) -> set[str]:
        """The fields for which a well-formed content is kept aside."""
        found = {name for name in ("userName", "certKey", "certKeyGOV") if stand_in(content.get(name, ""))}
        times = {name: at for name in TIMES if (at := time_of(content.get(name, "")))}
        for name, at in times.items():
            if at > self.now + TOLERANCE or at < times["acceptDate"] - TOLERANCE:
                found.add(name)
        day, rows = times["serviceTime"].date(), self.registry
        if not rows.valid(rows.divisions, day, code=content["areaCode"]):
            found.add("areaCode")
        if not rows.valid(rows.organisations, day, credit_code=content["deptCode"]):
            found.add("deptCode")
        of_task = rows.valid(rows.items, day, task_code=content["taskCode"])
        if not of_task:
            found.add("taskCode")
        meant = of_task
        if "taskHandleItem" in content:
            meant = rows.valid(rows.items, day, handle_item=content["taskHandleItem"])
            if not meant or meant[0]["task_code"] != content["taskCode"]:
                found.add("taskHandleItem")
        if meant and plain(content["taskName"]) not in {plain(row["name"]) for row in meant}:
            found.add("taskName")
        return found

    def state(self) -> dict[Key, Content]:
        """The content at which every accepted occasion stands."""
        return {key: contents[-1] for key, contents in self.versions.items()}

    def disputed(self, lines: Iterable[bytes]) -> set[str]:
        """The cases of which two contents truly conflict, so that what comes first is what stands.

        Likewise those where a suspicious content would be progress: of a known key progress is asked first, of an
        unknown one suspicion.
        """
        contents: dict[Key, list[Content]] = {}
        for line in lines:
            content = normalised(line)
            if content is not None and not malformed(content):
                found = contents.setdefault(key_of(content), [])
                if content not in found:
                    found.append(content)
        return {
            project
            for (project, _), found in contents.items()
            if any(self._dispute(one, other) for one, other in permutations(found, 2))
        }

    def _dispute(self, one: Content, other: Content) -> bool:
        doubtful = bool(self.suspicious(one)), bool(self.suspicious(other))
        if doubtful == (False, False):
            return self.is_progress(one, other) == self.is_progress(other, one)
        return doubtful == (False, True) and self.is_progress(one, other)


def cases(state: Mapping[Key, Content]) -> dict[str, tuple[str, str, str]]:
    """Status, first acceptance and last result of every case: they belong to it, not to an occasion."""
    found: dict[str, tuple[str, str, str]] = {}
    for (project, _), content in state.items():
        status, accepted, result = found.get(project, ("1", "9999", ""))
        found[project] = (
            max(status, content["proStatus"]),
            min(accepted, content["acceptDate"]),
            max(result, content.get("resultDate", "")),
        )
    return found


def normalised(line: bytes) -> Content | None:
    """Numbers as strings, no surrounding blanks, nothing empty, six digits of the division; None for no record."""
    try:
        record: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    content = {name: str(value).strip() for name, value in record.items() if value is not None}
    content = {name: value for name, value in content.items() if value}
    area = content.get("areaCode", "")
    if len(area) == 12 and area.endswith("000000"):
        content["areaCode"] = area[:6]
    return content


def malformed(content: Content) -> set[str]:
    """The fields for which a record is rejected."""
    wrong = {name for name in REQUIRED.split() if name not in content}
    if "certKey" not in content and "certKeyGOV" not in content:
        wrong.add("certKey")
    if content.get("proStatus") == "3" and "resultDate" not in content:
        wrong.add("resultDate")
    wrong |= {name for name, codes in CODES.items() if name in content and content[name] not in codes.split()}
    wrong |= {name for name in TIMES if name in content and time_of(content[name]) is None}
    if not (content.get("areaCode", "000000").isdigit() and len(content.get("areaCode", "000000")) == 6):
        wrong.add("areaCode")
    if "deptCode" in content and not credit_code(content["deptCode"]):
        wrong.add("deptCode")
    wrong |= {
        name
        for name, length in (("taskCode", 31), ("taskHandleItem", 33))
        if len(content.get(name, "")) not in (0, length)
    }
    number = content.get("serviceNumber", "1")
    if not number.isdigit() or int(number) == 0:
        wrong.add("serviceNumber")
    for name in ("certKey", "certKeyGOV"):
        if name in content and not stand_in(content[name]) and not document(content, content[name]):
            wrong.add(name)
    return wrong


def document(content: Content, number: str) -> bool:
    """Whether a document's number can be one of its kind: 111 and 001 have a check character, the others none."""
    kind = content.get("userPageType")
    return resident_id(number) if kind == "111" else credit_code(number) if kind == "001" else True


def stand_in(value: str) -> bool:
    """0, 无, or one character repeated."""
    return value in ("0", "无") or (len(value) > 1 and value == value[0] * len(value))


def time_of(text: str) -> datetime | None:
    """A time that exists, in Asia/Shanghai."""
    try:
        read = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
        return read.replace(tzinfo=ZoneInfo("Asia/Shanghai")) if len(text) == 19 else None
    except ValueError:
        return None


def resident_id(number: str) -> bool:
    """GB 11643: the check character, and a date of birth that exists."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    if time_of(f"{number[6:10]}-{number[10:12]}-{number[12:14]} 00:00:00") is None:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return number[17].upper() == "10X98765432"[total % 11]


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(code: str) -> bool:
    """GB 32100: 18 characters of which the last one checks the others."""
    return len(code) == 18 and all(letter in ALPHABET for letter in code) and code == checked(code[:17])


def checked(body: str) -> str:
    """A credit code out of its first 17 characters."""
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(ALPHABET.index(letter) * weight for letter, weight in zip(body, weights, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def plain(name: str) -> str:
    """A name without the differences that are none: widths of brackets and separators, blanks."""
    return "".join(name.translate(WIDTHS).split())


def differing(one: Content, other: Content) -> set[str]:
    """The fields that two contents do not have alike."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def key_of(content: Content) -> Key:
    """The natural key within a platform."""
    return content["projectNo"], int(content["serviceNumber"])
