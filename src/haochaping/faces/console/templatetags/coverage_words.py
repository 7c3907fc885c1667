"""The words of coverage, and who sees it, for templates."""

from django import template

from haochaping.oversight import words
from haochaping.oversight.rules import Covered, Gap, Kind

register = template.Library()


@register.filter
def gap_detail(gap: Gap) -> str:
    return words.detail(gap)


@register.filter
def share(covered: Covered) -> str:
    return words.share(covered)


@register.filter
def gap_meaning(kind: Kind) -> str:
    return words.meaning(kind)


@register.simple_tag
def coverage_kinds() -> list[tuple[Kind, str]]:
    """Every kind with what it is called."""
    return [(kind, str(called)) for kind, called in words.KINDS.items()]
