"""How figures are written and drawn on the public pages."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from haochaping.publication import definitions, rules

if TYPE_CHECKING:
    from haochaping.publication.queries import Counts

register = template.Library()

PARTS: Sequence[str] = ("good", "bad", "default", "unrated")


@register.filter
def percent(share: Decimal | None) -> str:
    """A share as in `publication.rules.percent`."""
    return rules.percent(share)


@register.filter
def number(value: int) -> SafeString:
    """A count with its thousands set apart; programs read the attribute."""
    return format_html('<data value="{}">{}</data>', value, f"{value:,}")


@register.inclusion_tag("portal/defined.html")
def defined(*names: str) -> dict[str, object]:
    """Where each of these figures is explained, one click away."""
    return {"figures": [(definitions.key_of(name), definitions.label(name)) for name in names]}


@register.simple_tag
def bar(counts: "Counts") -> SafeString:
    """What became of the occasions, as one bar of four parts. It repeats figures that stand beside it."""
    sizes = [max(0, getattr(counts, part)) for part in PARTS]
    whole = sum(sizes) or 1
    starts = [sum(sizes[:position]) for position in range(len(sizes))]
    parts = format_html_join(
        "",
        '<rect class="bar-{}" x="{}%" width="{}%" height="100%"/>',
        (
            (part, _place(start, whole), _place(size, whole))
            for part, start, size in zip(PARTS, starts, sizes, strict=True)
        ),
    )
    return format_html(
        '<svg class="bar" aria-hidden="true" focusable="false">'
        '<rect class="bar-ground" width="100%" height="100%"/>{}</svg>',
        parts,
    )


def _place(part: int, whole: int) -> str:
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.001")))
