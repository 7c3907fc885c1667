"""The navigation of whoever looks, for the frame."""

from typing import Any

from django import template

from haochaping.faces.console.navigation import DESK, groups_for
from haochaping.faces.console.templatetags.people_words import held

register = template.Library()


@register.inclusion_tag("console/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The desk, then the groups; `here`: the flag of the entry that this page belongs to, "" for none of them."""
    mine = held(context)
    groups = groups_for(mine)
    entries = [DESK, *(entry for group in groups for entry in group.entries)]
    here = next((each.flag for each in entries if context.get(each.flag)), "")
    return {"desk": DESK if DESK.permission in mine else None, "groups": groups, "here": here}
