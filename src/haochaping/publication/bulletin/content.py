"""What the bulletin says of one publication: made out of its record alone, so that it says nothing that was not published.

Chinese, whatever the language of who asks: it is one document and has one digest.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import override

from haochaping.foundation.clock import local_day
from haochaping.publication import words
from haochaping.publication.bulletin.fields import TITLE
from haochaping.publication.queries.charts import ChartView
from haochaping.publication.ranking import COUNTS, SHARES
from haochaping.scoring import words as scored

_KINDS: Final = {"region": "regions", "organisation": "departments"}
_COUNTED: Final[Mapping[str, str]] = {
    "occasions": "办件服务",
    "ratings": "主动评价",
    "good": "好评",
    "bad": "差评",
    "defaults": "默认评价",
    "unrated": "未评",
}
# Of each share its name, and what is divided by what.
_SHARED: Final[Mapping[str, tuple[str, str]]] = {
    "good_active": ("主动好评率", "好评 ÷ 主动评价。默认评价不计在内。"),
    "good_inclusive": (
        "含默认好评率",
        "（好评 + 默认为基本满意及以上的）÷（主动评价 + 默认评价）。",
    ),
    "participation": ("主动评价率", "主动评价 ÷ 办件服务。"),
    "unrated_share": ("未评率", "未评 ÷ 办件服务。未评的不算好评，也不算差评。"),
    "default_share": ("默认评价占比", "默认评价 ÷ 办件服务。"),
    "rectified_in_time": ("按时整改率", "按时整改的差评工单 ÷ 到期的差评工单。"),
    "revisit_satisfied": ("回访满意率", "回访中表示满意的 ÷ 回访中作出回答的。"),
    "overturned": ("异议成立率", "成立的异议 ÷ 提出的异议。"),
}
_INTERVAL: Final = (
    "真实的好评率有95%的把握在这个区间内（克洛珀—皮尔逊精确区间，两端向外取整）；评价越少，区间越宽。"
)
_SIMILAR: Final = "与评价数量相近的单位相比的名次；主动评价不足20条的不排。"
_VERIFY: Final = (
    "在政务服务“好差评”网站的“公布”中，按编号找到这份公布，下载 JSON。",
    "把其中的 record 写成 JSON（键按字母顺序，不加空格，文字用 UTF-8 原样书写），计算 SHA-256，应当等于本通报所载的摘要。",
    "本通报 PDF 和 Word 文件的 SHA-256 写在该页上，下载的文件应当与它一致；改动过的文件不再一致。",
    "公布的内容有变化的，另行公布更正，该页会指明。内容以公布的记录为准。",
)
# A bar in signs that every Chinese font has: so many for the whole.
_SIGNS: Final = 20
# Millimetres that a picture has on a page beside its heading.
_WIDEST: Final = 110
_TALLEST: Final = 215


def content(
    record: Mapping[str, Any], digest: str, charts: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The fields of the bulletin (`bulletin.fields`) of a record with its digest; `charts` as `chart_fields` has them."""
    with override("zh-hans"):
        rows = {
            _KINDS[kind]: [_row(each) for each in found if "counts" in each]
            for kind, found in record["rows"].items()
            # Who is published by name stands in the rankings alone.
            if kind in _KINDS
        }
        return {
            **_head(record, digest),
            "totals": _totals(record),
            "charts": list(charts),
            "regions": [],
            "departments": [],
            **rows,
            "rankings": list(_rankings(record)),
            "withheld": [
                {"name": each["name"], "kind": words.kind(each["kind"]), "why": words.why(each["why"])}
                for each in record["withheld"]
            ],
            "uncounted": [f"{key}：{scored.fact(what)}" for key, what in record["uncounted"].items()],
            "counted": _counted(record),
            "verify": list(_VERIFY),
        }


