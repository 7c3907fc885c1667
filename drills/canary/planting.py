"""People through every door that takes them: reports of each verdict and of none, ratings, forms, heads, addresses."""

import asyncio
import gzip
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from urllib.parse import quote

from drills.canary.calling import FORM, Caller, signed
from drills.canary.people import Person
from drills.canary.town import Town
from haochaping.cli.demo import ORGANISATION
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import local_day, now
from haochaping.simulation.served import Place, places, record

REPORT = "/api/v1/occasions"
AGO = timedelta(minutes=15)
NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(slots=True)
class Planted:
    """`reported` is whoever came in by a report, `aside` the ids of what is in quarantine.
    `rateable` are those with a rating token, `receipts` number and secret. `pressed` are reports of pressure by their ids,
    each with whoever reported.
    """

    reported: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    aside: list[str] = field(default_factory=list)
    rateable: list[tuple[Person, str]] = field(default_factory=list)
    receipts: list[tuple[Person, str, str]] = field(default_factory=list)
    verdicts: dict[str, int] = field(default_factory=dict)
    pressed: dict[str, Person] = field(default_factory=dict)


def place_of(organisation: str) -> Place:
    """A window of the organisation (credit code). Raises CouldNotRun."""
    with asyncio.Runner() as runner, intake_services(runner) as services:
        for place in places(services.directory.current(), local_day(now())):
            if place.organisation.code == organisation:
                return place
    raise CouldNotRun(f"{organisation} has no window")


def report(town: Town, people: Iterator[Person], each: int) -> Planted:
    """`each` records of every kind, one call a kind; then calls that are refused as a whole."""
    planted, place = Planted(), place_of(ORGANISATION)
    for kind in ("accepted", "updated", "conflicting", "quarantined", "rejected", "broken"):
        _report_kind(town, planted, kind, [record_of(place, planted, people) for _ in range(each)], people)
    _refused_calls(town, [record_of(place, planted, people) for _ in range(8)])
    return planted


def record_of(place: Place, planted: Planted, people: Iterator[Person]) -> tuple[Person, dict[str, str]]:
    """A right record of one person, handled by another, who stand in every field that takes people."""
    person, agent = next(people), next(people)
    planted.reported |= person.canaries | agent.canaries
    made = record(Random(0), place, f"CAN{secrets.token_hex(8).upper()}", now() - AGO)  # noqa: S311
    made |= {
        "userName": person.name,
        "certKey": person.document,
        "mobile": person.phone,
        "userProp": person.prop,
        "userPageType": person.page_type,
        "projectName": f"关于{person.name}（{person.document}）的申请",
        "creditNum": person.document,
        "handleUserName": agent.name,
        "handleUserPageType": agent.page_type,
        "handleUserPageCode": agent.document,
        "contactAddress": f"{agent.name}收，{agent.phone}",
    }
    return person, made


