"""Calls over HTTP, drawn by schemathesis from the description of the interface, and some that get through to the tables."""

import hashlib
import hmac
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis import Case, GenerationMode
from schemathesis.checks import FailureGroup, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from haochaping.cases.rules import TIMES
from haochaping.foundation.clock import CN, now
from haochaping.intake.api import ROUTES
from haochaping.intake.openapi import description
from tests.fuzzing import strategies as draw

HOST: Final = "http://127.0.0.1"
OCCASIONS: Final = "/api/v1/occasions"
NDJSON: Final = {"Content-Type": "application/x-ndjson"}
RATED: Final = 50
# What of the interface's answers must be as described. What a malformed record is answered is a verdict, not a status.
CHECKS: Final[list[Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Of a hundred cases: drawn from the description right and wrong, and records of our own that are mostly sound.
SHARES: Final = {GenerationMode.POSITIVE: 30, GenerationMode.NEGATIVE: 40}


def ndjson(value: Any) -> bytes:
    """One record a line."""
    return b"\n".join(map(draw.written, value if isinstance(value, list) else [value]))


schemathesis.serializer("application/x-ndjson")(lambda _, value: ndjson(value))


@dataclass(frozen=True)
class Signed(AuthBase):
    """Signs what goes out, as it goes out."""

    key: str
    secret: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        path, _, query = request.path_url.partition("?")
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        parts = "&".join(sorted(query.split("&")))
        # The door signs the path as it understands it.
        words = "\n".join(
            [
                str(request.method),
                requests.utils.unquote(path),
                parts,
                stamp,
                nonce,
                hashlib.sha256(content).hexdigest(),
            ]
        )
        request.headers.update(
            {
                "X-HCP-Key": self.key,
                "X-HCP-Timestamp": stamp,
                "X-HCP-Nonce": nonce,
                "X-HCP-Algorithm": "HMAC-SHA256",
                "X-HCP-Signature": hmac.new(self.secret.encode(), words.encode(), "sha256").hexdigest(),
            }
        )
        return request


@dataclass
class Answered:
    """How many calls were sent, what they were answered, and what was not as described."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many answers were errors of ours."""
        return sum(number for status, number in self.statuses.items() if status >= 500)

    def note(self, response: Any) -> None:
        """Counts one answer."""
        self.sent += 1
        self.statuses[response.status_code] += 1
        if response.status_code == 200 and "counts" in (told := response.json()):
            self.verdicts.update(told["counts"])


def play(port: int, auth: Signed, number: int) -> Answered:
    """So many calls to the door on this port, signed by a client with all rights."""
    schema = schemathesis.openapi.from_dict(description(ROUTES))
    answered = Answered()
    session = requests.Session()
    tokens = _tokens(session, port, auth)
    operations = [found.ok() for found in schema.get_all_operations()]
    for mode, share in SHARES.items():
        cases = max(1, number * share // 100 // len(operations))
        for operation in operations:
            if mode is GenerationMode.NEGATIVE and not (operation.body or any(operation.iter_parameters())):
                continue  # where nothing is asked for, nothing can be wrong
            _draw(
                operation.as_strategy(generation_mode=mode),
                cases,
                lambda case: _call(case, session, port, auth, tokens, answered),
            )
    _draw(
        st.lists(draw.FREE_RECORDS | draw.RECORDS, min_size=1, max_size=6),
        number - answered.sent,
        lambda records: _report(session, port, auth, records, answered),
    )
    return answered


def _tokens(session: requests.Session, port: int, auth: Signed) -> list[str]:
    """Of occasions of this morning that may be rated."""
    served = {name: f"{now().astimezone(CN) - timedelta(minutes=30):%Y-%m-%d %H:%M:%S}" for name in TIMES[:2]}
    records = [draw.SOUND | served | {"projectNo": f"RATED-{number}"} for number in range(RATED)]
    answer = session.post(f"{HOST}:{port}{OCCASIONS}", data=ndjson(records), auth=auth, headers=NDJSON)
    return [str(each["url"]).rpartition("/")[2] for each in answer.json()["results"]]


def _draw(strategy: Any, number: int, send: Callable[[Any], None]) -> None:
    @settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def run(case: Any) -> None:
        send(case)

    run()


def _call(
    case: Case, session: requests.Session, port: int, auth: Signed, tokens: Sequence[str], answered: Answered
) -> None:
    if "token" in (case.path_parameters or {}) and answered.sent % 2:
        case.path_parameters["token"] = tokens[answered.sent % len(tokens)]
    # Every tenth unsigned.
    signer = None if answered.sent % 10 == 0 else auth
    response = case.call(base_url=f"{HOST}:{port}", session=session, auth=signer)
    answered.note(response)
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as found:
        answered.wrong += [f"{case.method} {case.path}: {problem}" for problem in found.exceptions]


def _report(
    session: requests.Session, port: int, auth: Signed, records: list[dict[str, Any]], answered: Answered
) -> None:
    """Records that are mostly sound, some of which reach the tables."""
    response = session.post(f"{HOST}:{port}{OCCASIONS}", data=ndjson(records), auth=auth, headers=NDJSON)
    answered.note(response)
    if response.status_code != 200 or len(json.loads(response.content)["results"]) != len(records):
        answered.wrong.append(f"{response.status_code}: {response.text[:300]}")
