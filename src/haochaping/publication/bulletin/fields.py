"""What a template of the bulletin (通报) can say: the names of its fields. Pure.

No law at hand lays down its look: it has what a publication has, and nothing else.
"""

from typing import Any, Final

from haochaping.publication.ranking import COUNTS, SHARES

TITLE: Final = "政务服务“好差评”情况通报"

# Each a text.
TEXTS: Final = (
    "title",
    "place",
    "period",
    "first_day",
    "last_day",
    "publisher",
    "number",
    "published_on",
    "corrects",
    "cut_off",
    "rules",
    "rules_version",
    "run",
    "digest",
    "before",
    "least",
)
# Each a list, empty where there is nothing to say: of texts, or of the objects that `sample` shows.
LISTS: Final = (
    "totals",
    "charts",
    "regions",
    "departments",
    "rankings",
    "withheld",
    "uncounted",
    "counted",
    "verify",
)
FIELDS: Final = (*TEXTS, *LISTS)

# A picture that shows nothing, in both forms.
_SVG: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
)
_PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsWgDXQAAAABJRU5ErkJggg=="

_TELLING: Final = ("name", "similar", "interval", "drawn", *COUNTS, *SHARES)


def sample(*, full: bool) -> dict[str, Any]:
    """What nobody said, for trying a template: every field filled, or nothing but the texts."""
    texts = {name: f"{name}：示例" for name in TEXTS}
    if not full:
        return {**texts, "corrects": "", "publisher": "", **{name: [] for name in LISTS}}
    row = {name: f"{name}：示例" for name in _TELLING} | {"low": 900, "rate": 930, "high": 960}
    ranked = {"rank": "1", "name": "示例单位", "points": "9.5", "grade": "示例", "why": ""}
    chart: dict[str, Any] = {name: f"{name}：示例" for name in ("name", "title", "note", "alt")}
    chart |= {"wide": 20, "svg": _SVG, "picture": {"png": _PNG, "alt": "示例", "wide": 20}}
    return {
        **texts,
        "totals": [{"label": "示例项", "value": "1"}],
        "charts": [chart],
        "regions": [row],
        "departments": [row],
        "rankings": [{"label": "示例得分", "kind": "部门", "clause": "示例条款", "rows": [ranked]}],
        "withheld": [{"name": "示例单位", "kind": "部门", "why": "示例理由"}],
        "uncounted": ["示例"],
        "counted": [{"label": "示例项", "how": "示例算法"}],
        "verify": ["示例一", "示例二"],
    }
