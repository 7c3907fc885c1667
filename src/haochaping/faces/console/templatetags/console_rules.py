"""Which rules this page was made by, and whether newer files could not be used."""

from django import template

from haochaping.policy.keeping import Edition, in_force

register = template.Library()


@register.simple_tag
def rules_edition() -> Edition:
    """The edition in force for this request, with the mistakes of files that are not."""
    return in_force()
