"""Whatever is sent - spoilt records, spoilt bytes -, there is an answer, and no record decides for another."""

import json
import random
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.reporting import Sender, sample_lines

SOUND: dict[str, Any] = json.loads(sample_lines()[0])
VALUES: list[Any] = [
    *(
        "",
        " ",
        "0",
        "无",
        "\x00",
        "\u0085",
        "\ud800",
        "𠮷",
        "a" * 5000,
        "2026-02-30 10:00:00",
        "9999-12-31 23:59:59",
    ),
    *(
        "1990-01-01 00:00:00",
        "１",
        "-1",
        "1e5",
        "' OR 1=1 --",
        "<b>",
        "=1+1",
        "\u202e",
        "\ufffe",
        "$1",
        "{}",
        "\\",
    ),
    *(None, True, 0, -1, 10**30, 1.5, 1e300, [], {}, [[]], {"a": {"b": 1}}),
]


def spoilt(chance: random.Random, number: int) -> bytes:
    """A record in which some fields, and perhaps some bytes, are not what they should be."""
    record = SOUND | {"projectNo": f"N{number}"}
    for _ in range(chance.randint(0, 3)):
        record[chance.choice([*SOUND, "other", "windowNo", "certKeyGOV", ""])] = chance.choice(VALUES)
    line = json.dumps(record, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        place = chance.randrange(len(line))
        line = line[:place] + chance.randbytes(chance.randint(0, 4)).replace(b"\n", b"") + line[place + 1 :]
    return line


@pytest.mark.parametrize("seed", range(2))
async def test_spoilt_records_leave_their_neighbours_alone(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]", seed: int
) -> None:
    chance = random.Random(seed)
    lines = [spoilt(chance, number) for number in range(500)]
    witness = json.dumps(SOUND | {"projectNo": "witness"}).encode()
    response = await sender.post(b"\n".join([*lines, witness]))
    assert response.status == 200
    answer = json.loads(response.body)
    assert len(answer["results"]) == 501
    assert answer["results"][-1]["verdict"] == "accepted"
    assert sum(answer["counts"].values()) == 501
    assert answer["counts"]["rejected"] > 100
    again = json.loads((await sender.post(b"\n".join([*lines, witness]))).body)["counts"]
    assert again["accepted"] == 0
    assert again["rejected"] == answer["counts"]["rejected"]
    assert again["quarantined"] == answer["counts"]["quarantined"]
    stored = await pool.fetchval("SELECT count(*) FROM cases_serviceoccasion")
    assert stored == answer["counts"]["accepted"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda chance, body: chance.randbytes(200),
        lambda chance, body: body[: chance.randrange(len(body))],
        lambda chance, body: body.decode().encode("utf-16"),
        lambda chance, body: body.decode().encode("gbk"),
        lambda chance, body: b"[" + body,
        lambda chance, body: body + b"]",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "text/plain"])
async def test_spoilt_bodies_are_answered(
    sender: Sender, kind: str, spoil: Callable[[random.Random, bytes], bytes]
) -> None:
    body = json.dumps([SOUND, SOUND], ensure_ascii=False).encode()
    for seed in range(5):
        response = await sender.post(spoil(random.Random(seed), body), headers={"content-type": kind})
        assert response.status in (200, 400)
        answer = json.loads(response.body)
        assert "error" in answer or answer["counts"]["accepted"] == 0
