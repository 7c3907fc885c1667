"""How what was published is said to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from haochaping.scoring import words as scored

share = scored.percent
interval = scored.interval
points = scored.number
total_open = scored.total_open


def kind(name: str) -> str:
    """Departments or regions."""
    return str(scored.KINDS.get(name, name))


def why(code: str) -> str:
    """Why figures are withheld."""
    return {
        "too_few": _("评价太少，公开会暴露评价人。"),
        "complement": _("同组只有一个单位评价太少，公开本单位会使人由合计推算出它。"),
    }.get(code, code)


def unranked(code: str) -> str:
    """Why there is no score, or no rank; "" where there is."""
    return scored.why(code) if code else ""


def score(said: Mapping[str, Any] | None) -> str:
    """A score with its place, or why there is none."""
    if said is None:
        return "—"
    if not said["points"]:
        return scored.why(said["why"])
    if said["rank"] is None:
        return scored.number(said["points"])
    place = _("%(points)s（第%(rank)s名，共%(of)s）")
    return place % {"points": scored.number(said["points"]), "rank": said["rank"], "of": said["of"]}


def withdrawn(reason: str) -> str:
    """Why an answer is public no more; "" is said of what the system took back by itself."""
    return reason or _("这条评价已撤回、不予采纳、正在复核，或者正在重新办理。")
