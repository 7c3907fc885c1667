"""Alters and repeats signed requests in every part, over HTTP and over a restart: none of them may be accepted."""

import asyncio
import hashlib
import hmac
import json
import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import asyncpg

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import HOST, Stage, stage
from haochaping.foundation.clock import now
from haochaping.starter.progress import Say

AUTHORITY = "11535863MB36169043"
CITY = Path(__file__).resolve().parents[1] / "src/haochaping/simulation/cities/kunming"
DIGESTS = {"HMAC-SM3": "sm3", "HMAC-SHA256": "sha256"}
AT_ONCE = 8
MUTANTS, REPLAYS = 10, 10
OCCASIONS, QUARANTINE = "/api/v1/occasions", "/api/v1/quarantine"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its holder has it."""

    key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it goes out."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Tally:
    """Answers by their status."""

    originals: Counter[int] = field(default_factory=Counter)
    mutants: Counter[int] = field(default_factory=Counter)
    replays: Counter[int] = field(default_factory=Counter)


Mutate = Callable[[Call, Random], Call]


def run(*, quick: bool, say: Say) -> list[Figure]:
    """10,000 altered or repeated requests, or 1,000."""
    originals = (1_000 if quick else 10_000) // (MUTANTS + REPLAYS)
    random = Random(20_261_123)  # noqa: S311 - which part is altered, not how it is signed
    tally = Tally()
    with stage(say) as set_up:
        good, dead = _keys()
        door = set_up.start_door()
        half = originals // 2
        say(f"{originals} requests, each altered {MUTANTS} times, sent, and repeated {REPLAYS} times")
        sent = asyncio.run(_attack(set_up.port, good, dead, half, random, tally))
        os.kill(door.process.pid, signal.SIGKILL)
        door.process.wait()
        set_up.start_door()
        # What was sent before the restart comes back after it.
        asyncio.run(_repeat(set_up.port, sent, tally))
        asyncio.run(_attack(set_up.port, good, dead, originals - half, random, tally))
        stored = asyncio.run(_calls_stored(set_up))
    mutants, replays = _accepted(tally.mutants), _accepted(tally.replays)
    accepted = _accepted(tally.originals)
    broken = sum(
        count for each in (tally.mutants, tally.replays) for status, count in each.items() if status >= 500
    )
    return [
        Figure("requests as signed, accepted", accepted, "requests", originals, goal=f"value = {originals}",
               goal_met=accepted == originals),
        Figure("altered", tally.mutants.total(), "requests"),
        Figure("altered and accepted", mutants, "requests", goal="value = 0", goal_met=mutants == 0),
        Figure("repeated", tally.replays.total(), "requests"),
        Figure("repeated and accepted", replays, "requests", goal="value = 0", goal_met=replays == 0),
        Figure("answered by an error of ours", broken, "requests", goal="value = 0", goal_met=broken == 0),
        Figure("reports acted upon beyond those accepted", stored - accepted, "reports", goal="value = 0",
               goal_met=stored == accepted),
    ]  # fmt: skip


def _keys() -> tuple[Key, list[Key]]:
    """A good key, and three that were good once: revoked, ended, of a client that has ended."""
    from haochaping.accounts.operations.clients import Terms, create_client, end_client
    from haochaping.accounts.operations.keys import add_key, end_key
    from haochaping.registry.operations import import_registry

    at = now()
    import_registry(directory=CITY, now=at, actor="drill")
    wide = Terms(limits={"calls": 100_000, "calls_burst": 100_000})

    def client(platform: str) -> Key:
        issued = create_client(
            organisation=AUTHORITY, rights=["report"], actor="drill", now=at, platform=platform, terms=wide
        )
        return Key(issued.key, issued.secret)

    good, gone = client("drill"), client("gone")
    end_client(client=gone.key, now=at, actor="drill")
    revoked, ended = (add_key(client=good.key, now=at, actor="drill") for _ in range(2))
    end_key(key=revoked.key, now=at, actor="drill")
    end_key(key=ended.key, now=at, actor="drill", at=at + timedelta(seconds=1))
    time.sleep(1)
    return good, [gone, Key(revoked.key, revoked.secret), Key(ended.key, ended.secret)]


def _original(key: Key, number: int, *, at: int | None = None) -> Call:
    """A rightly signed report of one record; it is rejected for itself, and the call accepted."""
    body = json.dumps({"projectNo": f"D{number}", "serviceNumber": "1"}).encode()
    algorithm = ("HMAC-SM3", "HMAC-SHA256")[number % 2]
    return _signed(key, Call("POST", OCCASIONS, "", {}, body), algorithm, at)


def _signed(key: Key, call: Call, algorithm: str, at: int | None = None) -> Call:
    stamp, nonce, digest = (
        str(int(time.time()) if at is None else at),
        secrets.token_hex(16),
        DIGESTS[algorithm],
    )
    parts = "&".join(sorted(call.query.split("&")))
    content = hashlib.new(digest, call.body).hexdigest()
    text = "\n".join([call.method, call.path, parts, stamp, nonce, content])
    headers = {
        "X-HCP-Key": key.key,
        "X-HCP-Timestamp": stamp,
        "X-HCP-Nonce": nonce,
        "X-HCP-Algorithm": algorithm,
        "X-HCP-Signature": hmac.new(key.secret.encode(), text.encode(), digest).hexdigest(),
    }
    return replace(call, headers={"Content-Type": "application/x-ndjson", **headers})


def _mutants(original: Call, good: Key, dead: list[Key], random: Random) -> Iterator[Call]:
    """Altered requests, none of which means what was signed; a few were never signed by a key that is good."""
    for mutate in random.sample(MUTATIONS, MUTANTS - 3):
        yield mutate(original, random)
    yield _original(random.choice(dead), random.randrange(10**6))
    late = random.choice((-1, 1)) * random.randrange(310, 100_000)
    yield _original(good, random.randrange(10**6), at=int(time.time()) + late)
    yield _signed(Key(good.key, secrets.token_hex(32)), original, random.choice(list(DIGESTS)))


def _flipped(text: str, random: Random, letters: str = "0123456789abcdef") -> str:
    place = random.randrange(len(text))
    other = random.choice([letter for letter in letters if letter.lower() != text[place].lower()])
    return text[:place] + other + text[place + 1 :]


def _header(name: str, change: Callable[[str, Random], str]) -> Mutate:
    return lambda call, random: replace(
        call, headers={**call.headers, name: change(call.headers[name], random)}
    )


def _without(name: str) -> Mutate:
    return lambda call, _: replace(
        call, headers={known: value for known, value in call.headers.items() if known != name}
    )


def _one_bit(call: Call, random: Random) -> Call:
    place = random.randrange(len(call.body))
    altered = bytearray(call.body)
    altered[place] ^= 1 << random.randrange(8)
    return replace(call, body=bytes(altered))


MUTATIONS: list[Mutate] = [
    _one_bit,
    lambda call, random: replace(call, body=call.body[: random.randrange(len(call.body))]),
    lambda call, _: replace(call, body=call.body + b"\n"),
    lambda call, _: replace(call, body=call.body + b"\n" + call.body),
    lambda call, random: replace(call, body=_original(Key("x", "x"), random.randrange(10**6, 10**7)).body),
    lambda call, _: replace(call, query="state=all"),
    lambda call, _: replace(call, query="&"),
    lambda call, _: replace(call, path=call.path.upper()),
    lambda call, _: replace(call, path=QUARANTINE, method="GET", body=b""),
    lambda call, _: replace(call, method="PUT"),
    _header(
        "X-HCP-Timestamp",
        lambda text, random: str(int(text) + random.choice((-1, 1)) * random.randrange(1, 250)),
    ),
    _header("X-HCP-Timestamp", lambda text, _: "0" + text),
    _header("X-HCP-Nonce", lambda text, random: _flipped(text, random)),
    _header("X-HCP-Nonce", lambda text, _: text.upper() + "F"),
    _header("X-HCP-Nonce", lambda text, _: text[:-1]),
    _header("X-HCP-Nonce", lambda text, _: f"{text}, {text}"[:64]),
    _header("X-HCP-Signature", lambda text, random: _flipped(text, random)),
    _header("X-HCP-Signature", lambda text, _: text[:-1]),
    _header("X-HCP-Signature", lambda text, _: text + "0"),
    _header("X-HCP-Signature", lambda _text, _: "0" * 64),
    _header("X-HCP-Signature", lambda text, _: f"{text}, {text}"),
    _header("X-HCP-Key", lambda text, random: _flipped(text, random, "ABCDEFGH")),
    _header("X-HCP-Key", lambda _, random: "Q" * random.randrange(1, 60)),
    _header("X-HCP-Algorithm", lambda text, _: next(each for each in DIGESTS if each != text)),
    _header("X-HCP-Algorithm", lambda _, random: random.choice(("none", "HMAC-MD5", "SM3", "hmac-sm3"))),
    *map(_without, ("X-HCP-Key", "X-HCP-Timestamp", "X-HCP-Nonce", "X-HCP-Signature")),
]


async def _attack(
    port: int, good: Key, dead: list[Key], originals: int, random: Random, tally: Tally
) -> list[Call]:
    """Each original altered, then sent as it is, then repeated at once by several and in other clothes. All of them."""
    sent = []
    for _ in range(originals):
        original = _original(good, random.randrange(10**9))
        tally.mutants.update(await _send_all(port, list(_mutants(original, good, dead, random))))
        tally.originals.update(await _send_all(port, [original]))
        sent.append(original)
        await _repeat(port, [original] * (REPLAYS - 3), tally)
        for clothes in (
            _header("X-HCP-Signature", lambda text, _: text.upper()),
            _header("Content-Type", lambda _text, _: "application/json"),
            lambda call, _: replace(call, query="a=1"),
        ):
            await _repeat(port, [clothes(original, random)], tally)
    return sent


async def _repeat(port: int, calls: list[Call], tally: Tally) -> None:
    tally.replays.update(await _send_all(port, calls))


async def _send_all(port: int, calls: list[Call]) -> list[int]:
    places = asyncio.Semaphore(AT_ONCE)

    async def send(call: Call) -> int:
        async with places:
            return await _send(port, call)

    return list(await asyncio.gather(*(send(call) for call in calls)))


async def _send(port: int, call: Call) -> int:
    """The status. Each on a connection of its own: what one leaves behind touches no other."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        lines = [
            f"{call.method} {call.path}{'?' + call.query if call.query else ''} HTTP/1.1",
            f"Host: {HOST}",
        ]
        lines += [f"{name}: {value}" for name, value in call.headers.items()]
        lines += [f"Content-Length: {len(call.body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + call.body)
        answer = await asyncio.wait_for(reader.readline(), 30)
        if not answer:
            raise CouldNotRun("the door gave no answer")
        return int(answer.split(b" ")[1])
    finally:
        writer.close()


async def _calls_stored(set_up: Stage) -> int:
    """How many reports were acted upon, by the audit trail."""
    connection = await asyncpg.connect(set_up.dsn)
    try:
        counted: int = await connection.fetchval(
            "SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report'"
        )
        return counted
    finally:
        await connection.close()


def _accepted(statuses: Counter[int]) -> int:
    return sum(count for status, count in statuses.items() if 200 <= status < 300)
