"""The words of static codes, and who sees them, for templates."""

from django import template
from django.utils.functional import Promise

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.cases.static_places import WhyNot
from haochaping.faces.console import words
from haochaping.foundation.clock import local_day, now
from haochaping.ratings.states import Settled

register = template.Library()


@register.filter
def subject_words(subject: str) -> Promise | str:
    """What a code is of, by the word of the rules for it."""
    return words.SUBJECTS[subject]


@register.filter
def why_words(why: WhyNot) -> Promise | str:
    return words.WHY_NOT[why]


@register.filter
def settled_words(outcome: Settled) -> Promise | str:
    return words.SETTLED[outcome]


@register.simple_tag
def code_subjects() -> list[tuple[str, words.Words]]:
    """Every subject with what it is called."""
    return list(words.SUBJECTS.items())


@register.filter
def of_subject(counts: dict[str, int], subject: str) -> int:
    return counts[subject]


@register.simple_tag(takes_context=True)
def may_see_codes(context: template.Context) -> bool:
    """Whether the person who looks holds the permission in at least one post of today."""
    me = context["user"].pk
    return me is not None and officials.holds(
        official_id=me, permission=Permission.VIEW_CODES, on=local_day(now())
    )
