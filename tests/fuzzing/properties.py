"""What must hold of parser, signature, dialects and verdicts, whatever is drawn."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haochaping.cases.rules import flattened, malformations
from haochaping.intake import bulk, dialect_files
from haochaping.intake.dialects import Dialect
from haochaping.intake.http import Request
from haochaping.intake.inflating import EncodingUnknown, TooLarge, Unreadable, inflated
from haochaping.intake.signature import (
    SHA256,
    SM3,
    Unauthenticated,
    check_timestamp,
    read_credentials,
    signature,
)
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags
from tests.fuzzing import strategies as draw
from tests.verdicts import second_city as city
from tests.verdicts.oracle import cases, time_of
from tests.verdicts.orders import cut
from tests.verdicts.platform import Platform
from tests.verdicts.stream import spelt, stream

NDJSON: Final = "application/x-ndjson"
WITNESS: Final = draw.written(draw.SOUND)
NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Property:
    """`holds` raises AssertionError, or whatever the product should not have raised. `share` of all cases, in percent."""

    name: str
    share: int
    drawn: st.SearchStrategy[Any]
    holds: Callable[[Any], None]


def play(each: Property, number: int) -> int:
    """Draws so many cases; how many there were. Raises what the first that does not hold raised, with what was drawn."""
    played = 0

    @settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(each.drawn)
    def run(case: Any) -> None:
        nonlocal played
        played += 1
        each.holds(case)

    run()
    return played


def _any_body_is_answered(case: tuple[bytes, str]) -> None:
    try:
        found = bulk.read(*case)
    except (Unreadable, TooLarge):
        return
    assert all(one.problems or (one.record and one.digest) for one in found)


def _any_stream_is_unpacked(case: tuple[bytes, str]) -> None:
    packed, encoding = case
    try:
        inflated(packed, encoding)
    except (Unreadable, TooLarge, EncodingUnknown):
        return


def _what_was_packed_comes_out(body: bytes) -> None:
    if body:
        half = len(body) // 2
        assert inflated(gzip.compress(body[:half]) + gzip.compress(body[half:]), "gzip") == body


def _no_line_spoils_its_neighbours(lines: Sequence[bytes]) -> None:
    """Each is read in company as it is read alone; wherever the spoilt ones stand."""
    company = [WITNESS, *lines, WITNESS, *reversed(lines)]
    found = bulk.read(b"\n".join(company), NDJSON)
    # Behind an empty line, for what stands at the very beginning may be the mark of a byte order.
    alone = {
        number: bulk.read(b"\n" + line, NDJSON)[0]
        for number, line in enumerate(company, start=1)
        if line.strip()
    }
    assert [one.line for one in found] == list(alone)
    for one in found:
        assert replace(one, line=2) == alone[one.line]
    assert not bulk.read(b"\n".join([*lines, WITNESS]), NDJSON)[-1].problems


def _flattening_is_done_once(value: object) -> None:
    flat, found = flattened(value)
    assert all(isinstance(text, str) and text == text.strip() and text for text in flat.values())
    if not found:
        assert flattened(flat) == (flat, [])
        # What is wrong with a record is wrong with it in any order of its fields.
        backward = dict(reversed(flat.items()))
        assert {(p.field, p.code) for p in malformations(flat, [])} == {
            (p.field, p.code) for p in malformations(backward, [])
        }


def _equal_is_what_has_one_form(case: tuple[dict[str, str], dict[str, str], int]) -> None:
    """However a record is spelt it has one digest; equal digests are equal records, and no others."""
    one, other, seed = case
    first, second = (bulk.read(draw.written(each), NDJSON)[0] for each in (one, other))
    again = bulk.read(spelt(Random(seed), one), NDJSON)[0]
    assert (again.digest, again.record) == (first.digest, first.record)
    assert (first.digest == second.digest) == (first.record == second.record)


def _any_signature_is_refused_or_read(headers: dict[str, str]) -> None:
    try:
        credentials = read_credentials(headers)
        check_timestamp(credentials.timestamp, NOW)
    except Unauthenticated:
        return
    assert credentials.algorithm in (SM3, SHA256)


def _what_is_altered_is_signed_otherwise(case: tuple[bytes, bytes, str, str, str]) -> None:
    """Another body, query, time or nonce has another signature; another order of the query's parts has the same."""
    body, other, query, nonce, algorithm = case
    plain = Request(
        method="POST",
        path="/api/v1/occasions",
        query=query,
        headers={},
        address="",
        received_at=NOW,
        body=body,
    )

    def signed(request: Request, timestamp: str = "1795399200", once: str = nonce) -> str:
        return signature(b"secret", request, timestamp=timestamp, nonce=once, algorithm=algorithm)

    right = signed(plain)
    backward = "&".join(reversed(query.split("&")))
    assert signed(replace(plain, query=backward)) == right
    assert (signed(replace(plain, body=other)) == right) == (body == other)
    changed = (
        signed(replace(plain, method="GET")),
        signed(replace(plain, path="/api/v1/quarantine")),
        signed(replace(plain, query=query + "x")),
        signed(plain, "1795399201"),
        signed(plain, once=nonce + "0"),
    )
    assert right not in changed


