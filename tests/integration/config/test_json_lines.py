"""What a real door writes down as JSON while routes are driven with names, numbers and tokens, and things go wrong."""

import asyncio
import json
import logging
import uuid
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import pytest
from django.db import connection
from django.test import Client

from haochaping.cases.token import mint
from haochaping.config import asgi, logs
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.foundation.outgoing import Answer, call
from haochaping.foundation.requests import request_id
from haochaping.publication import queries
from tests.occasions import add_occasion, database_address
from tests.running_door import running_door

NAME, PHONE, DOCUMENT = "欧阳测试用", "13800001234", "53010219900101123X"
REQUEST = "0123456789abcdef0123456789abcdef"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def waiting_token() -> str:
    """Of an occasion that waits for its rating."""

    async def add() -> uuid.UUID:
        database = await asyncpg.connect(database_address())
        try:
            return await add_occasion(database, now())
        finally:
            await database.close()

    return mint(asyncio.run(add()), 3, key_for("rating token"))


def driven(address: str, token: str) -> list[Answer]:
    """Every route of the door, each with somebody in its path, query, headers and body."""
    said = f"{NAME} {PHONE} {DOCUMENT}"
    fields = {"satisfaction": "1", "named": "0", "writingEvaluation": said, "submission": uuid.uuid4().hex}
    given = {"X-Request-ID": REQUEST, "Cookie": f"who={PHONE}", "Referer": f"{address}/r/{token}"}
    found = []
    for route in asgi.ROUTES:
        path = route.pattern.replace("{token}", token) + f"?{urlencode({'name': NAME, 'phone': PHONE})}"
        for headers, body in ((FORM, urlencode(fields).encode()), (JSON, json.dumps(fields).encode())):
            sent = body if route.method == "POST" else b""
            found.append(call(route.method, address + path, headers={**headers, **given}, body=sent))
    found.append(call("GET", f"{address}/{DOCUMENT}", headers=given))
    return found


def test_every_line_is_an_object_and_none_names_anybody(committed_db: None, tmp_path: Path) -> None:
    log = tmp_path / "door.log"
    with running_door(log, HAOCHAPING_LOG="json") as address:
        assert {answer.status for answer in driven(address, waiting_token())} >= {200, 201, 404}
        with connection.cursor() as cursor:  # PostgreSQL quotes the whole row when it refuses one
            cursor.execute("ALTER TABLE ratings_rating ADD CONSTRAINT nobody CHECK (level > 5) NOT VALID")
        try:
            token = waiting_token()
            assert 500 in {answer.status for answer in driven(address, token)}
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE ratings_rating DROP CONSTRAINT nobody")
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    least, most = {"at", "level", "logger", "message", "process"}, {"request"}
    assert [line for line in lines if not least <= line.keys() <= least | most] == []
    assert any("storing 1 ratings failed" in line["message"] for line in lines)
    assert any(line["logger"] == "uvicorn.error" for line in lines)
    for secret in (NAME, PHONE, DOCUMENT, token, token.lower()):
        assert secret not in text


@pytest.mark.django_db
def test_a_line_about_a_request_bears_its_id(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(**_: object) -> str:
        logging.getLogger("haochaping").warning("on the way")
        raise KeyError(NAME)

    monkeypatch.setattr(queries, "place", place)
    written: list[dict[str, str]] = []
    caplog.handler.setFormatter(logs.form({"HAOCHAPING_LOG": "json"}))
    answer = Client(raise_request_exception=False).get("/guide", headers={"X-Request-ID": REQUEST})
    assert answer.status_code == 500
    written = [json.loads(line) for line in caplog.text.splitlines()]
    assert [(line["message"].partition(":")[0], line["request"]) for line in written] == [
        ("on the way", REQUEST),
        ("GET guide 500", REQUEST),
    ]
    assert answer.headers["X-Request-ID"] == REQUEST
    assert NAME not in caplog.text


def test_an_id_in_which_somebody_could_stand_is_not_taken() -> None:
    for given in ("", PHONE, DOCUMENT, "zhangsan", REQUEST.upper(), "0" * 65):
        assert request_id(given) != given
    for given in (REQUEST, str(uuid.uuid4())):
        assert request_id(given) == given


def test_a_form_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="HAOCHAPING_LOG"):
        logs.form({"HAOCHAPING_LOG": "xml"})