def chart_fields(chart: ChartView, png: bytes = b"") -> dict[str, Any]:
    """A stored picture as a template has it: `svg` for the PDF; with `png`, `picture` for Word. `wide`: in millimetres, so
    that it stands on one page."""
    told, wide = chart.told, min(_WIDEST, _TALLEST * chart.width // (chart.height or 1))
    said = {"name": chart.name, "title": told["title"], "note": told["note"], "alt": told["description"]}
    picture = {"png": b64encode(png).decode(), "alt": told["description"], "wide": wide}
    return {**said, "wide": wide, "svg": "" if png else chart.svg, "picture": picture if png else ""}


def _head(record: Mapping[str, Any], digest: str) -> dict[str, str]:
    period, source = record["period"], record["source"]
    return {
        "title": f"{record['place']}{period['name']}{TITLE}",
        "place": record["place"],
        "period": period["name"],
        "first_day": _told(date.fromisoformat(period["first"])),
        "last_day": _told(date.fromisoformat(period["last"])),
        # Publications of the first days do not name it.
        "publisher": record.get("publisher", ""),
        "number": record["number"],
        "published_on": _told(local_day(datetime.fromisoformat(record["published_at"]))),
        "corrects": record["corrects"] or "",
        "cut_off": _told(local_day(datetime.fromisoformat(source["cut_off"]))),
        "rules": source["rules"],
        "rules_version": source["rules_version"],
        "run": source["run"],
        "digest": digest,
        "before": record["before"],
        "least": str(record["least"]),
    }


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _totals(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """The figures of the place itself, where they are published."""
    own = (each for each in record["rows"].get("region", ()) if each["name"] == record["place"])
    found: Mapping[str, Any] = next(own, {})
    if "counts" not in found:
        return []
    row = _row(found)
    counts = [{"label": label, "value": row[name]} for name, label in _COUNTED.items()]
    shares = [{"label": label, "value": row[name]} for name, (label, _how) in _SHARED.items()]
    return [*counts, *shares, {"label": "主动好评率的95%区间", "value": row["interval"]}]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    counts, shares, ends = row["counts"], row["shares"], row["interval"]
    similar = row["rank_among_similar"]
    said: dict[str, Any] = {
        "name": _named(row),
        "similar": f"{similar[0]}/{similar[1]}" if similar else "—",
        "interval": words.interval(ends),
        **{name: str(counts.get(name, "—")) for name in COUNTS},
        **{name: words.share(shares.get(name)) for name in SHARES},
        "low": 0,
        "rate": 0,
        "high": 0,
        "drawn": "",
    }
    if ends and shares.get("good_active"):
        low, high = (int(Decimal(end) * 1000) for end in ends)
        rate = int(Fraction(shares["good_active"]) * 1000)
        said |= {"low": low, "rate": rate, "high": high, "drawn": _drawn(low, high)}
    return said


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['name']}（期末已不存在）" if row["ended"] else str(row["name"])


def _drawn(low: int, high: int) -> str:
    """■ for what the rate surely reaches, ◆ for what it may, □ for the rest."""
    full = low * _SIGNS // 1000
    reached = min(_SIGNS, max(-(-high * _SIGNS // 1000), full + 1))
    return "■" * full + "◆" * (reached - full) + "□" * (_SIGNS - reached)


def _rankings(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A list for each score and kind in which somebody has that score, the first place first."""
    for key, score in record["scores"].items():
        for kind, found in record["rows"].items():
            results = [(each["name"], each["scores"][key]) for each in found if key in each.get("scores", {})]
            if results:
                yield {
                    "label": score["label"] + ("（另一读法）" if score.get("variant_of") else ""),
                    "kind": words.kind(kind),
                    "clause": score["clause"],
                    "rows": _ranked(results),
                }


def _ranked(results: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, str]]:
    last = len(results) + 1
    ordered = sorted(results, key=lambda each: (each[1]["rank"] or last, each[0]))
    return [
        {
            "rank": f"{said['rank']}/{said['of']}" if said["rank"] else "—",
            "name": name,
            "points": scored.number(said["points"]),
            "grade": said["grade"] or "—",
            "why": scored.why(said["why"]) if said["why"] else "",
        }
        for name, said in ordered
    ]


def _counted(record: Mapping[str, Any]) -> list[dict[str, str]]:
    scores = [{"label": each["label"], "how": each["clause"]} for each in record["scores"].values()]
    shares = [{"label": label, "how": how} for label, how in _SHARED.values()]
    beside = [{"label": "95%区间", "how": _INTERVAL}, {"label": "同量级名次", "how": _SIMILAR}]
    return [*scores, *shares, *beside]
