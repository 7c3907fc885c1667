"""Mail handed to a real server, encrypted and signed in, and to servers that refuse, close, hang or are somebody else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.exchange import mail
from haochaping.exchange.delivering import carry_out
from haochaping.notices.models import Notice
from haochaping.notices.states import State
from tests.mail_server import FROM, USER, MailRoom, mail_room, silent_port
from tests.notices import CLAUSE, EMAIL, put_notice, wants
from tests.orders import make_city, make_official

pytestmark = [
    pytest.mark.django_db,
    # A server that is TLS from the first byte on has no other lock on its door.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]


@pytest.fixture(params=["tls", "starttls"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, security=request.param) as room:
        yield room


@pytest.fixture
def one_room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path) as room:
        yield room


@pytest.fixture
def handler(now: datetime) -> UUID:
    handler = make_official(make_city().police, now, "handler")
    wants(handler, now)
    return handler


def carry(room: MailRoom, at: datetime, **settings: str) -> int:
    environment = room.environment | {f"HAOCHAPING_SMTP_{name}": value for name, value in settings.items()}
    return carry_out(clock=lambda: at, environment=environment)


def standing() -> tuple[str, int, str]:
    notice = Notice.objects.get()
    return notice.state, notice.attempts, notice.last_error


def test_a_mail_arrives_encrypted_and_says_what_to_do(
    room: MailRoom, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAOCHAPING_BASE_URL", "https://hcp.example.cn")
    notice = put_notice(handler, now)
    assert carry(room, now) == 1
    assert carry(room, now) == 0
    ((to, got),) = room.taken
    assert (to, room.encrypted, room.signed_in) == ((EMAIL,), [True], [USER])
    assert got["To"] == EMAIL
    assert got["From"] == f"好差评 <{FROM}>"
    assert got["Subject"] == "工单 CPABCD1234 的整改已逾期"
    assert got["Message-ID"] == f"<{notice.id}@hcp.example.cn>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"] == "Mon, 23 Nov 2026 10:00:00 +0800"
    assert got.get_content().split() == [
        "请立即完成整改。按规定将催办。",
        "整改期限的最后一日：2026年11月20日。",
        f"依据：{CLAUSE}。",
        f"https://hcp.example.cn/console/orders/{notice.reference}/",
    ]
    assert standing() == (State.SENT, 1, "")


def test_a_server_that_closes_after_it_has_taken_a_mail_gets_it_again_under_the_same_id(
    one_room: MailRoom, handler: UUID, now: datetime
) -> None:
    notice = put_notice(handler, now)
    one_room.act = "close"
    assert carry(one_room, now) == 0
    assert standing()[:2] == (State.WAITING, 1)
    one_room.act = ""
    assert carry(one_room, now + timedelta(minutes=1)) == 1
    assert [got["Message-ID"] for _, got in one_room.taken] == [f"<{notice.id}@hcp.example.cn>"] * 2
    first, second = (got.as_bytes() for _, got in one_room.taken)
    assert first == second


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("550 no such user", State.GIVEN_UP, "SMTP 550 recipient"),
        ("450 try later", State.WAITING, "SMTP 450 recipient"),
    ],
)
def test_a_recipient_who_is_not_there_is_given_up_and_one_who_is_busy_is_not(
    one_room: MailRoom, handler: UUID, now: datetime, answer: str, state: State, reason: str
) -> None:
    put_notice(handler, now)
    one_room.recipient = answer
    assert carry(one_room, now) == 0
    assert standing() == (state, 1, reason)


def test_a_mail_that_is_refused_keeps_no_other(one_room: MailRoom, handler: UUID, now: datetime) -> None:
    put_notice(handler, now)
    put_notice(handler, now)
    one_room.data = "554 looks like spam"
    assert carry(one_room, now) == 0
    assert {(row.attempts, row.last_error) for row in Notice.objects.all()} == {(1, "SMTP 554 message")}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"PASSWORD": "another"}, "SMTP 535"),
        ({"CA_FILE": ""}, "SSLCertVerificationError"),
        ({"PORT": "9"}, "ConnectionRefusedError"),
    ],
)
def test_where_nobody_takes_any_the_server_is_asked_once_a_round(
    one_room: MailRoom, handler: UUID, now: datetime, settings: dict[str, str], reason: str
) -> None:
    put_notice(handler, now)
    put_notice(handler, now)
    assert carry(one_room, now, **settings) == 0
    assert one_room.taken == []
    tried = Notice.objects.filter(attempts=1)
    assert [row.last_error for row in tried] == [reason]


def test_a_server_with_anothers_certificate_gets_nothing(
    tmp_path: Path, handler: UUID, now: datetime
) -> None:
    with mail_room(tmp_path, host="127.0.0.2") as room:
        put_notice(handler, now)
        assert carry(room, now) == 0
        assert room.taken == []
    assert standing()[2] == "SSLCertVerificationError"


def test_a_server_that_does_not_encrypt_gets_nothing(
    tmp_path: Path, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_SECONDS", 0.3)
    with mail_room(tmp_path) as room:  # it speaks TLS from the first byte on, and no word before
        put_notice(handler, now)
        assert carry(room, now, SECURITY="starttls") == 0
        assert room.taken == []
    assert standing()[0] == State.WAITING


def test_a_server_that_hangs_is_left_in_time(
    one_room: MailRoom, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_SECONDS", 0.2)
    put_notice(handler, now)
    with silent_port() as port:
        assert carry(one_room, now, PORT=str(port)) == 0
    assert standing()[:2] == (State.WAITING, 1)
    assert standing()[2] in ("TimeoutError", "SSLError")
