"""The running city meets careless senders: the sample in one call, and whatever else may come through the door."""

import http.client
import json
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from examples.client import report, signed_headers
from tests.journeys.city import City
from tests.journeys.test_thread import ORGANISATION, fresh_record
from tests.reporting import AUTHORITY, expected, fields, sample_lines

OCCASIONS = "/api/v1/occasions"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
BIG = b"x" * 50_000_000
PLACES = (
    "/",
    "/console/login/",
    "/receipt",
    "/r/forged",
    "/privacy",
    "/nothing",
    OCCASIONS,
    "/api/v1/nothing",
)


@pytest.fixture(scope="module")
def key(city: City) -> tuple[str, str]:
    """A key of the authority's own system and its secret."""
    return city.client(AUTHORITY, "report")


def call(
    city: City, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, str, bytes]:
    """Status, type and body of one answer, through a connection of its own."""
    address = urlsplit(city.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    finally:
        connection.close()


def send(city: City, key: tuple[str, str], body: bytes, kind: str = "application/x-ndjson") -> Any:
    """Status and decoded answer of a rightly signed report."""
    signed = signed_headers("POST", city.url + OCCASIONS, body, *key, int(city.now()))
    status, _, answer = call(city, "POST", OCCASIONS, body=body, headers={**signed, "Content-Type": kind})
    return status, json.loads(answer)


def healthy(city: City) -> None:
    status, _, body = call(city, "GET", "/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready"), body


def test_the_sample_in_one_call_and_once_more(city: City, key: tuple[str, str]) -> None:
    due = list(expected())
    body = "\n".join(sample_lines()).encode()
    answer: Any = report(city.url, *key, body, at=int(city.now()))
    assert [each["verdict"] for each in answer["results"]] == [verdict for verdict, _ in due]
    for result, (_, field) in zip(answer["results"], due, strict=True):
        assert not field or field in fields(result), result
        assert all(reason["code"] and reason["message"] for reason in result["reasons"]), result
    assert answer["counts"] == Counter(verdict for verdict, _ in due)
    # All of it was served before Kunming's five working days: late reports, nothing to rate.
    assert {each["url"] for each in answer["results"]} == {None}
    again: Any = report(city.url, *key, body, at=int(city.now()))
    stored = {"accepted", "updated", "repeated"}
    assert [each["verdict"] for each in again["results"]] == [
        "repeated" if verdict in stored else verdict for verdict, _ in due
    ]
    healthy(city)


def test_a_fresh_occasion_beside_it_is_rateable(city: City, key: tuple[str, str]) -> None:
    record = fresh_record(city, 506)
    status, answer = send(city, key, json.dumps([record]).encode(), "application/json")
    (result,) = answer["results"]
    assert (status, result["verdict"]) == (200, "accepted"), result
    status, kind, page = call(city, "GET", urlsplit(result["url"]).path)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert record["taskName"] in page.decode()
    assert record["userName"] not in page.decode()


def spoilt_bodies(record: Mapping[str, Any]) -> dict[str, bytes]:
    sound = json.dumps(record, ensure_ascii=False)
    return {
        "broken": sound[:-20].encode(),
        "gbk": sound.encode("gbk"),
        "utf-16": sound.encode("utf-16"),
        "deep": b"[" * 100_000,
        "deep in a field": b'{"projectNo": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        "nul": sound.replace("办结", "办\\u0000结").encode(),
        "bare nul": sound.encode().replace(b"1", b"\x00"),
        "nothing": b"",
        "a number": b"1e999",
        "a form": b"areaCode=530100&projectNo=1",
        "a list in a line": b"[1, 2, null]",
        "endless number": b"9" * 100_000,
    }


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json", "text/plain", ""])
@pytest.mark.parametrize("name", spoilt_bodies({"serviceName": "办结", "n": "1"}))
def test_a_spoilt_report_is_answered_and_stores_nothing(
    city: City, key: tuple[str, str], name: str, kind: str
) -> None:
    status, answer = send(city, key, spoilt_bodies(fresh_record(city, 507))[name], kind)
    if status == 200:
        assert answer["counts"]["accepted"] + answer["counts"]["updated"] == 0, answer
        assert all(each["reasons"] for each in answer["results"])
    else:
        assert status in (400, 413, 415), answer
        assert answer["error"]["code"]
        assert answer["error"]["message"]
    # Nothing of it stands in the way of the same record sent rightly.
    healthy(city)


def test_a_spoilt_line_spoils_no_other(city: City, key: tuple[str, str]) -> None:
    record = fresh_record(city, 508)
    sound = json.dumps(record, ensure_ascii=False).encode()
    number = secrets.token_hex(8).encode()
    lines = [b'{"a":', sound.replace(b"JOURNEY", number), b"\xff\xfe", b"\x00", b"[" * 9_000, sound]
    status, answer = send(city, key, b"\n".join(lines))
    assert status == 200
    assert [each["verdict"] for each in answer["results"]] == [
        *("rejected", "accepted", "rejected", "rejected", "rejected", "accepted")
    ]


def test_unknown_fields_lose_nothing(city: City, key: tuple[str, str]) -> None:
    """A flat one is kept with the record; what is no single value is refused by its name."""
    record = fresh_record(city, 509) | {"unheardOf": "值", "x" * 20: 1}
    nested = record | {"extra": {"a": 1}, "serviceNumber": "2"}
    status, answer = send(city, key, json.dumps([record, nested]).encode(), "application/json")
    first, second = answer["results"]
    assert (status, first["verdict"], second["verdict"]) == (200, "accepted", "rejected"), answer
    assert fields(second) == ["extra"]


@pytest.mark.parametrize("path", PLACES)
def test_fifty_megabytes_are_refused_everywhere(city: City, path: str) -> None:
    status, kind, body = call(city, "POST", path, body=BIG, headers=FORM)
    # A stranger's report is refused before its body is read.
    assert status in ((401,) if path == OCCASIONS else (404, 405, 413)), body[:300]
    assert understandable(path, kind, body)
    healthy(city)


def test_fifty_megabytes_of_a_known_sender_are_refused_too(city: City, key: tuple[str, str]) -> None:
    status, answer = send(city, key, BIG)
    assert status == 413
    assert answer["error"]["message"]
    healthy(city)


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_every_method_everywhere_is_answered(city: City, method: str, path: str) -> None:
    status, kind, body = call(city, method, path, body=b"[1" if method != "GET" else b"", headers=JSON)
    assert 200 <= status < 500, (status, body[:300])
    # What no browser and no client of ours sends may be refused without words.
    assert method in ("BREW", "TRACE", "OPTIONS") or status < 400 or understandable(path, kind, body)


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Long": "a" * 40_000},
        {f"X-{number}": "a" for number in range(300)},
        {"Host": "elsewhere.example"},
        {"Cookie": "sessionid=%00; csrftoken=" + "\xff" * 100},
        {"Accept-Language": "\xff, *;q=x, " + "zz," * 500},
        {"Content-Type": "\xff", "X-Forwarded-For": "\xff, ::::", "Range": "bytes=9-1"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_odd_headers_are_answered(city: City, path: str, headers: dict[str, str]) -> None:
    status, kind, body = call(city, "GET", path, headers=headers)
    assert 200 <= status < 500, (status, body[:300])
    assert status < 400 or understandable(path, kind, body)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/%00",
            "/r/%00",
            "/r/%ff%fe",
            "/%ff",
            "/?q=%00",
            "/console/login/?next=%00",
            "/console/orders/%00/",
        ),
        *("/../../etc/passwd", "//elsewhere.example", "/r/", "/r/a/b/c", "/%2e%2e/%2e%2e/etc/passwd"),
        *("/" + "a" * 20_000, "/r/" + "a" * 20_000, "/?q=" + "a" * 20_000, "/api/" + "a" * 20_000),
    ],
    ids=lambda path: path[:30],
)
def test_odd_addresses_are_answered(city: City, path: str) -> None:
    status, kind, body = call(city, "GET", path)
    assert 200 <= status < 500, (status, body[:300])
    assert status < 400 or understandable(path, kind, body)


