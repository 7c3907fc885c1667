"""The words of notices and of what was escalated, and how many are unread, for templates."""

from django import template
from django.utils.functional import Promise

from haochaping.notices import words
from haochaping.notices.queries.inbox import MOST, NoticeView, unread
from haochaping.notices.states import Channel, Kind, State
from haochaping.oversight.states import CARRIERS
from haochaping.policy.vocabulary import BODIES

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> str:
    """How many notices the person who looks has not read: "" for none, 99+ for more."""
    me = context["user"].pk
    number = unread(official_id=me) if me is not None else 0
    return f"{MOST}+" if number > MOST else str(number or "")


@register.filter
def notice_title(notice: NoticeView) -> str:
    return words.title(notice)


@register.filter
def notice_lines(notice: NoticeView) -> tuple[str, ...]:
    return words.lines(notice)


@register.filter
def notice_page(notice: NoticeView) -> str:
    """Where its link leads; "" where it is about no page but its own list."""
    page = words.page_of(notice)
    return "" if page == words.OWN_LIST else page


@register.filter
def notice_kind(kind: Kind) -> Promise:
    return words.KINDS[kind]


@register.filter
def notice_channel(channel: Channel) -> Promise:
    return words.CHANNELS[channel]


@register.filter
def notice_state(state: State) -> Promise:
    return words.STATES[state]


@register.filter
def notice_reason(reason: str) -> Promise | str:
    return words.reason_words(reason)


@register.filter
def carrier_words(number: int) -> Promise:
    """The way that an alarm about notices is about."""
    return words.CHANNELS[Channel(CARRIERS[number])]


@register.filter
def happened_words(happened: str) -> Promise | str:
    return words.HAPPENED.get(happened, happened)


@register.filter
def action_words(action: str) -> Promise | str:
    return words.action_words(action)


@register.filter
def body_words(body: str) -> str:
    """A body as the rules call it."""
    return BODIES.get(body) or body.removeprefix("named:")