def _report_kind(
    town: Town,
    planted: Planted,
    kind: str,
    made: list[tuple[Person, dict[str, str]]],
    people: Iterator[Person],
) -> None:
    records = [each for _, each in made]
    lines = [json.dumps(each, ensure_ascii=False) for each in records]
    match kind:
        case "updated":
            first = [{**each, "proStatus": "2"} for each in records]
            for each in first:
                del each["resultDate"]
            _send(town, [json.dumps(each, ensure_ascii=False) for each in first])
        case "conflicting":
            _send(town, lines)
            lines = [json.dumps({**each, "userName": _another(planted, people)}) for each in records]
        case "quarantined":
            lines = [json.dumps({**each, "taskName": "不在事项库的事项"}) for each in records]
        case "rejected":
            wrong = ({"certKey": each["certKey"] + "7", "userPageType": "111"} for each in records)
            lines = [json.dumps({**each, **less}) for each, less in zip(records, wrong, strict=True)]
        case "broken":
            lines = [line[: len(line) * 9 // 10] for line in lines]
    results = _send(town, lines)
    for (person, _), result in zip(made, results, strict=True):
        planted.verdicts[result["verdict"]] = planted.verdicts.get(result["verdict"], 0) + 1
        if kind in ("accepted", "updated") and result["url"]:
            planted.rateable.append((person, result["url"].rpartition("/")[2]))


def _another(planted: Planted, people: Iterator[Person]) -> str:
    person = next(people)
    planted.reported |= person.canaries
    return person.name


def _send(town: Town, lines: list[str]) -> list[dict[str, str]]:
    body = "\n".join(lines).encode()
    answer = town.anybody.call("POST", REPORT, body, signed(town.reporter, "POST", REPORT, body, **NDJSON))
    if answer.status != 200:
        raise CouldNotRun(f"a report was answered {answer.status}: {answer.text[-300:]}")
    found: list[dict[str, str]] = json.loads(answer.text.partition("\n\n")[2])["results"]
    return found


def _refused_calls(town: Town, made: list[tuple[Person, dict[str, str]]]) -> None:
    """Each of them carries a person and is answered 400, 401, 403, 413, 415 or 404 as a whole."""
    bodies = iter(json.dumps([each], ensure_ascii=False).encode() for _, each in made)
    person = made[0][0]
    key = town.reporter

    def send(body: bytes, path: str = REPORT, **headers: str) -> None:
        town.anybody.call("POST", path, body, {**signed(key, "POST", path, body), **headers})

    send(next(bodies)[:-20], **{"Content-Type": "application/json"})
    send(gzip.compress(next(bodies))[:-9], **{"Content-Encoding": "gzip"})
    send(next(bodies), **{"Content-Encoding": "br", "Content-Type": "application/json"})
    send(next(bodies), **{"X-HCP-Signature": "0" * 64})
    send(next(bodies), **{"X-HCP-Key": quote(person.name)})
    send(next(bodies), f"{REPORT}?userName={quote(person.name)}&mobile={person.phone}")
    send(b"[" + b" " * (33 << 20) + next(bodies)[1:])
    body = next(bodies)
    town.anybody.call("POST", REPORT, body, signed(town.stranger, "POST", REPORT, body))
    town.anybody.call("POST", REPORT, body, {"Authorization": f"Bearer {quote(person.name)}"})


def rate(town: Town, planted: Planted) -> None:
    """Every rateable person rates badly, and says who he is; every second one by name, some by the device's interface."""
    for number, (person, token) in enumerate(planted.rateable):
        citizen = Caller("citizen", town.stage.port, town.answers)
        said = person.sentence
        planted.spoken |= person.canaries
        fields = {"writingEvaluation": said, "named": str(number % 2), "submission": secrets.token_hex(16)}
        if number % 5 == 4:
            body = {**fields, "satisfaction": 1, "userName": person.name, "certKey": person.document}
            path = f"/api/v1/ratings/{token}"
            for sent in (json.dumps({**body, "satisfaction": 9}), json.dumps(body)):
                citizen.call("POST", path, sent.encode(), {"Content-Type": "application/json"})
            continue
        citizen.call("GET", f"/r/{token}?userName={quote(person.name)}")
        citizen.form(f"/r/{token}", fields, own=said)
        answer = citizen.form(f"/r/{token}", {**fields, "satisfaction": "1"}, own=said)
        found = dict(re.findall(r'name="(number|secret)" value="([^"]+)"', answer.text))
        if len(found) == 2:
            planted.receipts.append((person, found["number"], found["secret"]))
        again = {**fields, "satisfaction": "5", "submission": secrets.token_hex(16)}
        citizen.form(f"/r/{token}", again, own=said)


def look_up(town: Town, planted: Planted) -> None:
    """Each with his receipt, and with his name where number and secret belong."""
    for person, number, secret in planted.receipts:
        citizen = Caller("citizen", town.stage.port, town.answers)
        citizen.form("/receipt", {"number": number, "secret": secret}, own=person.sentence)
        typed = {"number": person.phone, "secret": person.document, "userName": person.name}
        citizen.form("/receipt", typed, own=person.sentence)


def heads(person: Person) -> dict[str, str]:
    """People in every head that somebody might send."""
    return {
        "User-Agent": f"{person.name}/1.0",
        "Referer": f"http://127.0.0.1/{quote(person.name)}?mobile={person.phone}",
        "Cookie": f"name={quote(person.name)}; sessionid={person.document}",
        "Accept-Language": person.phone,
        "X-Forwarded-For": person.phone,
        "X-Request-Id": person.document,
        "Content-Type": FORM,
    }