def _no_dialect_makes_another_case(record: dict[str, Any]) -> None:
    sent, _ = flattened(record)
    before = dict(sent), json.dumps(record)
    understood, told = DIALECT.occasion(sent)
    DIALECT.rating(record)
    assert (sent, json.dumps(record)) == before
    assert all(understood.get(name) == sent.get(name) for name in ("projectNo", "serviceNumber"))
    assert all(isinstance(value, str) for value in understood.values())
    assert all(problem.message for problem in told)
    assert {problem.field for problem in told} <= set(dialect_files.OCCASION_CODES)
    bulk.reported(1, draw.written(record), b"0" * 32, DIALECT)


def _every_verdict_is_the_one_due(rulebook: Rulebook) -> Callable[[tuple[int, int]], None]:
    def holds(case: tuple[int, int]) -> None:
        seed, length = case
        random = Random(seed)
        lines = stream(random, length)
        oracle, platform = city.oracle(), Platform(rulebook)
        for call in (*cut(random, lines), lines):
            for line, judged in zip(call, platform.call(call), strict=True):
                due, fields = oracle.verdict(line), {reason.field for reason in judged.reasons}
                assert judged.verdict == due.verdict, (line.decode(), judged.reasons, due)
                assert not due.fields or fields == due.fields, (line.decode(), judged.reasons, due)
        assert platform.state() == oracle.state()
        assert {
            project: (str(case.status), case.accepted_at, case.result_at)
            for project, case in platform.holdings.cases.items()
        } == {
            project: (status, time_of(accepted), time_of(result))
            for project, (status, accepted, result) in cases(oracle.state()).items()
        }

    return holds


def _dialect() -> Dialect:
    """Everything that a dialect can say."""
    times = ["yyyy/MM/dd HH:mm", "yyyy-MM-ddTHH:mm:ss.SSSXXX", "yyyyMMddHHmmss", "unix", "unix_ms"]
    text = {
        "format": 1,
        "about": "x",
        "occasions": {
            "codes": {"promiseTime": {"1": "2", "2": "1"}, "proStatus": {"1": "1", "2": "2", "A": "3"}},
            "absent": {name: ["0", "无"] for name in dialect_files.ABSENT},
            "fold_width": list(dialect_files.FOLDED),
            "times": times,
            "divisions": [{"sent": "530122", "means": "530115", "from": "2017-01-01"}],
        },
        "ratings": {"codes": {"satisfaction": {"0": "5"}}, "tags": {"510": "115"}},
    }
    return dialect_files.read(json.dumps(text), tags=Tags.load())


DIALECT: Final = _dialect()


def properties(rulebook: Rulebook) -> tuple[Property, ...]:
    """All of them; `rulebook` is that of the second city."""
    texts = st.text(max_size=20)
    signed = st.tuples(
        st.binary(max_size=40), st.binary(max_size=40), texts, texts, st.sampled_from((SM3, SHA256))
    )
    pairs = st.tuples(draw.FREE_RECORDS, draw.FREE_RECORDS, st.integers(0, 2**32))
    return (
        Property("bodies", 20, st.tuples(draw.BODIES, draw.KINDS), _any_body_is_answered),
        Property("compressed bodies", 5, st.tuples(draw.PACKED, draw.ENCODINGS), _any_stream_is_unpacked),
        Property("what was compressed", 5, st.binary(max_size=500), _what_was_packed_comes_out),
        Property("lines in company", 15, draw.LINES, _no_line_spoils_its_neighbours),
        Property("one form", 10, draw.DECODED, _flattening_is_done_once),
        Property("equality", 10, pairs, _equal_is_what_has_one_form),
        Property("heads of signed calls", 5, draw.HEADERS, _any_signature_is_refused_or_read),
        Property("signatures", 5, signed, _what_is_altered_is_signed_otherwise),
        Property("dialects", 10, draw.RECORDS, _no_dialect_makes_another_case),
        Property(
            "verdicts",
            10,
            st.tuples(st.integers(0, 2**32), st.integers(1, 30)),
            _every_verdict_is_the_one_due(rulebook),
        ),
    )
