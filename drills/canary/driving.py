"""Every route by everybody and every job, taken from the route tables and the job list; none may be passed over."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote, urlencode

from drills.canary.calling import Answers, Caller, signed
from drills.canary.fields import FIELDS
from drills.canary.people import Person
from drills.canary.planting import Planted, heads
from drills.canary.town import PLATFORM, Town
from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
_JOBS_SECONDS = 180.0
NOBODYS = "00000000-0000-7000-8000-000000000000"
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
    orders: Mapping[str, Person],
    person: Person,
    *,
    thorough: bool = True,
    log_out: bool = False,
) -> None:
    """Every route by everybody; right, wrong and telling parameters; people in queries, heads, bodies. Not thorough:
    GET and POST only, by nobody and by a handler, with the right and the telling parameter. What a route makes of other
    methods does not hang on its parameter: they come with the first. Logging out ends what officials can do.
    """
    planted.spoken |= person.canaries
    values = {
        "token": [token for _, token in planted.rateable[:1]] + [quote(person.name), person.document],
        "order_id": [*list(orders)[:2], NOBODYS, quote(person.name)],
        "record_id": [*planted.aside[:1], NOBODYS],
        "run_id": [*self_tests(), NOBODYS],
        "report_id": [*list(planted.pressed)[:2], NOBODYS, quote(person.name)],
        "objection_id": [NOBODYS, quote(person.name)],
        "answered_id": [*list(orders)[:1], NOBODYS, quote(person.name)],
        "answer_id": [NOBODYS, quote(person.name)],
        "name": ["rates", quote(person.name)],
        "language": ["zh-hans", quote(person.name)],
        "revisit_id": [NOBODYS, quote(person.name)],
        "filed_id": [NOBODYS, quote(person.name)],
        "part_id": [NOBODYS, quote(person.name)],
        **{name: [NOBODYS, quote(person.name)] for name in ("file_id", "part_file_id", "own_file_id")},
        "look_id": [NOBODYS, quote(person.name)],
        "camera_id": [NOBODYS, quote(person.name)],
        "own_id": [*list(orders)[:1], NOBODYS, quote(person.name)],
        "own_filed_id": [NOBODYS, quote(person.name)],
        "kind": ["objection", "appeal", quote(person.name)],
        "official_id": [NOBODYS, quote(person.name)],
        "division": ["530100", quote(person.name)],
        "platform": [PLATFORM, quote(person.name)],
        "code": [demo.AUTHORITY, quote(person.name)],
        "form": ["xlsx", "csv", quote(person.name)],
        "template": ["report.typ", quote(person.name)],
        "view_id": [NOBODYS, quote(person.name)],
        "drawn": ["svg", "png", quote(person.name)],
        "subject": ["window", "hall", quote(person.name)],
        "thing_id": ["1", quote(person.name)],
        "number": ["DF1", quote(person.name)],
        "unit_id": [NOBODYS, quote(person.name)],
        "remark_id": [NOBODYS, quote(person.name)],
        "word": ["orders", quote(person.name)],
        "value_id": [NOBODYS, quote(person.name)],
    }
    officials = (town.handler, town.officer, town.other) if thorough else (town.handler,)
    listed = sorted(addresses(), key=lambda address: address.name == LOG_OUT)
    for address in listed if log_out else [each for each in listed if each.name != LOG_OUT]:
        fields = dict.fromkeys(FIELDS.get(address.name, ()), person.sentence)
        paths = _paths(address.path, values)
        for place, path in enumerate(paths if thorough else dict.fromkeys((paths[0], paths[-1]))):
            _by_anybody(town, path, fields, person, ("GET",) if place or not thorough else METHODS)
            for caller in officials:
                _by_official(caller, path, fields, person, {**orders, **planted.pressed})
    _elsewhere(town.anybody, person)
    if thorough:
        _no_requests(town.anybody, person)


def _elsewhere(caller: Caller, person: Person) -> None:
    """What is no route of ours, and what is too much for any."""
    name, own = quote(person.name), person.sentence
    for path in _OURS:
        for method in METHODS:
            caller.call(method, f"{path}?mobile={person.phone}", headers=heads(person), own=own)
    caller.call("GET", f"/{name}/{person.phone}", own=own)
    caller.call("GET", "/", headers={**heads(person), "Host": person.document})
    caller.call("GET", f"/?userName={name * 200}")
    caller.call("GET", "/", headers={f"X-{number}": person.phone * 40 for number in range(99)})


def _no_requests(caller: Caller, person: Person) -> None:
    """What a server cannot read, which it may want to tell its log."""
    broken = person.sentence.encode()
    for sent in (
        b"GET /" + broken + b" HTTP/1.1\r\n\r\n",
        broken + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + broken + b"\r\n\r\n",
        b"GET /console/ HTTP/1.1\r\nHost: x\r\nX-Name : " + broken + b"\r\nConnection: close\r\n\r\n",
        b"POST /receipt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + broken + b"\r\n",
    ):
        caller.raw(sent)


def _paths(pattern: str, values: Mapping[str, list[str]]) -> list[str]:
    names = [part.partition("}")[0] for part in pattern.split("{")[1:]]
    if missing := [name for name in names if name not in values]:
        raise CouldNotRun(f"{pattern}: nobody said what {missing} may be (drills/canary/driving.py)")
    if not names:
        return [pattern]
    return [pattern.replace("{" + names[0] + "}", value) for value in values[names[0]]]


def _by_anybody(
    town: Town, path: str, fields: Mapping[str, str], person: Person, methods: tuple[str, ...]
) -> None:
    """Without a session. What is typed into a form and refused is shown again to whoever typed it, and who must sign in
    is sent back to where he wanted to go: that is his own. Interfaces repeat nothing.
    """
    caller, own = town.anybody, "" if path.startswith("/api/") else person.sentence
    body = urlencode(fields).encode()
    for method in methods:
        caller.call(method, _telling(path, person), headers={"Accept-Language": person.phone}, own=own)
    caller.call("POST", path, body, heads(person), own=own)
    caller.call("POST", path, body[:-3] + b"%", {"Content-Type": "application/json"}, own=own)
    caller.call("POST", path, body, signed(town.reporter, "POST", path, body), own=own)
    caller.form(path, fields, own=own, page="/console/login/")


def _by_official(
    caller: Caller, path: str, fields: Mapping[str, str], person: Person, subjects: Mapping[str, Person]
) -> None:
    """With a session. Only the handler may see whom to call about an order, and only on the page of the contact; only the
    authority what was reported to it of pressure, and only on the pages of that report."""
    own, (place, subject) = person.sentence, (path.split("/")[2:4] + [""] * 2)[:2]
    reader = {"orders": "handler", "pressure": "officer"}.get(place)
    if caller.who == reader and subject in subjects and (place == "pressure" or path.endswith("/contact/")):
        own += subjects[subject].sentence
    caller.call("GET", _telling(path, person), own=own)
    caller.form(path, fields, own=own, page="/console/rules/")


def _telling(path: str, person: Person) -> str:
    return f"{path}?userName={quote(person.name)}&mobile={person.phone}"


def run_jobs() -> list[str]:
    """Has the running worker do every job of the list once; their names. Raises CouldNotRun when they do not end."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    from haochaping.jobs import schedule

    schedule.register()
    for job in schedule.PERIODIC:
        try:
            app.configure_task(job.name, queueing_lock=job.name).defer(timestamp=int(time.time()))
        except AlreadyEnqueued:
            continue
    _wait_for("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
    time.sleep(2.5)  # the pulse does its jobs every second
    return [*schedule.SECONDLY, *(job.name for job in schedule.PERIODIC)]


def self_tests() -> list[str]:
    """The ids of what the daily self-test left."""
    from haochaping.oversight.queries.watch import watch

    return [str(run.id) for run in watch().runs[:1]]


def wait_for_orders() -> None:
    """Until every bad rating has its order. Raises CouldNotRun."""
    _wait_for("SELECT count(*) FROM rectification_badrating")


def _wait_for(nothing: str) -> None:
    """Until the statement counts nothing."""
    from django.db import connection

    limit = time.monotonic() + _JOBS_SECONDS
    while time.monotonic() < limit:
        with connection.cursor() as cursor:
            cursor.execute(nothing)
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.3)
    raise CouldNotRun(f"the worker did not finish its work: {nothing}")


