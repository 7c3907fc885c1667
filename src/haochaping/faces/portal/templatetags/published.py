"""How a publication is written on its page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from haochaping.publication import words

register = template.Library()
register.filter("published_kind", words.kind)
register.filter("published_why", words.why)
register.filter("published_share", words.share)
register.filter("published_interval", words.interval)
register.filter("published_points", words.points)
register.filter("published_unranked", words.unranked)
register.filter("total_open", words.total_open)


@register.filter
def published_score(row: Mapping[str, Any], key: str) -> str:
    """One score of one row, with its place."""
    return words.score(row["scores"].get(key))


@register.filter
def published_instant(text: str) -> datetime:
    """An instant as records write it."""
    return datetime.fromisoformat(text)
