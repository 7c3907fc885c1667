"""The words for what is watched, and who sees it, for templates."""

from django import template
from django.utils.functional import Promise

from haochaping.oversight import watch_words as words
from haochaping.oversight.queries import watch
from haochaping.oversight.watching import Step, Way
from haochaping.policy.retention import known_terms

register = template.Library()


@register.filter
def way_words(way: Way) -> Promise:
    return words.WAYS[way]


@register.filter
def step_words(step: Step) -> Promise:
    return words.STEPS[step]


@register.filter
def channel_words(channel: int) -> Promise | str:
    return words.channel_words(channel)


@register.filter
def level_words(level: int) -> Promise | str:
    return words.level_words(level)


@register.filter
def kept_words(key: str) -> str:
    """What is kept, in the words of its term; a kind that is no longer one stands for itself."""
    found = {each.key: each.what for each in known_terms()}
    return found.get(key, key)


@register.simple_tag
def alarms_unacknowledged() -> int:
    """How many alarms are on that nobody has acknowledged."""
    return watch.unacknowledged()
