"""What the site passes on, to whom, and as what: real nginx, and behind it two servers that say what they got."""

import asyncio
import base64
import hashlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from haochaping.config.asgi import ROUTES
from haochaping.intake import relay
from tests.integration.deploy.nginx import NAME, ROOT, SITE, Nginx, nginx

PAGES = ROOT / "deploy" / "nginx" / "pages"
MEGABYTE = 1024 * 1024
EVIDENCE = "/console/orders/0198f1a0-0000-7000-8000-000000000000/evidence/add/"


@dataclass
class Site:
    """`seen` is what came through to whom, oldest first."""

    nginx: Nginx
    seen: list[SimpleNamespace]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """The site before two servers that stand for door and web."""
    async with AsyncExitStack() as stack:
        found = Site(await stack.enter_async_context(nginx(tmp_path)), [])
        for name in ("door", "web"):
            runner = web.ServerRunner(web.Server(_telling(name, found.seen)))
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, found.nginx.listen(name)).start()
        yield found


def _telling(name: str, seen: list[SimpleNamespace]) -> Any:
    async def answer(request: web.BaseRequest) -> web.Response:
        body = 0
        async for chunk in request.content.iter_any():
            body += len(chunk)
        seen.append(SimpleNamespace(who=name, path=request.raw_path, headers=request.headers, body=body))
        return web.Response(text=name)

    return answer


async def test_every_route_of_the_door_leads_to_the_door_in_any_case(site: Site) -> None:
    paths = {re.sub(r"\{\w+\}", "0" * 40, route.pattern) for route in ROUTES} | {"/livez", "/readyz"}
    assert len(paths) > 8
    lower_only = {"/livez", "/readyz", "/metrics", "/favicon.ico"}
    async with site.nginx.client() as client:
        for path in sorted(paths):
            for spelled in {path, path if path in lower_only else path.upper()}:
                async with client.get(f"{spelled}?size=large") as answer:
                    assert (spelled, await answer.text()) == (spelled, "door")
                assert site.seen[-1].path == f"{spelled}?size=large"


@pytest.mark.parametrize("path", ["/", "/console/", "/static/shared/tokens.css", "/receipts", "/rx", "/apis"])
async def test_everything_else_leads_to_the_web_process(site: Site, path: str) -> None:
    async with site.nginx.client() as client, client.get(path) as answer:
        assert await answer.text() == "web"


async def test_a_screen_in_a_hall_asks_again_while_the_system_is_away(tmp_path: Path) -> None:
    async with nginx(tmp_path) as found, found.client() as client:
        async with client.get("/screen") as answer:
            assert (answer.status, answer.headers["Refresh"]) == (503, "10")
        async with client.get("/") as answer:
            assert (answer.status, answer.headers.get("Refresh")) == (503, None)


async def test_what_is_measured_is_for_this_machine_alone(site: Site) -> None:
    async with site.nginx.client() as client:
        for path, who in (("/metrics", "door"), ("/console/metrics/", "web")):
            async with client.get(path) as answer:
                assert await answer.text() == who
    blocks = re.findall(r"location [^{]*metrics[^{]*\{([^}]*)\}", SITE.read_text())
    ends = [re.findall(r"\b(?:allow|deny) [^;]+", block) for block in blocks]
    assert ends == 2 * [["allow 127.0.0.0/8", "allow ::1", "deny all"]]


@pytest.mark.parametrize("path", ["/r/x", "/console/"])
async def test_who_asks_is_who_asks_whatever_he_says_of_himself(site: Site, path: str) -> None:
    said = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
        "Connection": "X-Mine",
    }
    async with site.nginx.client("127.0.0.5") as client, client.get(path, headers=said):
        pass
    (seen,) = site.seen
    assert seen.headers.getall("X-Forwarded-For") == ["127.0.0.5"]
    assert seen.headers.getall("X-Forwarded-Proto") == ["https"]
    assert seen.headers["Host"] == NAME
    assert not {"Forwarded", "X-Real-IP", "X-Forwarded-Host"} & set(seen.headers)


@pytest.mark.parametrize(
    ("path", "most", "kind"),
    [
        ("/r/x", 256 * 1024, "text/html"),
        ("/receipt", 256 * 1024, "text/html"),
        ("/api/v1/ratings/x", 256 * 1024, "application/json"),
        ("/api/v1/occasions", 32 * MEGABYTE, "application/json"),
        ("/console/", relay.BODY_LIMIT, "text/html"),
        (EVIDENCE, relay.BODY_LIMIT, "text/html"),
    ],
)
async def test_a_body_is_let_through_up_to_its_limit_and_refused_in_words_beyond(
    site: Site, path: str, most: int, kind: str
) -> None:
    """No less than any route below takes, or the program's own words would never be heard."""
    below = [each.body_limit for each in ROUTES if each.pattern.startswith(path.removesuffix("x"))]
    assert most >= max(below, default=0)
    async with site.nginx.client() as client:
        async with client.post(path, data=b"x" * most) as answer:
            assert answer.status == 200
        async with client.post(path, data=b"x" * (most + 1)) as answer:
            assert (answer.status, answer.content_type) == (413, kind)
            assert "内容超过了这里允许的大小" in await answer.text()
            assert answer.headers["Strict-Transport-Security"]
    assert [seen.body for seen in site.seen] == [most]


