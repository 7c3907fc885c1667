"""The door behind a real server, with real sockets, slow and oversized clients, and a real process behind the
relay.
"""

import asyncio
import gzip
import json
import logging
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
import uvicorn
from aiohttp import web

from haochaping.foundation.clock import now
from haochaping.intake import bodies
from haochaping.intake import relay as relay_module
from haochaping.intake.addresses import Proxies
from haochaping.intake.bounds import Bounds
from haochaping.intake.connections import BoundedConnection
from haochaping.intake.door import Door
from haochaping.intake.http import Request, Response, Route, Scope
from haochaping.intake.metrics import DoorMetrics
from haochaping.intake.relay import Relay
from haochaping.intake.services import Services
from haochaping.policy.keeping import RulesKeeper

SECRET = "4815162342"
ALWAYS = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options")


async def echo(request: Request, services: Services) -> Response:
    answer = {
        "token": request.parameters.get("token"),
        "body": len(request.body),
        "address": request.address,
        "query": request.query,
    }
    return Response(200, json.dumps(answer).encode(), "application/json")


async def break_down(request: Request, services: Services) -> Response:
    raise ValueError(f"the row of {request.body!r} was refused")


async def own_headers(request: Request, services: Services) -> Response:
    return Response(200, b"x", headers=(("Content-Security-Policy", "own"), ("Cache-Control", "max-age=60")))


async def admit_the_named(request: Request, services: Services) -> Response | None:
    return None if request.headers.get("x-name") else Response(401, b"who are you")


GUARDED = Route("POST", "/guarded", echo, permission="client:report", admission=admit_the_named)
ROUTES = (
    Route("GET", "/r/{token}", echo, permission="rating token"),
    Route("POST", "/r/{token}", echo, permission="rating token", body_limit=1000),
    Route("POST", "/api/v1/ratings/{token}", break_down, permission="rating token"),
    Route("POST", "/broken", break_down, permission="public"),
    Route("GET", "/privacy", own_headers, permission="public"),
)


@asynccontextmanager
async def no_services() -> AsyncIterator[Services]:
    yield cast(Services, SimpleNamespace(rules=RulesKeeper(), processes=None, metrics=DoorMetrics()))


@asynccontextmanager
async def serving(door: Door) -> AsyncIterator[str]:
    """The door under uvicorn, as `up` runs it, on a free port; its address."""
    listener = sockets.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        door,
        http=BoundedConnection,
        lifespan="on",
        access_log=False,
        proxy_headers=False,
        log_level="warning",
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(Door(ROUTES, no_services, now=now)) as url:
        yield url


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