def handle(town: Town, orders: Mapping[str, Person]) -> None:
    """The handler looks up contacts, which he may see, and writes down what he should not; others look on."""
    for order, rater in orders.items():
        path, said = f"/console/orders/{order}/", rater.sentence
        for caller in (town.handler, town.officer, town.other):
            for purpose in ("核实情况", said):
                own = said if caller is town.handler or purpose is said else ""
                caller.form(f"{path}contact/", {"purpose": purpose}, page="/console/rules/", own=own)
        for revision, act, text in (
            (0, "take", ""),
            (1, "verify", said),
            (1, "verify", "已核实，情况属实。"),
        ):
            fields = {"act": act, "revision": str(revision), "text": text, "finding": "true"}
            town.handler.form(f"{path}act/", fields, page="/console/rules/", own=text)
        for caller in (town.handler, town.officer, town.other):
            caller.call("GET", path)


def decide(town: Town, aside: list[str], person: Person) -> None:
    """The officer looks at what was kept aside, asks the sender in words that name somebody, and releases the rest."""
    page = "/console/rules/"
    for number, record in enumerate(aside):
        path = f"/console/quarantine/{record}/"
        town.officer.call("GET", path)
        acts = (
            ("ask", f"请核对：{person.sentence}"),
            ("ask", "请核对事项名称。"),
            ("release", "经核对属实。"),
        )
        for act, note in acts[: 3 if number % 2 else 2]:
            town.officer.form(f"{path}decide/", {"act": act, "note": note}, page=page, own=note)
        town.officer.call("GET", path)
    town.officer.call("GET", "/console/quarantine/")
    asked = f"/api/v1/quarantine?state=all&userName={quote(person.name)}"
    for path in ("/api/v1/quarantine?state=all", asked):
        town.anybody.call("GET", path, headers=signed(town.reporter, "GET", path, b""))


def of_all(answers: Answers) -> Iterator[str]:
    """What was shown to somebody who had no right to see it, in words for a report."""
    return chain.from_iterable(
        (f"{answer.who} {answer.method} {answer.path[:60]} → {answer.status}: {sorted(answer.seen)}",)
        for answer in answers.kept
        if answer.seen
    )
