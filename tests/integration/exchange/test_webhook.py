"""Alarms told to a real HTTP peer: signed, once when it takes them, later when it does not, never led astray."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from haochaping.audit.operations import record
from haochaping.exchange import webhook
from haochaping.foundation.errors import Refused
from haochaping.foundation.outgoing import NoAnswer, call, checked_address
from haochaping.intake.http import Request
from haochaping.intake.signature import SHA256, SM3, signature
from haochaping.notices.models import Notice
from haochaping.notices.rules import ATTEMPTS
from haochaping.oversight.operations.retention_alarms import watch_terms
from haochaping.simulation.marks import BEGUN
from tests.integration.oversight.test_alarms import concluded

pytestmark = pytest.mark.django_db

SECRET = "webhook-of-the-test"


@dataclass
class Peer:
    """Remembers what it was sent and answers as it is told."""

    address: str = ""
    status: int = 204
    location: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    peer = Peer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            peer.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(peer.status)
            if peer.location:
                self.send_header("Location", peer.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    peer.address = f"http://127.0.0.1:{server.server_port}/alarms?who=hcp&b=1"
    monkeypatch.setenv("HAOCHAPING_ALARM_URL", peer.address)
    monkeypatch.setenv("HAOCHAPING_ALARM_SECRET", SECRET)
    yield peer
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("algorithm", [SM3, SHA256])
def test_the_peer_can_verify_what_it_gets(
    peer: Peer, now: datetime, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    monkeypatch.setenv("HAOCHAPING_ALARM_ALGORITHM", algorithm)
    monkeypatch.setenv("HAOCHAPING_SYSTEM_NAME", " 昆明市“好差评” ")
    monkeypatch.setenv("HAOCHAPING_BASE_URL", "https://hcp.example.test/")
    concluded(now, 1)
    assert webhook.tell_alarms(now=now) == 1
    assert webhook.tell_alarms(now=now) == 0
    ((path, headers, body),) = peer.got
    signed = Request("POST", path.partition("?")[0], path.partition("?")[2], {}, "", now, body)
    assert headers["x-hcp-key"] == webhook.KEY
    assert headers["x-hcp-timestamp"] == str(int(now.timestamp()))
    assert headers.get("x-hcp-algorithm", SM3) == algorithm
    assert headers["x-hcp-signature"] == signature(
        SECRET.encode(),
        signed,
        timestamp=headers["x-hcp-timestamp"],
        nonce=headers["x-hcp-nonce"],
        algorithm=algorithm,
    )
    told = json.loads(body)
    assert told["event"] == "raised"
    assert told["system"] == {"name": "昆明市“好差评”", "address": "https://hcp.example.test"}
    assert told["alarms"][0].keys() == {
        "id",
        "kind",
        "way",
        "channel",
        "level",
        "kept",
        "step",
        "reason",
        "since",
        "ended",
    }
    assert {each["level"] for each in told["alarms"]} == {1}


def test_terms_of_keeping_that_were_not_carried_out_are_told_as_well(
    peer: Peer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HAOCHAPING_SYSTEM_NAME", "HAOCHAPING_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    watch_terms({"traces": "1 left"}, now=now, tell=True)
    watch_terms({}, now=now + timedelta(hours=1), tell=True)
    assert webhook.tell_alarms(now=now + timedelta(hours=1)) == 2
    raised, ended = (json.loads(body) for _, _, body in peer.got)
    assert raised["system"] == {"name": None, "address": None}
    (alarm,) = raised["alarms"]
    told = ("kind", "kept", "way", "channel", "level", "step", "reason")
    assert [alarm[name] for name in told] == ["retention", "traces", None, None, None, None, "1 left"]
    assert (ended["event"], ended["alarms"][0]["id"]) == ("ended", alarm["id"])


def test_what_does_not_arrive_is_sent_again_later_and_later_and_given_up(peer: Peer, now: datetime) -> None:
    peer.status = 500
    concluded(now, 1)
    at, gaps = now, []
    for _ in range(ATTEMPTS):
        assert webhook.tell_alarms(now=at) == 0
        due = Notice.objects.get().due_at
        gaps.append(due - at)
        assert webhook.tell_alarms(now=due - timedelta(seconds=1)) == 0
        at = due
    assert len(peer.got) == ATTEMPTS
    assert len({body for _, _, body in peer.got}) == 1
    assert len({headers["x-hcp-nonce"] for _, headers, _ in peer.got}) == ATTEMPTS
    assert gaps[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(gaps) == timedelta(hours=4)
    webhook.tell_alarms(now=at)
    assert len(peer.got) == ATTEMPTS
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error) == ("given_up", "HTTP 500")


def test_a_peer_that_comes_back_is_told(peer: Peer, now: datetime) -> None:
    peer.status = 503
    concluded(now, 1)
    webhook.tell_alarms(now=now)
    peer.status = 200
    assert webhook.tell_alarms(now=now + timedelta(minutes=1)) == 1
    concluded(now + timedelta(hours=1))
    assert webhook.tell_alarms(now=now + timedelta(hours=1)) == 1
    assert [json.loads(body)["event"] for _, _, body in peer.got] == ["raised", "raised", "ended"]


def test_a_redirection_leads_nowhere(peer: Peer, now: datetime) -> None:
    peer.status, peer.location = 307, peer.address
    concluded(now, 1)
    assert webhook.tell_alarms(now=now) == 0
    assert len(peer.got) == 1
    assert Notice.objects.get().last_error == "HTTP 307"


def test_a_demo_sends_nothing_out(peer: Peer, now: datetime) -> None:
    with transaction.atomic():
        record(now=now, actor="demo", act=BEGUN)
    concluded(now, 1)
    assert not webhook.told()
    assert webhook.tell_alarms(now=now) == 0
    assert peer.got == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HAOCHAPING_ALARM_URL", "ftp://example.test/"),
        ("HAOCHAPING_ALARM_URL", "https://user:pass@example.test/"),
        ("HAOCHAPING_ALARM_SECRET", "short"),
        ("HAOCHAPING_ALARM_ALGORITHM", "MD5"),
    ],
)
def test_settings_that_cannot_be_are_said(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=name) as refused:
        webhook.webhook()
    assert "pass@" not in str(refused.value)


def test_without_an_address_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAOCHAPING_ALARM_URL", raising=False)
    assert webhook.webhook() is None


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        call("GET", "http://127.0.0.1:9/")
    with pytest.raises(ValueError, match="password"):
        checked_address("http://a:b@example.test")
