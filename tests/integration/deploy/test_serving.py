"""A city served as `deploy` has it: real nginx, and the processes that its units start, on sockets handed over to them."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import asyncpg
import pytest
from django.db import connection

from haochaping.intake.traces import address_hash
from haochaping.registry.operations import import_registry
from tests.integration.config.test_asgi import token_of
from tests.integration.deploy.nginx import NAME, ROOT, Nginx, nginx
from tests.markup import Page
from tests.occasions import database_address
from tests.reporting import REGISTRY

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# As systemd does it (sd_listen_fds(3)).
HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3);"
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
    "os.execv(sys.argv[2], sys.argv[2:])"
)
SETTINGS = {
    "HAOCHAPING_BASE_URL": f"https://{NAME}",
    "HAOCHAPING_PROXIES": "unix",
    "HAOCHAPING_DOOR_PATIENCE": "60",
}


@dataclass
class City:
    """nginx, and the sockets behind it as systemd holds them."""

    nginx: Nginx
    database: asyncpg.Connection
    sockets: dict[str, socket.socket] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def listen(self, name: str) -> None:
        self.sockets[name] = self.nginx.listen(name)

    def start(self, name: str) -> None:
        """What the unit of "door" or "web" starts, with the socket as descriptor 3."""
        (command,) = re.findall(
            r"^ExecStart=/opt/haochaping/haochaping (.+)$",
            (ROOT / "deploy" / "systemd" / f"haochaping-{name}.service").read_text(),
            re.MULTILINE,
        )
        number = self.sockets[name].fileno()
        program = (sys.executable, "-P", "-m", "haochaping.cli", *command.split())
        environment = os.environ | SETTINGS | {"DATABASE_URL": database_address()}
        with (self.nginx.folder / f"{name}.out").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", HAND_OVER, str(number), *program],
                pass_fds=(number,),
                env=environment,
                stdout=log,
                stderr=log,
            )

    async def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        # uvicorn ends of the signal that it was asked by; systemd takes both for clean.
        assert await asyncio.to_thread(process.wait, 60) in (0, -signal.SIGTERM), self.said(name)

    def hang_up(self, name: str) -> None:
        """As when the socket's unit is stopped too."""
        self.sockets.pop(name).close()
        (self.nginx.folder / f"{name}.sock").unlink()

    def said(self, name: str) -> str:
        return (self.nginx.folder / f"{name}.out").read_text()


@pytest.fixture
async def city(committed_db: None, now: datetime, tmp_path: Path) -> AsyncIterator[City]:
    await asyncio.to_thread(_bring_in, now)
    async with nginx(tmp_path) as site:
        database = await asyncpg.connect(database_address())
        found = City(site, database)
        try:
            for name in ("door", "web"):
                found.listen(name)
                found.start(name)
            yield found
        finally:
            for name in list(found.processes):
                found.processes[name].kill()
                found.processes.pop(name).wait(60)
            for held in found.sockets.values():
                held.close()
            await database.close()


def _bring_in(now: datetime) -> None:
    try:
        import_registry(directory=REGISTRY, now=now, actor="test")
    finally:
        connection.close()  # this thread's own


@asynccontextmanager
async def form_of(client: aiohttp.ClientSession, link: str) -> AsyncIterator[bytes]:
    """The rating page filled in."""
    async with client.get(link) as answer:
        page = Page(await answer.read())
        assert answer.status == 200
    kept = {name: page.value(name) for name in ("submission", "opened")}
    yield urlencode(kept | {"satisfaction": "5", "named": "0"}).encode()


