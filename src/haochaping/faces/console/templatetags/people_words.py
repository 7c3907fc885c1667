"""The words for roles, permissions and sign-ins, and who may see what, for templates."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise

from haochaping.accounts.law import ROLES, SCOPES
from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission, Role, Scope
from haochaping.faces.console import people_words as words
from haochaping.faces.console.entering import home_of
from haochaping.foundation.clock import local_day, now

register = template.Library()


@register.filter
def role_words(role: str) -> Promise | str:
    """An unknown one, of another version, stands for itself."""
    return ROLES[Role(role)] if role in list(Role) else role


@register.filter
def scope_words(scope: Scope) -> Promise:
    return SCOPES[scope]


@register.filter
def sign_in_words(act: str) -> Promise | str:
    return words.SIGN_INS.get(act, act)


@register.filter
def lock_words(what: str) -> Promise | str:
    return words.LOCKS.get(what, what)


@register.filter
def result_words(result: str) -> Promise | str:
    return words.RESULTS.get(result, result)


@register.filter
def field(problems: Any, name: str) -> str:
    """The problem of a field whose name is no word of templates' own; "" for none."""
    return str(problems.get(name, "")) if problems else ""


@register.simple_tag(takes_context=True)
def held(context: template.Context) -> frozenset[Permission]:
    """The permissions of whoever looks, by his posts of today; asked once a page."""
    user = context.get("user")
    if user is None or user.pk is None:
        return frozenset()
    if not hasattr(user, "held_today"):
        user.held_today = officials.held(official_id=user.pk, on=local_day(now()))
    found: frozenset[Permission] = user.held_today
    return found


@register.simple_tag(takes_context=True)
def home(context: template.Context) -> str:
    """The address on which the day of whoever looks begins."""
    user = context.get("user")
    name = "console:orders" if user is None or user.pk is None else home_of(held(context))
    return reverse(name)
