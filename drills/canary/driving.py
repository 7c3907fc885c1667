"""Every route by everybody and every job, taken from the route tables and the job list; none may be passed over."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote, urlencode

from drills.canary.calling import FORM, Answers, Caller, signed
from drills.canary.people import Person
from drills.canary.planting import Planted, heads
from drills.canary.town import Town
from haochaping.cli.figures import CouldNotRun

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
_JOBS_SECONDS = 90.0
# What each form of ours asks for, filled with what it must never give away. A route is known when it is listed with the
# names of its fields: whoever adds one looks here at what people may enter there.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "GET /r/{token}": (),
    "POST /r/{token}": ("writingEvaluation", "satisfaction", "named", "submission", "opened", "evalDetail"),
    "GET /r/{token}/qr": (),
    "GET /receipt": (),
    "POST /receipt": ("number", "secret"),
    "GET /favicon.ico": (),
    "GET /privacy": (),
    "POST /api/v1/occasions": ("userName", "certKey", "mobile"),
    "POST /api/v1/ratings/{token}": ("satisfaction", "writingEvaluation", "userName"),
    "console:login": ("username", "password", "next"),
    "console:logout": ("next",),
    "console:first-login": ("token", "password"),
    "console:first-login-link": ("token",),
    "console:orders": ("show", "page"),
    "console:order": (),
    "console:act": ("act", "revision", "text", "finding", "confirm"),
    "console:contact": ("purpose",),
    "console:rules": ("organisation", "hall", "item", "channel", "on", "division"),
    "portal:home": ("division", "page", "next"),
    "portal:guide": (),
    "portal:about": (),
    "portal:language": ("next", "language"),
}
LOG_OUT = "console:logout"
_OURS = ("/livez", "/readyz", "/nowhere", "/api/v1/nowhere", "/static/nowhere.css")


@dataclass(frozen=True, slots=True)
class Address:
    """One route: its name in FIELDS, its path with {parameters}."""

    name: str
    path: str


def addresses() -> list[Address]:
    """All routes of the door and of Django, out of their tables."""
    from haochaping.config.asgi import ROUTES

    door = [Address(f"{route.method} {route.pattern}", route.pattern) for route in ROUTES]
    return door + list(_pages())


def _pages() -> Iterator[Address]:
    from django.urls import get_resolver
    from django.urls.resolvers import URLPattern, URLResolver

    def walk(resolver: URLResolver, path: str, names: tuple[str, ...]) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            here = path + str(entry.pattern)
            if isinstance(entry, URLPattern):
                braces = "".join("{" + part.rpartition(":")[2] if at else part for at, part in _angles(here))
                yield Address(":".join((*names, entry.name or "")), "/" + braces)
            else:
                yield from walk(entry, here, (*names, entry.namespace) if entry.namespace else names)

    yield from walk(get_resolver(), "", ())


def _angles(pattern: str) -> Iterator[tuple[bool, str]]:
    """The pieces of `orders/<uuid:order_id>/`: whether each began with an angle, and what it is."""
    for at, part in enumerate(pattern.split("<")):
        yield at > 0, part.replace(">", "}", 1) if at else part


def unknown_routes() -> list[str]:
    """Routes that nobody has looked at: each must be listed in FIELDS."""
    return sorted({address.name for address in addresses()} - FIELDS.keys())


def drive(
    town: Town,
    planted: Planted,
    orders: list[str],
    person: Person,
    *,
    thorough: bool = True,
    log_out: bool = False,
) -> None:
    """Every route by everybody; right, wrong and telling parameters; people in queries, heads, bodies. Not thorough:
    GET and POST only, and without the officials who see no more than others. Logging out ends what officials can do.
    """
    planted.spoken |= person.canaries
    values = {
        "token": [token for _, token in planted.rateable[:1]] + [quote(person.name), person.document],
        "order_id": [*orders[:2], "00000000-0000-7000-8000-000000000000", quote(person.name)],
    }
    callers = (
        (town.anybody, town.handler, town.officer, town.other) if thorough else (town.anybody, town.handler)
    )
    methods = METHODS if thorough else ("GET",)
    listed = sorted(addresses(), key=lambda address: address.name == LOG_OUT)
    for address in listed if log_out else [each for each in listed if each.name != LOG_OUT]:
        for path in _paths(address.path, values):
            for caller in callers:
                _every_way(town, caller, path, FIELDS.get(address.name, ()), person, methods)
    for path in _OURS:
        for method in METHODS:
            town.anybody.call(method, f"{path}?mobile={person.phone}", headers=heads(person))
    town.anybody.call("GET", f"/{quote(person.name)}/{person.phone}")
    town.anybody.call("GET", "/", headers={**heads(person), "Host": person.document})
    town.anybody.call("GET", f"/?userName={quote(person.name) * 200}")
    town.anybody.call("GET", "/", headers={f"X-{number}": person.phone * 40 for number in range(99)})


def _paths(pattern: str, values: Mapping[str, list[str]]) -> list[str]:
    names = [part.partition("}")[0] for part in pattern.split("{")[1:]]
    if missing := [name for name in names if name not in values]:
        raise CouldNotRun(f"{pattern}: nobody said what {missing} may be (drills/canary/driving.py)")
    if not names:
        return [pattern]
    return [pattern.replace("{" + names[0] + "}", value) for value in values[names[0]]]


def _every_way(
    town: Town,
    caller: Caller,
    path: str,
    fields: tuple[str, ...],
    person: Person,
    methods: tuple[str, ...],
) -> None:
    """What is typed into a form and refused is shown again to whoever typed it, so it is his own; interfaces repeat
    nothing. The query is in nobody's right.
    """
    telling = f"{path}?userName={quote(person.name)}&mobile={person.phone}"
    own = "" if path.startswith("/api/") else person.sentence
    filled = dict.fromkeys(fields, person.sentence)
    for method in methods:
        caller.call(method, telling, headers={"Accept-Language": person.phone}, own=_echoed(path, person))
    body = urlencode(filled).encode()
    caller.call("POST", path, body, {"Content-Type": FORM}, own=own)
    caller.call("POST", path, body[:-3] + b"%", {"Content-Type": "application/json"}, own=own)
    if not path.startswith("/api/") and fields:
        page = "/console/login/" if caller is town.anybody else "/console/rules/"
        caller.form(path, filled, own=own, page=page)
    caller.call("POST", path, body, signed(town.reporter, "POST", path, body), own=own)
    if caller is town.anybody:
        Caller("nobody", caller.port, caller.answers).call("POST", path, body, heads(person), own=own)


def _echoed(path: str, person: Person) -> str:
    """Who must sign in first is sent back to where he wanted to go, with his own query."""
    return person.sentence if path.startswith("/console/") or path == "/" else ""


def run_jobs() -> list[str]:
    """Has the running worker do every job of the list once; their names. Raises CouldNotRun when they do not end."""
    from django.db import connection
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    from haochaping.jobs import schedule

    schedule.register()
    for job in schedule.PERIODIC:
        try:
            app.configure_task(job.name, queueing_lock=job.name).defer(timestamp=int(time.time()))
        except AlreadyEnqueued:
            continue
    limit = time.monotonic() + _JOBS_SECONDS
    while time.monotonic() < limit:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
            if cursor.fetchone()[0] == 0:
                # The pulse does its jobs every second.
                time.sleep(2.5)
                return [*schedule.SECONDLY, *(job.name for job in schedule.PERIODIC)]
        time.sleep(0.3)
    raise CouldNotRun("the worker did not finish its jobs")


def handle(town: Town, orders: list[str], people: Mapping[str, Person]) -> None:
    """The handler does his work and writes down what he should not; looks up a contact, which he may see."""
    for number, order in enumerate(orders):
        said = people[order].sentence
        path = f"/console/orders/{order}/"
        own = said if number % 2 else ""
        town.handler.form(
            f"{path}contact/", {"purpose": f"核实 {said}"}, page=path, own=people[order].sentence
        )
        town.officer.form(f"{path}contact/", {"purpose": "核实情况"}, page="/console/rules/")
        acts = (("take", ""), ("verify", f"已核实。{said}"), ("verify", "已核实，情况属实。"))
        for revision, (act, text) in enumerate(acts):
            fields = {"act": act, "revision": str(min(revision, 1)), "text": text, "finding": "true"}
            town.handler.form(f"{path}act/", fields, page=path, own=said if said in text else own)
        for caller in (town.handler, town.officer, town.other):
            caller.call("GET", path)


def of_all(answers: Answers) -> Iterator[str]:
    """What was shown to somebody who had no right to see it, in words for a report."""
    return chain.from_iterable(
        (f"{answer.who} {answer.method} {answer.path[:60]} → {answer.status}: {sorted(answer.seen)}",)
        for answer in answers.kept
        if answer.seen
    )
