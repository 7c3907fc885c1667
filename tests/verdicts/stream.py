"""What careless senders of the second city report: late, twice, out of order, with dummies, by old codes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.verdicts import second_city as city
from tests.verdicts.oracle import checked

Record = dict[str, Any]

PEOPLE = (
    {"userName": "何然涛", "userProp": "1", "userPageType": "111", "certKey": "11010519491231002X"},
    {
        "userName": "示例商贸有限公司",
        "userProp": "2",
        "userPageType": "001",
        "certKey": checked("91610100MA6TG4AW1"),
    },
    {"userName": "John Smith", "userProp": "1", "userPageType": "414", "certKey": "E12345678"},
    {"userName": "王芳", "userProp": "9", "userPageType": "999", "certKeyGOV": "GOV-1"},
)
DIVISIONS = ("610100", "610102", "610117", "610126", "610116", "610125", "610199")
NOT_SENT = object()


def stream(random: Random, length: int) -> list[bytes]:
    """So many lines of a few cases, each with several occasions and versions."""
    keys = max(1, length // 4)
    told: list[Record] = []
    lines = []
    for _ in range(length):
        if told and random.random() < 0.55:
            record = changed(random, random.choice(told))
        else:
            record = served(random, f"P{random.randrange(keys)}", str(random.randrange(1, 4)))
            if random.random() < 0.4:
                record = changed(random, record)
        told.append(record)
        lines.append(broken(random, record) if random.random() < 0.04 else spelt(random, record))
    return lines


def served(random: Random, project_no: str, number: str) -> Record:
    """An occasion that is in order, of a day between two months ago and now. The same key is mostly the same service."""
    own = Random(f"{project_no} {number} {random.randrange(8) == 0}")
    at = city.NOW - timedelta(minutes=own.randrange(20, 60 * 24 * (20 if own.random() < 0.8 else 60)))
    day = at.date()
    rows = city.registry()
    item = own.choice([row for row in rows.items if row in rows.valid(rows.items, day)])
    organisation = rows.valid(rows.organisations, day, credit_code=item["organisation"])[0]
    record: Record = {
        "areaCode": organisation["division"],
        "deptCode": organisation["credit_code"],
        "taskType": item["task_type"],
        "taskCode": item["task_code"],
        "taskHandleItem": item["handle_item"],
        "taskName": item["name"],
        "projectNo": project_no,
        "projectName": item["name"],
        "proStatus": own.choice("1223"),
        "mobile": "13888012345",
        **own.choice(PEOPLE),
        "acceptDate": written(at - timedelta(minutes=own.randrange(-9, 60))),
        "promiseDay": "5",
        "promiseType": "1",
        "proChannel": own.choice("12"),
        "promiseTime": "1",
        "windowNo": own.choice(("W1", "W2", "W3")),
        "proManagerNo": own.choice(("S1", "S2", "S3")),
        "serviceName": "受理",
        "serviceNumber": number,
        "serviceTime": written(at),
        "projectType": own.choice("12"),
        "dataSource": own.choice(("001", "002")),
    }
    if own.random() < 0.2:
        del record["taskHandleItem"]
    if record["proStatus"] == "3":
        record["resultDate"] = record["serviceTime"]
    return record


def written(at: datetime) -> str:
    return f"{at.astimezone(city.NOW.tzinfo):%Y-%m-%d %H:%M:%S}"


def changed(random: Random, record: Record) -> Record:
    """The same record later on: as it was, further, corrected, or spoilt in one or two ways."""
    if random.random() < 0.3:
        return dict(record)
    changes: Record = {}
    for _ in range(random.choice((1, 1, 2))):
        changes |= random.choice(CHANGES)(random, record)
    return {name: value for name, value in (record | changes).items() if value is not NOT_SENT}


def _finished(random: Random, record: Record) -> Record:
    shift = random.choice((0, 0, 30, -9, -600, 60 * 24 * 90))
    at = datetime.fromisoformat(str(record.get("serviceTime", "2026-11-01 10:00:00"))[:19].replace("T", " "))
    return {"proStatus": "3", "resultDate": f"{at + timedelta(minutes=shift):%Y-%m-%d %H:%M:%S}"}


def _safe(change: Callable[[Random, Record], Record]) -> Callable[[Random, Record], Record]:
    """The change, none where the record was spoilt before."""

    def made(random: Random, record: Record) -> Record:
        try:
            return change(random, record)
        except (KeyError, ValueError, OverflowError):
            return {}

    return made


def _moved(name: str, minutes: int) -> Callable[[Random, Record], Record]:
    def change(_: Random, record: Record) -> Record:
        at = datetime.fromisoformat(str(record[name])) + timedelta(minutes=minutes)
        return {name: f"{at:%Y-%m-%d %H:%M:%S}"}

    return _safe(change)


def _one(name: str, *values: Any) -> Callable[[Random, Record], Record]:
    return lambda random, _: {name: random.choice(values)}


CHANGES: tuple[Callable[[Random, Record], Record], ...] = (
    *[_safe(_finished)] * 5,
    _one("proStatus", "1", "2", "3", 2),
    _one("windowNo", "W1", "W2", "W3", "W9", NOT_SENT),
    _one("proManagerNo", "S1", "S2", NOT_SENT),
    _one("proManager", "王芳", "李静"),
    _one("projectName", "变更", NOT_SENT),
    _one("serviceNumber", 1, "2", 3, "0", "-1", "一", "1.5"),
    _one("userName", "无", "0", "1111", " ", "何然涛"),
    _one(
        "certKey", "0", "无", "111111111111111111", "110105194912310021", "11010519491331002X", "", NOT_SENT
    ),
    _one("certKeyGOV", "0", "GOV-2", NOT_SENT),
    _one("areaCode", *DIVISIONS, *(f"{code}000000" for code in DIVISIONS), "61010", "610102001000", 610102),
    _one("deptCode", city.CLOSED, city.FOUNDED, checked("11610900MB1234567"), "1" * 18, city.POLICE.lower()),
    _one("taskCode", f"{city.POLICE}2061010000001", "9" * 31, "9" * 30),
    _one("taskHandleItem", f"{city.POLICE}206101000000101", "9" * 33, "9" * 32, NOT_SENT),
    _one(
        "taskName",
        "与事项库不符的名称",
        "户口迁移(省内)",
        "户口迁移（省外）",
        "居民身份证补领",
        "居民身份证 补办",
    ),
    _moved("serviceTime", -120),
    _moved("serviceTime", -12),
    _moved("serviceTime", 60 * 24 * 20),
    _moved("acceptDate", 60 * 24 * 90),
    _one("serviceTime", "2026-11-09 23:59:59", "2026-11-10 00:00:00", "2026-02-30 10:00:00", "2026-11-16"),
    _one(
        "acceptDate",
        "1900-01-01 00:00:00",
        "1970-01-01 08:00:00",
        "9999-12-31 23:59:59",
        "0000-00-00 00:00:00",
    ),
    _one("resultDate", NOT_SENT, "昨天", "2026-11-20 10:00:00", "9999-12-31 23:59:59"),
    _one("userProp", "8", 1, "6"),
    _one("userPageType", "111", "112", 111, "001"),
    _one("proChannel", "3", 1, NOT_SENT),
    _one("promiseType", "4", 0, "3"),
    _one("taskType", "02", "20"),
    _one("acceptDate", NOT_SENT, None),
    _one("remark", "自定义字段", 7),
)


def spelt(random: Random, record: Record) -> bytes:
    """The same record, as another program might write it."""
    items = list(record.items())
    if random.random() < 0.3:
        random.shuffle(items)
        items = [(name, _respelt(random, name, value)) for name, value in items]
        items.append(("handleUserName", random.choice(("", None, "  "))))
    return json.dumps(dict(items), ensure_ascii=random.random() < 0.5).encode()


def _respelt(random: Random, name: str, value: Any) -> Any:
    text = str(value)
    if name == "areaCode" and random.random() < 0.5:
        return (
            text[:6]
            if len(text) == 12 and text.endswith("000000")
            else f"{text}000000"
            if len(text) == 6
            else text
        )
    if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and random.random() < 0.5:
        return int(text)
    return f"{random.choice(('', ' ', chr(0x3000)))}{value}{random.choice(('', '  '))}" if value else value


def broken(random: Random, record: Record) -> bytes:
    """A line that is no record."""
    line = json.dumps(record).encode()
    return random.choice(
        (line[: random.randrange(1, len(line) - 1)], b"null", b'"x"', b"[]", b"7", line + line)
    )
