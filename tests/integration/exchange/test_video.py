"""The video platform: signed addresses, and a real peer asked to keep a clip that takes it, fails and hangs."""

import hashlib
import hmac
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction

from haochaping.audit.operations import record
from haochaping.evidence.clips import Clip
from haochaping.exchange import video
from haochaping.exchange.signed import WebhookUnusable
from haochaping.foundation import outgoing
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.http import Request
from haochaping.intake.signature import SHA256, SM3, signature
from haochaping.notices.models import Notice
from haochaping.notices.operations.outbox import put_out_clip
from haochaping.notices.queries.outbox import outbox, troubled
from haochaping.notices.states import Channel, State
from haochaping.simulation.marks import BEGUN

pytestmark = pytest.mark.django_db

SECRET = "platform-of-the-test"
URL = "https://video.example.cn/play/{camera}?b={begin}&e={end}&t={expires}&s={signature}"
SETTINGS = {"HAOCHAPING_VIDEO_URL": URL, "HAOCHAPING_VIDEO_SECRET": SECRET}
CLIP = Clip("hall:1+a", datetime(2026, 11, 19, 1, 25, tzinfo=UTC), datetime(2026, 11, 19, 1, 55, tzinfo=UTC))
BODY = '{"camera": "cam-1"}'


@pytest.mark.parametrize("algorithm", [SM3, SHA256])
def test_an_address_is_signed_and_good_for_some_minutes(now: datetime, algorithm: str) -> None:
    where = video.platform({**SETTINGS, "HAOCHAPING_VIDEO_ALGORITHM": algorithm})
    assert where is not None
    parts = urlsplit(video.address(where, CLIP, now=now))
    said = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert parts.path == "/play/hall%3A1%2Ba"
    begin, end = (str(int(each.timestamp())) for each in (CLIP.begins_at, CLIP.ends_at))
    expires = str(int(now.timestamp()) + 300)
    assert (said["b"], said["e"], said["t"]) == (begin, end, expires)
    text = "\n".join((CLIP.camera, begin, end, expires)).encode()
    key = SECRET.encode()
    wanted = hmac.new(key, text, hashlib.sha256).digest() if algorithm == SHA256 else hmac_sm3(key, text)
    assert said["s"] == wanted.hex()
    assert SECRET not in repr(where)


def test_without_a_platform_there_is_none_and_in_a_demo_neither(now: datetime) -> None:
    assert video.platform({}) is None
    with transaction.atomic():
        record(now=now, actor="test", act=BEGUN)
    assert video.platform(SETTINGS) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"HAOCHAPING_VIDEO_URL": URL.replace("{expires}", "0")}, "video_url"),
        ({"HAOCHAPING_VIDEO_URL": URL + "&n={name}"}, "video_url"),
        ({"HAOCHAPING_VIDEO_URL": URL.replace("https", "javascript")}, "video_url"),
        ({"HAOCHAPING_VIDEO_SECRET": "short"}, "video_secret"),
        ({"HAOCHAPING_VIDEO_ALGORITHM": "MD5"}, "video_algorithm"),
    ],
)
def test_settings_that_cannot_be_used_are_told(change: dict[str, str], code: str) -> None:
    with pytest.raises(WebhookUnusable) as refusal:
        video.platform({**SETTINGS, **change})
    assert refusal.value.code == code


@dataclass
class Peer:
    """A platform that remembers what it was sent, and takes it, answers as told, or does not answer."""

    environment: dict[str, str] = field(default_factory=dict)
    status: int = 204
    hangs: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            peer.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if peer.hangs:
                peer.stop.wait(20)
                return
            self.send_response(peer.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    peer.environment = {
        "HAOCHAPING_VIDEO_KEEP_URL": f"http://127.0.0.1:{server.server_port}/keep",
        "HAOCHAPING_VIDEO_KEEP_SECRET": SECRET,
    }
    yield peer
    peer.stop.set()
    server.shutdown()
    server.server_close()


def put(now: datetime, key: str = "a") -> None:
    with transaction.atomic():
        put_out_clip(key=key, body=BODY, now=now)


def test_the_platform_is_asked_once_and_can_tell_who_asks(peer: Peer, now: datetime) -> None:
    put(now)
    put(now)  # a second look at the same clip
    assert video.ask_to_keep(now=now, environment=peer.environment) == 1
    put(now)
    assert video.ask_to_keep(now=now + timedelta(hours=5), environment=peer.environment) == 0
    ((headers, body),) = peer.got
    assert body == BODY.encode()
    signed = Request("POST", "/keep", "", {}, "", now, body)
    made = signature(
        SECRET.encode(),
        signed,
        timestamp=headers["x-hcp-timestamp"],
        nonce=headers["x-hcp-nonce"],
        algorithm=SM3,
    )
    assert (headers["x-hcp-key"], headers["x-hcp-signature"]) == ("video", made)
    assert Notice.objects.get().state == State.SENT


def test_a_platform_that_fails_and_hangs_is_asked_again_by_the_same_key(
    peer: Peer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outgoing.call.__kwdefaults__, "seconds", 0.2)
    monkeypatch.setitem(outgoing.call.__kwdefaults__, "in_all", 0.4)
    put(now)
    put(now + timedelta(seconds=1), "b")
    at = now + timedelta(seconds=1)
    peer.status = 503
    assert video.ask_to_keep(now=at, environment=peer.environment) == 0
    assert len(peer.got) == 1  # away: the other one is not tried in this round
    at += timedelta(minutes=1)
    peer.hangs = True
    assert video.ask_to_keep(now=at, environment=peer.environment) == 0
    peer.hangs, peer.status = False, 200
    at += timedelta(minutes=5)
    assert video.ask_to_keep(now=at, environment=peer.environment) == 2
    assert video.ask_to_keep(now=at + timedelta(days=1), environment=peer.environment) == 0
    keys = [headers["idempotency-key"] for headers, _ in peer.got]
    assert len(keys) == 4
    assert len(set(keys)) == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_platform_that_takes_nothing_is_an_alarm_of_the_outbox(peer: Peer, now: datetime) -> None:
    put(now)
    peer.status, at = 400, now
    for _ in range(5):
        video.ask_to_keep(now=at, environment=peer.environment)
        at += timedelta(hours=1)
    assert Channel.VIDEO in troubled()
    assert outbox(since=now).counts[Channel.VIDEO][State.WAITING] == 1


def test_where_nothing_goes_out_it_is_withheld(peer: Peer, now: datetime) -> None:
    put(now)
    assert video.ask_to_keep(now=now, environment={}) == 0
    put(now, "b")
    with transaction.atomic():
        record(now=now, actor="test", act=BEGUN)
    assert video.ask_to_keep(now=now, environment=peer.environment) == 0
    assert peer.got == []
    assert set(Notice.objects.values_list("state", "last_error")) == {
        (State.WITHHELD, "off"),
        (State.WITHHELD, "demo"),
    }
