"""Whether what should have been deleted is still there, for templates."""

from django import template

from haochaping.oversight.queries.retention import failures
from haochaping.policy.retention import Kept

register = template.Library()


@register.simple_tag
def retention_failures() -> tuple[Kept, ...]:
    """The kinds of which the last proof failed."""
    return failures()
