"""Text messages by a real gateway that takes them, fails, hangs, drips, closes and lies."""

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from haochaping.audit.operations import record
from haochaping.exchange.delivering import carry_out
from haochaping.foundation import outgoing
from haochaping.foundation.errors import Refused
from haochaping.intake.http import Request
from haochaping.intake.signature import signature
from haochaping.notices.models import Notice, Preference
from haochaping.notices.operations.outbox import take
from haochaping.notices.rules import LEASE
from haochaping.notices.states import Channel, State
from haochaping.simulation.marks import BEGUN
from tests.notices import CLAUSE, PHONE, put_notice, wants
from tests.orders import make_city, make_official

pytestmark = pytest.mark.django_db

SECRET = "gateway-of-the-test"


@dataclass
class Gateway:
    """Remembers what it was sent, and answers as it is told: `act` is one of the branches below."""

    environment: dict[str, str] = field(default_factory=dict)
    act: str = "take"
    answer: bytes = b'{"status": "accepted"}'
    status: int = 200
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if gateway.act == "hang":
                gateway.stop.wait(20)
                return
            if gateway.act == "close":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(gateway.status)
            self.send_header("Content-Length", "2000" if gateway.act == "drip" else str(len(gateway.answer)))
            self.end_headers()
            if gateway.act == "drip":
                while not gateway.stop.is_set():
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.01)
                return
            self.wfile.write(gateway.answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                """The other side has gone, as it should."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    gateway.environment = {
        "HAOCHAPING_SMS_URL": f"http://127.0.0.1:{server.server_port}/send?app=hcp",
        "HAOCHAPING_SMS_SECRET": SECRET,
    }
    yield gateway
    gateway.stop.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def handler(now: datetime) -> UUID:
    handler = make_official(make_city().police, now, "handler")
    wants(handler, now)
    return handler


def carry(gateway: Gateway, at: datetime, **settings: str) -> int:
    environment = gateway.environment | {f"HAOCHAPING_SMS_{name}": value for name, value in settings.items()}
    return carry_out(clock=lambda: at, environment=environment)


def standing() -> tuple[str, int, str]:
    notice = Notice.objects.get()
    return notice.state, notice.attempts, notice.last_error


def test_the_gateway_can_verify_what_it_gets_and_learns_of_no_rating(
    gateway: Gateway, handler: UUID, now: datetime
) -> None:
    notice = put_notice(handler, now, channel="sms")
    assert carry(gateway, now) == 1
    assert carry(gateway, now) == 0
    ((path, headers, body),) = gateway.got
    signed = Request("POST", path.partition("?")[0], path.partition("?")[2], {}, "", now, body)
    assert headers["x-hcp-key"] == "notices"
    assert headers["x-hcp-signature"] == signature(
        SECRET.encode(), signed, timestamp=headers["x-hcp-timestamp"], nonce=headers["x-hcp-nonce"]
    )
    assert headers["idempotency-key"] == str(notice.id)
    assert json.loads(body) == {
        "id": str(notice.id),
        "phone": PHONE,
        "text": "工单 CPABCD1234 的整改已逾期。请立即完成整改。按规定将催办。整改期限的最后一日：2026年11月20日。"
        f"依据：{CLAUSE}。",
    }
    assert standing() == (State.SENT, 1, "")


def test_the_gateways_own_words(gateway: Gateway, handler: UUID, now: datetime) -> None:
    put_notice(handler, now, channel="sms")
    gateway.answer = b'{"result": {"code": 0}}'
    template = '{"mobiles": ["{phone}"], "params": {"t": "{title}"}, "template": 7, "sn": "{id}"}'
    assert carry(gateway, now, TEMPLATE=template, ACCEPTED="result.code=0") == 1
    said = json.loads(gateway.got[0][2])
    assert said["mobiles"] == [PHONE]
    assert (said["params"], said["template"]) == ({"t": "工单 CPABCD1234 的整改已逾期"}, 7)


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        (b'{"status": "error", "reason": "no balance"}', "status=accepted"),
        (b'{"code": 1}', "code=0"),
        (b'{"code": false}', "code=0"),
        (b'{"ok": false}', "ok=true"),
        (b'["accepted"]', "status=accepted"),
        (b"<html>accepted</html>", "status=accepted"),
        (b"", "status=accepted"),
    ],
)
def test_a_gateway_that_says_200_and_means_no_is_not_believed(
    gateway: Gateway, handler: UUID, now: datetime, answer: bytes, accepted: str
) -> None:
    put_notice(handler, now, channel="sms")
    gateway.answer = answer
    assert carry(gateway, now, ACCEPTED=accepted) == 0
    assert standing() == (State.WAITING, 1, "not accepted")


def test_a_gateway_that_fails_is_asked_once_a_round_and_again_under_the_same_id(
    gateway: Gateway, handler: UUID, now: datetime
) -> None:
    first, second = (put_notice(handler, now + timedelta(seconds=each), channel="sms") for each in range(2))
    gateway.status = 503
    assert carry(gateway, now + timedelta(seconds=1)) == 0
    assert [headers["idempotency-key"] for _, headers, _ in gateway.got] == [str(first.id)]
    gateway.status = 200
    assert carry(gateway, now + timedelta(seconds=2)) == 1  # the other one
    assert carry(gateway, now + timedelta(seconds=61)) == 1
    keys = [headers["idempotency-key"] for _, headers, _ in gateway.got]
    assert keys == [str(first.id), str(second.id), str(first.id)]
    assert gateway.got[0][2] == gateway.got[2][2]
    assert len({headers["x-hcp-nonce"] for _, headers, _ in gateway.got}) == 3


def test_one_that_is_refused_keeps_no_other(gateway: Gateway, handler: UUID, now: datetime) -> None:
    for _ in range(3):
        put_notice(handler, now, channel="sms")
    gateway.status = 400
    assert carry(gateway, now) == 0
    assert len(gateway.got) == 3
    assert {row.last_error for row in Notice.objects.all()} == {"HTTP 400"}


@pytest.mark.parametrize(
    ("act", "reason"),
    [("hang", "TimeoutError"), ("drip", "TooSlow"), ("close", "RemoteDisconnected")],
)
def test_a_gateway_that_hangs_drips_or_closes_is_left_in_time(
    gateway: Gateway, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch, act: str, reason: str
) -> None:
    monkeypatch.setitem(outgoing.call.__kwdefaults__, "seconds", 0.2)
    monkeypatch.setitem(outgoing.call.__kwdefaults__, "in_all", 0.4)
    put_notice(handler, now, channel="sms")
    gateway.act = act
    assert carry(gateway, now) == 0
    assert standing() == (State.WAITING, 1, reason)


def test_who_was_killed_while_sending_leaves_it_to_the_next(
    gateway: Gateway, handler: UUID, now: datetime
) -> None:
    notice = put_notice(handler, now, channel="sms")
    assert take(channel=Channel.SMS, now=now) is not None  # and no more of it
    assert carry(gateway, now + timedelta(seconds=60)) == 0
    assert carry(gateway, now + LEASE) == 1
    assert gateway.got[0][1]["idempotency-key"] == str(notice.id)


def test_a_demo_sends_nothing_and_says_so(gateway: Gateway, handler: UUID, now: datetime) -> None:
    with transaction.atomic():
        record(now=now, actor="demo", act=BEGUN)
    put_notice(handler, now, channel="sms")
    assert carry(gateway, now) == 0
    assert (gateway.got, standing()) == ([], (State.WITHHELD, 0, "demo"))


def test_a_way_that_is_not_set_up_and_an_address_that_is_gone_are_said(
    gateway: Gateway, handler: UUID, now: datetime
) -> None:
    put_notice(handler, now)  # by mail, which is not set up here
    carry(gateway, now)
    assert standing() == (State.WITHHELD, 0, "off")
    Notice.objects.all().delete()
    put_notice(handler, now, channel="sms")
    wants(handler, now, phone="")
    carry(gateway, now)
    assert (gateway.got, standing()) == ([], (State.WITHHELD, 1, "no_address"))


def test_an_address_that_does_not_open_is_none(gateway: Gateway, handler: UUID, now: datetime) -> None:
    Preference.objects.update(phone=b"not sealed by us, and much too long for what it says")
    put_notice(handler, now, channel="sms")
    assert carry(gateway, now) == 0
    assert standing() == (State.WITHHELD, 1, "no_address")


def test_settings_that_cannot_be_used_keep_it_waiting_and_are_complained_of(
    gateway: Gateway, handler: UUID, now: datetime
) -> None:
    put_notice(handler, now, channel="sms")
    with pytest.raises(Refused, match="HAOCHAPING_SMS_TEMPLATE"):
        carry(gateway, now, TEMPLATE="none")
    assert standing() == (State.WAITING, 0, "")


def test_a_round_has_an_end(gateway: Gateway, handler: UUID, now: datetime) -> None:
    for _ in range(5):
        put_notice(handler, now, channel="sms")
    ticks = iter([0.0, 0.0, 1.0, 2.0, 99.0])
    assert carry_out(clock=lambda: now, environment=gateway.environment, timer=lambda: next(ticks, 99.0)) < 5
    assert Notice.objects.filter(state=State.WAITING, attempts=0).exists()