async def test_a_handler_gets_what_it_needs_and_the_answer_carries_what_every_answer_carries(
    address: str, client: aiohttp.ClientSession
) -> None:
    async with client.post(f"{address}/R/aBc?size=large", data=b"x" * 1000) as answer:
        told = await answer.json()
        assert told == {"token": "aBc", "body": 1000, "address": "127.0.0.1", "query": "size=large"}
        assert set(ALWAYS) <= {name.lower() for name in answer.headers}
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_handlers_own_headers_win(address: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{address}/privacy") as answer:
        assert answer.headers.getall("Content-Security-Policy") == ["own"]
        assert answer.headers.getall("Cache-Control") == ["max-age=60"]


async def test_head_is_get_without_the_body(address: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{address}/r/x") as full, client.head(f"{address}/r/x") as head:
        assert (head.status, head.headers["Content-Length"]) == (200, full.headers["Content-Length"])
        assert await head.read() == b""


async def test_unknown_addresses_and_methods_are_told_in_words(
    address: str, client: aiohttp.ClientSession
) -> None:
    async with client.get(f"{address}/nowhere") as answer:
        assert answer.status == 404
        assert "没有找到这个页面" in await answer.text()
    async with client.delete(f"{address}/r/x") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    async with client.get(f"{address}/api/v1/ratings/x") as answer:
        assert answer.status == 405
        assert (await answer.json())["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("size", [1001, 3_000_000, 50_000_000])
async def test_a_body_over_the_limit_gets_to_see_why(
    address: str, client: aiohttp.ClientSession, size: int
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 65536):
            yield b"x" * min(65536, size - start)

    async with client.post(f"{address}/r/x", data=b"x" * size) as answer:
        assert answer.status == 413
        assert "提交的内容过大" in await answer.text()
    async with client.post(f"{address}/r/x", data=chunks()) as answer:
        assert answer.status == 413


async def test_a_body_that_does_not_arrive_is_told_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies.read_body, "__kwdefaults__", {"patience": 0.1, "share": None})
    reader, writer = await asyncio.open_connection(*address.removeprefix("http://").split(":"))
    writer.write(b"POST /r/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 408")
    writer.close()


async def test_nothing_is_read_of_whom_the_route_does_not_admit(client: aiohttp.ClientSession) -> None:
    """Its answer is there while the client has sent a thousandth of what it announced."""
    async with serving(Door((GUARDED,), no_services, now=now)) as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(b"POST /guarded HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n1")
        answer = await asyncio.wait_for(reader.readuntil(b"who are you"), 5)
        assert answer.startswith(b"HTTP/1.1 401 ")
        writer.close()
        async with client.post(f"{url}/guarded", data=b"x" * 1000, headers={"X-Name": "a"}) as known:
            assert (known.status, (await known.json())["body"]) == (200, 1000)


async def test_large_bodies_at_once_are_told_to_come_again_and_small_ones_pass(
    client: aiohttp.ClientSession,
) -> None:
    large = Route("POST", "/large", echo, permission="public", body_limit=200_000)
    async with serving(Door((large,), no_services, now=now, bounds=Bounds(all_bodies=100_000))) as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(b"POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 150001\r\n\r\n" + b"x" * 150_000)
        await writer.drain()
        await asyncio.sleep(0.1)
        async with client.post(f"{url}/large", data=b"x" * 150_000) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
            assert "同时上传的内容过多" in await answer.text()
        async with client.post(f"{url}/large", data=b"x" * 60_000) as answer:
            assert answer.status == 200
        writer.write(b"x")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        writer.close()
        async with client.post(f"{url}/large", data=b"x" * 150_000) as answer:
            assert answer.status == 200


async def test_too_many_headers_are_refused(address: str, client: aiohttp.ClientSession) -> None:
    for headers in ({f"X-{n}": "x" for n in range(150)}, {f"X-{n}": "x" * 3000 for n in range(15)}):
        async with client.get(f"{address}/r/x", headers=headers) as answer:
            assert answer.status == 431


async def test_an_address_longer_than_any_of_ours_is_refused(
    address: str, client: aiohttp.ClientSession
) -> None:
    for path in (f"/r/{'x' * 4000}", f"/any/{'%E5' * 1400}", f"/any?{'q' * 4000}"):
        async with client.get(f"{address}{path}") as answer:
            assert answer.status == 414
            assert "地址过长" in await answer.text()


async def test_an_error_of_ours_gets_a_reference_and_the_log_tells_no_content(
    address: str, client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with client.post(f"{address}/api/v1/ratings/{SECRET}", data=SECRET.encode()) as answer:
            assert answer.status == 500
            reference = (await answer.json())["error"]["reference"]
        async with client.post(f"{address}/broken", data=SECRET.encode()) as answer:
            assert answer.status == 500
            assert SECRET not in await answer.text()
    assert f"reference {reference}: POST /api/v1/ratings/{{token}} failed: ValueError" in caplog.text
    assert SECRET not in caplog.text


async def test_before_the_services_are_there_the_door_says_so_and_lives(
    client: aiohttp.ClientSession,
) -> None:
    attempts = []

    @asynccontextmanager
    async def later() -> AsyncIterator[Services]:
        attempts.append(1)
        if len(attempts) < 2:
            raise ConnectionRefusedError
        yield cast(Services, SimpleNamespace(rules=RulesKeeper(), processes=None, metrics=DoorMetrics()))

    async with serving(Door(ROUTES, later, now=now)) as address:
        async with client.get(f"{address}/livez") as answer:
            assert answer.status == 200
        async with client.get(f"{address}/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["parts"]["database"] == "not reached yet"
        async with client.get(f"{address}/r/x") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        for _ in range(100):
            async with client.get(f"{address}/r/x") as answer:
                if answer.status == 200:
                    break
            await asyncio.sleep(0.02)
        assert answer.status == 200


async def test_websockets_are_not_spoken(address: str, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.ws_connect(f"{address}/r/x")


class Behind:
    """What stands in Django's place behind the relay: a real HTTP server on a Unix socket."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.seen.append(
            SimpleNamespace(raw=request.raw_path, headers=request.headers, body=body, method=request.method)
        )
        if request.path == "/zipped":
            return web.Response(body=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
        if request.path == "/stream":
            stream = web.StreamResponse(headers={"X-Hop": "1", "Connection": "X-Hop"})
            await stream.prepare(request)
            for n in range(3):
                await stream.write(f"{n}\n".encode() * 1000)
                await asyncio.sleep(0.01)
            return stream
        if request.path == "/torn":
            torn = web.StreamResponse(headers={"Content-Length": "1000"})
            await torn.prepare(request)
            await torn.write(b"half")
            request.transport.close()
            return torn
        response = web.Response(status=302, headers={"Location": "/console/"})
        response.headers.add("Set-Cookie", "a=1; Path=/")
        response.headers.add("Set-Cookie", "b=2; Path=/")
        return response


@pytest.fixture
async def behind(tmp_path: Path) -> AsyncIterator[Behind]:
    seen = Behind()
    runner = web.ServerRunner(web.Server(seen))
    await runner.setup()
    site = web.UnixSite(runner, str(tmp_path / "web"))
    await site.start()
    yield seen
    await runner.cleanup()


@pytest.fixture
async def relayed(behind: Behind, tmp_path: Path) -> AsyncIterator[str]:
    relay = Relay(str(tmp_path / "web"), body_limit=2_000_000)
    async with serving(Door(ROUTES, no_services, relay, now=now, bounds=Bounds(Proxies("127.0.0.1")))) as url:
        yield url


async def test_what_is_not_ours_is_passed_on_as_it_came(
    behind: Behind, relayed: str, client: aiohttp.ClientSession
) -> None:
    headers = {
        "Cookie": "sessionid=x",
        "X-Forwarded-For": "6.6.6.6, 198.51.100.7",
        "Connection": "X-Mine",
        "X-Mine": "1",
    }
    raw = f"{relayed}/%E6%98%86/a%2Fb?q=%26&x"
    async with client.post(
        aiohttp.client.URL(raw, encoded=True), data=b"y" * 1_000_000, headers=headers, allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/console/")
        assert answer.headers.getall("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]
        assert len(answer.headers.getall("Date")) == 1
    (seen,) = behind.seen
    assert (seen.method, seen.raw, seen.body) == ("POST", "/%E6%98%86/a%2Fb?q=%26&x", b"y" * 1_000_000)
    assert seen.headers["Cookie"] == "sessionid=x"
    assert seen.headers["Host"] == relayed.removeprefix("http://")
    assert seen.headers.getall("X-Forwarded-For") == ["198.51.100.7"]
    assert seen.headers["X-Forwarded-Proto"] == "http"
    assert "X-Mine" not in seen.headers


async def test_answers_come_through_unaltered(relayed: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{relayed}/zipped") as answer:
        assert gzip.decompress(await answer.read()) == b"hello"
        assert answer.headers["Content-Encoding"] == "gzip"
    async with client.get(f"{relayed}/stream") as answer:
        assert len(await answer.read()) == 6000
        assert "X-Hop" not in answer.headers
    async with client.head(f"{relayed}/zipped") as answer:
        assert await answer.read() == b""


async def test_a_torn_answer_looks_torn(relayed: str, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        async with client.get(f"{relayed}/torn") as answer:
            await answer.read()


async def test_tokens_never_reach_the_process_behind(
    behind: Behind, relayed: str, client: aiohttp.ClientSession
) -> None:
    for path in (f"/r/{SECRET}/", f"/r/{SECRET}/x", f"/R/{SECRET}/", f"/api/v1/ratings/{SECRET}/x"):
        async with client.get(relayed + path) as answer:
            assert answer.status == 404
    assert behind.seen == []


async def test_a_body_too_large_for_the_process_behind_never_reaches_it(
    behind: Behind, relayed: str, client: aiohttp.ClientSession
) -> None:
    async with client.post(f"{relayed}/console/", data=b"x" * 2_000_001) as answer:
        assert answer.status == 413
    assert behind.seen == []


async def test_while_the_process_behind_is_away_the_page_says_so(
    tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    async with serving(Door(ROUTES, no_services, Relay(str(tmp_path / "none")), now=now)) as address:
        async with client.get(f"{address}/console/") as answer:
            assert answer.status == 502
            assert "页面暂时无法打开" in await answer.text()
        async with client.get(f"{address}/readyz") as answer:
            assert (await answer.json())["parts"]["web"] == "does not answer"


async def test_an_error_of_the_relay_is_answered_and_logged_without_the_address(
    behind: Behind,
    relayed: str,
    client: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(scope: Scope) -> None:
        raise ValueError(scope["path"])

    monkeypatch.setattr(relay_module, "_url", fail)
    async with client.get(f"{relayed}/console/first-login/{SECRET}/") as answer:
        assert answer.status == 500
        assert SECRET not in await answer.text()
    assert "passing on a GET request failed: ValueError at relay.py" in caplog.text
    assert SECRET not in caplog.text