@pytest.mark.parametrize("path", ["/receipt", "/r/forged", "/console/login/"])
@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b"number=%00&secret=%ff&username=%00&password=%00",
        "number=号".encode("gbk"),
        b"&" * 9_000,
    ],
    ids=["bytes", "nul", "gbk", "ampersands"],
)
def test_odd_forms_are_answered(city: City, path: str, body: bytes) -> None:
    for headers in (FORM, JSON, {"Content-Type": "multipart/form-data; boundary=x"}, {"Content-Type": ""}):
        status, kind, answer = call(city, "POST", path, body=body, headers=headers)
        assert 400 <= status < 500, (status, answer[:300])
        assert understandable(path, kind, answer)
    healthy(city)


def test_after_all_that_a_report_is_taken(city: City) -> None:
    status, answer = send(
        city, city.client(ORGANISATION, "report"), json.dumps(fresh_record(city, 510)).encode()
    )
    assert (status, answer["counts"]["accepted"]) == (200, 1), answer
    healthy(city)


def understandable(path: str, kind: str, body: bytes) -> bool:
    """Programs get an error with code and message, people a page that says what happened, in Chinese."""
    if path.startswith("/api/"):
        error = json.loads(body)["error"]
        return bool(error["code"] and error["message"]) and kind.startswith("application/json")
    return kind == "text/html; charset=utf-8" and "<h1" in body.decode()
