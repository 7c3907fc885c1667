"""A second city, invented: its divisions, offices and items change in the very weeks in which its senders report."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from haochaping.foundation.clock import CN
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from tests.verdicts.oracle import Content, Oracle, Registry, Row, checked, time_of

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CN)
# The rating window of its rules: so many natural days after the service, the day of the service not counted.
WINDOW_DAYS = 10
RULES = """
[jurisdiction]
name = "示例办法"
layer = "operator"
applies_to = ["610100"]
[documents.d]
title = "示例办法"
[[window]]
from = 2020-01-01
document = "d"
article = "第一条"
value = { n = 10, unit = "calendar_day", after = "service", count_first = false }
"""
CHANGE = "2026-11-10"
BEFORE = "2026-11-09"
AUTHORITY, POLICE, COUNTY, CLOSED, FOUNDED = (
    checked(f"1161{number:02}00MB{number * 1_234_567 + 1_000_000}"[:17]) for number in range(1, 6)
)

FILES: dict[str, tuple[str, list[str]]] = {
    "divisions": (
        "code,name,parent,level,valid_from,valid_to,successor",
        [
            "610000,示例省,,province,,,",
            "610100,示例市,610000,prefecture,,,",
            "610102,新城区,610100,county,,,",
            # A county becomes a district under another code, two others keep their codes: one is renamed, one ends.
            f"610126,高陵县,610100,county,,{BEFORE},610117",
            f"610117,高陵区,610100,county,{CHANGE},,",
            f"610116,长安县,610100,county,,{BEFORE},",
            f"610116,长安区,610100,county,{CHANGE},,",
            "610125,户县,610100,county,,2026-11-15,610102",
        ],
    ),
    "organisations": (
        "credit_code,name,division,kind,valid_from,valid_to",
        [
            f"{AUTHORITY},示例市政务服务管理局,610100,authority,2019-01-01,",
            f"{POLICE},示例市公安局,610100,department,2019-01-01,",
            # The same office before and after its county was renamed.
            f"{COUNTY},高陵县民政局,610126,department,2019-01-01,{BEFORE}",
            f"{COUNTY},高陵区民政局,610117,department,{CHANGE},",
            f"{CLOSED},示例市旅游局,610100,department,2019-01-01,{BEFORE}",
            f"{FOUNDED},示例市文化和旅游局,610100,department,{CHANGE},",
        ],
    ),
    "halls": (
        "code,name,division,valid_from,valid_to",
        ["H1,示例市政务服务中心,610100,,", "H2,新城区政务服务中心,610102,,"],
    ),
    "windows": (
        "code,name,hall,organisation,valid_from,valid_to",
        [f"W1,1号窗口,H1,{POLICE},,", f"W2,2号窗口,H1,{POLICE},,", f"W3,3号窗口,H2,{COUNTY},,{BEFORE}"],
    ),
    "staff": (
        "code,name,organisation,window,valid_from,valid_to",
        [f"S1,王芳,{POLICE},W1,,", f"S2,李静,{POLICE},W2,,", f"S3,张伟,{COUNTY},W3,,"],
    ),
    "items": (
        "task_code,handle_item,name,task_type,organisation,project_type,valid_from,valid_to",
        [
            # Two handling items under one implementing code, told apart by their names alone.
            f"{POLICE}0761010000000,{POLICE}076101000000001,户口迁移（省内）,07,{POLICE},即办件,,",
            f"{POLICE}0761010000000,{POLICE}076101000000002,户口迁移（省外）,07,{POLICE},承诺件,,",
            # Renamed, ended, begun, handed over to another office.
            f"{POLICE}2061010000001,{POLICE}206101000000101,居民身份证补领,20,{POLICE},承诺件,,{BEFORE}",
            f"{POLICE}2061010000001,{POLICE}206101000000101,居民身份证补办,20,{POLICE},承诺件,{CHANGE},",
            f"{COUNTY}0561010000002,{COUNTY}056101000000201,老年人优待证办理,05,{COUNTY},即办件,,{BEFORE}",
            f"{COUNTY}0561010000003,{COUNTY}056101000000301,老年人优待证办理,05,{COUNTY},即办件,{CHANGE},",
            f"{CLOSED}0161010000004,{CLOSED}016101000000401,导游证核发,01,{CLOSED},承诺件,,{BEFORE}",
            f"{CLOSED}0161010000004,{CLOSED}016101000000401,导游证核发,01,{FOUNDED},承诺件,{CHANGE},",
        ],
    ),
}


def rows(name: str) -> list[Row]:
    """One of the import files."""
    header, lines = FILES[name]
    return list(csv.DictReader([header, *lines]))


def registry() -> Registry:
    """As the oracle asks it."""
    return Registry(rows("divisions"), rows("organisations"), rows("items"))


def oracle() -> Oracle:
    """For one sender, from the beginning."""
    return Oracle(registry(), NOW, open_until)


def open_until(content: Content) -> datetime:
    """From when on an occasion cannot be rated any more, by RULES."""
    served = time_of(content["serviceTime"])
    assert served is not None
    midnight = served.astimezone(CN).replace(hour=0, minute=0, second=0)
    return midnight + timedelta(days=WINDOW_DAYS + 1)


def write(folder: Path, rules: Path) -> None:
    """The import files, and the rules as a directory of rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, lines) in FILES.items():
        (folder / f"{name}.csv").write_text("\n".join((header, *lines, "")), encoding="utf-8")
    profile = rules / "jurisdictions" / "example"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "profile.toml").write_text(RULES, encoding="utf-8")


def rulebook(rules: Path) -> Rulebook:
    """The product's rules with RULES on top, which `write` has written there."""
    return Rulebook.of(RuleDirs.with_operator((rules,), None))


@cache
def directory() -> Directory:
    """The same rows as the product's copy in memory, without a database."""
    ids = {
        name: {code: number for number, code in enumerate(dict.fromkeys(_codes(name)), start=1)}
        for name in FILES
    }

    def made(name: str, *columns: Any) -> Iterator[tuple[Any, ...]]:
        for row, code in zip(rows(name), _codes(name), strict=True):
            span = (date.fromisoformat(row[end]) if row[end] else None for end in ("valid_from", "valid_to"))
            yield *span, ids[name][code], code, row["name"], *(column(row) for column in columns)

    def of(name: str, column: str) -> Any:
        return lambda row: ids[name].get(row[column])

    def text(column: str) -> Any:
        return lambda row: row[column]

    return Directory(
        edition=1,
        divisions=made("divisions", text("level"), of("divisions", "parent"), of("divisions", "successor")),
        organisations=made("organisations", of("divisions", "division"), text("division"), text("kind")),
        halls=made("halls", of("divisions", "division"), text("division")),
        windows=made("windows", of("halls", "hall"), of("organisations", "organisation")),
        staff=made("staff", of("organisations", "organisation"), of("windows", "window")),
        items=made(
            *("items", text("task_code"), text("task_type")),
            *(of("organisations", "organisation"), text("project_type")),
        ),
    )


def _codes(name: str) -> list[str]:
    column = {"organisations": "credit_code", "items": "handle_item"}.get(name, "code")
    return [row[column] for row in rows(name)]
