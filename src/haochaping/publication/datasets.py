"""What a public page shows, for programs: one set of rows, written as JSON with all that is to be known of it, or CSV."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from io import StringIO
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from haochaping.foundation.sheets.escapes import csv_text

FORMS: Final = ("json", "csv")
_TYPES: Final[Mapping[str, str]] = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class DataSet:
    """`name` stays the same for ever, and so do those of `columns`, which are told with what each means, in their order.
    Cells are text, whole numbers, lists of text, booleans or None.

    `cut_off`: as of when; `period`: which days of service it counts, an open end None; both None where it counts nothing.
    `about`: what else is to be known of the whole, with `words` for each of its names.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    cut_off: datetime | None = None
    period: tuple[date | None, date | None] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A file for a browser: its name, its media type, its text."""

    name: str
    media: str
    text: str


def written(data: DataSet, form: str) -> Written:
    """`form` is one of FORMS; raises KeyError for another."""
    name, media = f"haochaping-{data.name}.{form}", _TYPES[form]
    return as_json(name, as_object(data)) if form == "json" else Written(name, media, _as_csv(data))


def as_json(name: str, said: Mapping[str, Any]) -> Written:
    """An object as a file."""
    return Written(name, _TYPES["json"], json.dumps(said, ensure_ascii=False, indent=1))


def as_object(data: DataSet) -> dict[str, Any]:
    """The object that JSON holds. `digest` is that of `rows`: SHA-256 of JSON with keys in order, no spaces, UTF-8."""
    rows = [dict(row) for row in data.rows]
    first, last = data.period or (None, None)
    return {
        "dataset": data.name,
        "title": data.title,
        "licence": settings.OPEN_DATA_LICENCE or None,
        "cut_off": data.cut_off.isoformat() if data.cut_off else None,
        "period": None
        if data.period is None
        else {"first": first and first.isoformat(), "last": last and last.isoformat()},
        **data.about,
        "digest": digest_of_rows(rows),
        "rows": rows,
        "dictionary": {**_words(), **data.words, **data.columns},
    }


def digest_of_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 in hex of the rows, written the one way that the digests of publications are."""
    said = json.dumps(list(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def _as_csv(data: DataSet) -> str:
    file = StringIO()
    lines = csv.writer(file, quoting=csv.QUOTE_ALL)
    lines.writerow(data.columns)
    for row in data.rows:
        lines.writerow(csv_text(cell(row.get(name))) for name in data.columns)
    return _BYTE_ORDER_MARK + file.getvalue()


def cell(value: object) -> str:
    """A cell of CSV: nothing for None, "true" and "false", lists with bars between."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "|".join(map(str, value))
    return str(value)


def _words() -> dict[str, str]:
    """What the names mean that every set has."""
    return {
        "dataset": _("数据集的名称，不会改变"),
        "title": _("数据集的标题"),
        "licence": _("使用这些数据的许可；空值表示没有规定"),
        "cut_off": _("数据截至的时间"),
        "period": _("按提供服务的日期，统计从哪一天到哪一天；空值表示不限"),
        "digest": _("rows 的摘要：写成 JSON（键按字母顺序，不加空格，文字用 UTF-8 原样书写），计算 SHA-256"),
        "rows": _("数据，一行一个对象"),
        "dictionary": _("本文件中每个名称的含义"),
    }
