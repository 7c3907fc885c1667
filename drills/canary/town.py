"""A small running town: registry, officials, two business systems, and all processes as `up` starts them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from drills.canary.calling import Answers, Caller
from haochaping.cli import demo, programs, readiness
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.stage import HOST, Stage
from haochaping.foundation.clock import now
from haochaping.starter.children import Child, spawn

if TYPE_CHECKING:
    from haochaping.accounts.operations.keys import IssuedKey

PASSWORD_CHARACTERS = "drill-滇池-canary-7"  # noqa: S105  (of a town that lives for a minute)
ACTOR = "drill"
PLATFORM = "drill"
ELSEWHERE = "11539436MB36597916"
_READY_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Town:
    """`reporter` may report, `stranger` is a client that may not. The callers of the officials are signed in."""

    stage: Stage
    answers: Answers
    reporter: "IssuedKey"
    stranger: "IssuedKey"
    handler: Caller
    officer: Caller
    other: Caller
    anybody: Caller


@contextmanager
def running(set_up: Stage) -> Iterator[Town]:
    """Everything in place and running. Raises CouldNotRun."""
    from haochaping.registry.operations import import_registry

    import_registry(directory=demo.CITY, now=now(), actor=ACTOR)
    reporter, stranger = _client("report", PLATFORM), _client("rate", "stranger")
    _start(set_up)
    answers = Answers()
    everybody = [Caller(who, set_up.port, answers) for who in ("handler", "officer", "other", "anybody")]
    for caller, code in zip(everybody, (demo.ORGANISATION, demo.AUTHORITY, ELSEWHERE), strict=False):
        _sign_in(caller, code)
    handler, officer, other, anybody = everybody
    yield Town(set_up, answers, reporter, stranger, handler, officer, other, anybody)


def _client(right: str, platform: str) -> "IssuedKey":
    from haochaping.accounts.operations.clients import create_client

    return create_client(
        organisation=demo.AUTHORITY, rights=[right], platform=platform, actor=ACTOR, now=now()
    )


def _start(set_up: Stage) -> None:
    # Its self-test goes in where the town is; it has no proxy and no name.
    os.environ["HAOCHAPING_SELFTEST_URL"] = f"http://{HOST}:{set_up.port}"
    # What people said is looked for, not how officials get in: all of them by their password alone.
    os.environ["HAOCHAPING_SECOND_FACTOR_ROLES"] = "none"
    socket = set_up.layout.web_socket()
    specs = (
        programs.web(socket),
        programs.door(socket, host=HOST, port=set_up.port),
        programs.worker(set_up.layout.data),
    )
    for spec in specs:
        set_up.children.append(spawn(spec, set_up.layout.log / f"{spec.name}.log"))
    limit = time.monotonic() + _READY_SECONDS
    # The door is ready before Django has read its addresses; on a busy machine it tires of waiting for the first page.
    while not (readiness.door_answers(HOST, set_up.port) and readiness.web_answers(socket)):
        if time.monotonic() > limit or any(child.ended() is not None for child in set_up.children):
            raise CouldNotRun("the town did not become ready:\n" + "\n".join(map(_words, set_up.children)))
        time.sleep(0.2)


def _words(child: Child) -> str:
    return f"{child.spec.name}: {child.last_words()}"


def _sign_in(caller: Caller, organisation: str) -> None:
    from haochaping.accounts.operations.officials import NewPost, create_official, issue_login_link
    from haochaping.accounts.operations.officials import set_password as keep
    from haochaping.accounts.rules import Role
    from haochaping.registry.queries import organisation_id_by_credit_code

    role = Role.AUTHORITY_OFFICER if organisation == demo.AUTHORITY else Role.ORGANISATION_HANDLER
    number = organisation_id_by_credit_code(organisation)
    if number is None:
        raise CouldNotRun(f"the registry has no organisation {organisation}")
    posts = [NewPost(number, role)]
    official: UUID = create_official(username=caller.who, name="赵敏", posts=posts, now=now(), actor=ACTOR)
    token = issue_login_link(official_id=official, now=now(), actor=ACTOR)
    keep(token=token, password=PASSWORD_CHARACTERS, now=now())
    answer = caller.form(
        "/console/login/", {"username": caller.who, "password": PASSWORD_CHARACTERS}, page="/console/login/"
    )
    caller.token = ""  # signing in changes it
    if answer.status != 302:
        raise CouldNotRun(f"{caller.who} could not sign in: {answer.status}")