async def test_a_citizen_rates_and_the_city_knows_who_asked_and_writes_down_nothing(city: City) -> None:
    token = await token_of(city.database)
    lies = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6"}
    async with city.nginx.client("127.0.0.7") as client, form_of(client, f"/R/{token}") as form:
        async with client.post(f"/R/{token}", data=form, headers=FORM | lies) as answer:
            assert answer.status == 201
            number, secret = re.findall(r'class="code">([0-9A-Z-]+)<', await answer.text())
        async with client.post("/receipt", data={"number": number, "secret": secret}) as answer:
            assert answer.status == 200
        async with client.get(f"/r/{token}") as answer:
            assert answer.status == 410
        async with client.get("/") as answer:
            assert answer.status == 200
        async with client.get("/console/", allow_redirects=True) as answer:
            assert answer.status == 200
            cookies = answer.headers.getall("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "SameSite=Strict" in cookie for cookie in cookies)
    assert await city.database.fetchval("SELECT address FROM ratings_trace") == address_hash("127.0.0.7")
    written = city.nginx.logs + city.said("door") + city.said("web")
    assert "POST /r/TOKEN 201" in city.nginx.access_log
    for word in (token, number, secret, "127.0.0.7", "6.6.6.6"):
        assert word.lower() not in written.lower()


async def test_the_doors_own_words_come_through(city: City) -> None:
    token = await token_of(city.database)
    async with city.nginx.client() as client:
        async with client.post(f"/api/v1/ratings/{token}", data=b"x" * 20_000) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (413, "too_large")
        async with client.post("/api/v1/occasions", data=b"{}") as answer:
            assert answer.status == 401
        async with client.get("/readyz") as answer:
            assert answer.status == 200


async def test_a_door_that_is_away_is_told_in_words_and_comes_back(city: City) -> None:
    token = await token_of(city.database)
    async with city.nginx.client() as client, form_of(client, f"/r/{token}") as form:
        await city.stop("door")
        city.hang_up("door")
        async with client.post(f"/r/{token}", data=form, headers=FORM) as answer:
            assert (answer.status, answer.content_type) == (503, "text/html")
            assert answer.headers["Retry-After"] == "10"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers.getall("Strict-Transport-Security") == ["max-age=31536000"]
            page = await answer.text()
            assert "系统暂时无法使用" in page
            assert "not available at the moment" in page
        async with client.post(f"/api/v1/ratings/{token}", json={}) as answer:
            assert (answer.status, answer.content_type) == (503, "application/json")
            assert (await answer.json())["error"]["code"] == "away"
        async with client.get("/") as answer:
            assert answer.status == 200
        # Neither page nor log tells what was asked for: nginx itself would, of what it could not pass on.
        assert token not in page + city.nginx.logs
        city.listen("door")
        city.start("door")
        async with client.post(f"/r/{token}", data=form, headers=FORM) as answer:
            assert answer.status == 201
    assert await city.database.fetchval("SELECT count(*) FROM ratings_rating") == 1


async def test_a_door_exchanged_while_people_rate_fails_nobody(city: City) -> None:
    """The socket stays, so that who comes in between waits for the next door; `systemctl restart` does no more."""
    tokens = [await token_of(city.database) for _ in range(60)]
    told: list[int] = []

    async def rate(client: aiohttp.ClientSession, token: str) -> None:
        link = f"/r/{token}"
        async with form_of(client, link) as form, client.post(link, data=form, headers=FORM) as answer:
            told.append(answer.status)

    async with city.nginx.client() as client:
        async with client.get("/readyz") as answer:
            assert answer.status == 200
        raters = []
        for place, token in enumerate(tokens):
            raters.append(asyncio.create_task(rate(client, token)))
            await asyncio.sleep(0.02)
            if place in (20, 40):
                old = city.processes["door"]
                await city.stop("door")
                city.start("door")
                assert city.processes["door"].pid != old.pid
        await asyncio.gather(*raters)
    assert told == [201] * len(tokens)
    assert await city.database.fetchval("SELECT count(*) FROM ratings_rating") == len(tokens)


async def test_a_door_killed_while_people_rate_doubles_nothing_and_fails_nobody(city: City) -> None:
    """What breaks off is sent once more by nginx; the same submission is one rating."""
    tokens = [await token_of(city.database) for _ in range(40)]
    async with city.nginx.client() as client:
        forms = []
        for token in tokens:
            async with form_of(client, f"/r/{token}") as form:
                forms.append(form)

        async def rate(token: str, form: bytes) -> int:
            async with client.post(f"/r/{token}", data=form, headers=FORM) as answer:
                await answer.read()
                return answer.status

        raters = [asyncio.create_task(rate(*each)) for each in zip(tokens, forms, strict=True)]
        await asyncio.sleep(0.05)
        city.processes["door"].kill()
        city.processes.pop("door").wait(60)
        city.start("door")
        told = await asyncio.gather(*raters)
    assert set(told) <= {200, 201}
    assert await city.database.fetchval("SELECT count(*) FROM ratings_rating") == len(tokens)