async def test_a_report_reaches_the_door_while_it_is_still_being_sent(site: Site) -> None:
    """So that the door refuses a stranger by the head, and evidence lies on no disk in the open; a form comes when it is
    here whole."""
    arrived = {}
    for path, name in (("/api/v1/occasions", "door"), ("/r/x", "door"), (EVIDENCE, "web")):
        context = ssl.create_default_context(cafile=str(site.nginx.folder / "fullchain.pem"))
        _, writer = await asyncio.open_connection(
            "127.0.0.1", site.nginx.secure, ssl=context, server_hostname=NAME
        )
        head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100000\r\n\r\n"
        before = len(_accepted(site.nginx.folder / f"{name}.sock"))
        writer.write(head.encode() + b"x" * 1000)
        await writer.drain()
        for _ in range(30):
            await asyncio.sleep(0.1)
            if len(_accepted(site.nginx.folder / f"{name}.sock")) > before:
                break
        arrived[path] = len(_accepted(site.nginx.folder / f"{name}.sock")) > before
        writer.close()
    assert arrived == {"/api/v1/occasions": True, "/r/x": False, EVIDENCE: True}
    assert not any((site.nginx.folder / "client_body").rglob("*0*/*"))


def _accepted(path: Path) -> list[str]:
    """The connections that the socket has taken in, as the system lists them."""
    return [line for line in Path("/proc/net/unix").read_text().splitlines() if line.endswith(str(path))][1:]


async def test_the_log_tells_what_kind_of_request_it_was_and_nothing_else(site: Site) -> None:
    told = [
        "/r/SECRET1",
        "/R/SECRET1/qr",
        "/receipt?number=SECRET2",
        "/console/welcome/SECRET3/",
        "/SECRET4?a=b",
    ]
    async with site.nginx.client("127.0.0.9") as client:
        for path in told:
            async with client.get(path, headers={"User-Agent": "SECRET5", "Referer": "https://x/SECRET6"}):
                pass
        async with client.post("/api/v1/ratings/SECRET7", data=b"SECRET8") as answer:
            assert answer.status == 200
    plain = f"http://127.0.0.1:{site.nginx.plain}/r/SECRET9"
    async with (
        aiohttp.ClientSession(headers={"Host": NAME}) as client,
        client.get(plain, allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/r/SECRET9")
    for _ in range(100):
        lines = [line.split() for line in site.nginx.access_log.splitlines()]
        if len(lines) == 7:
            break
        await asyncio.sleep(0.05)
    assert [line[1:4] for line in lines] == [
        ["GET", "/r/TOKEN", "200"],
        ["GET", "/r/TOKEN/qr", "200"],
        ["GET", "/receipt", "200"],
        ["GET", "/console/", "200"],
        ["GET", "-", "200"],
        ["POST", "/api/v1/ratings/TOKEN", "200"],
        ["GET", "/r/TOKEN", "308"],
    ]
    assert "SECRET" not in site.nginx.logs
    assert "127.0.0.9" not in site.nginx.logs


async def test_other_names_get_no_answer(site: Site) -> None:
    async with site.nginx.client(name="other.cn") as client:
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.get("/r/x")
    async with aiohttp.ClientSession(headers={"Host": "other.cn"}) as client:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.get(f"http://127.0.0.1:{site.nginx.plain}/")
    assert site.seen == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_old_ciphers_are_not_spoken_and_browsers_are_told_to_stay(site: Site) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", site.nginx.secure)) as plain, pytest.raises(ssl.SSLError):
        old.wrap_socket(plain, server_hostname=NAME)
    async with site.nginx.client() as client, client.get("/r/x") as answer:
        assert answer.headers.getall("Strict-Transport-Security") == ["max-age=31536000"]
        assert answer.headers["Server"] == "nginx"


def test_the_site_admits_the_style_of_its_own_pages_and_no_other() -> None:
    admitted = re.findall(r"style-src '(sha256-[^']+)'", SITE.read_text())
    pages = sorted(PAGES.glob("*.html"))
    assert len(pages) == 2
    for page in pages:
        (style,) = re.findall(r"<style>(.*?)</style>", page.read_text(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert [f"sha256-{digest}"] == admitted
