"""`up`: from nothing, or from what a killed run left, to a running system and its addresses on the screen."""

import argparse
import os
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from haochaping.cli import port, readiness
from haochaping.cli.database import prepare, say
from haochaping.cli.programs import door, web, worker
from haochaping.foundation import clock
from haochaping.starter import postgres
from haochaping.starter.layout import Layout, lay_out
from haochaping.starter.locks import Lock
from haochaping.starter.processes import Supervisor
from haochaping.starter.progress import StartError, step

NAME = "up"
HELP = "Start everything: database, web pages, fast door, worker. Ctrl-C stops it and keeps the data."

READY_LIMIT = 120.0
ATTEMPTS = 3
ROUND = 0.2
# How long the processes of a killed run may hold the port before we give up.
PARTING = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port.number, default=8000, help="the one public port (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--url", help="what the system is called from outside, such as https://hcp.example.cn, for links"
    )
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo city at the first start")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when it was asked to stop. Raises StartError when it cannot start."""
    layout = lay_out(arguments.data)
    url = (arguments.url or port.address(arguments.host, arguments.port)).rstrip("/")
    if shift := clock.shift():
        say(
            f"THE CLOCK IS MOVED by {shift} (HAOCHAPING_CLOCK_SHIFT): for trials only, never with real ratings."
        )
    with _only_one(layout, url, arguments), _signals_as_interrupts():
        supervisor = Supervisor(log=layout.log, say=say)
        cluster: postgres.Cluster | None = None
        try:
            cluster = _database(layout, supervisor)
            _run_all(layout, supervisor, url, arguments)
        except KeyboardInterrupt:
            say("Stopping ...")
        finally:
            _turn_deaf()
            with step(say, "Waiting for the processes to finish what they are doing"):
                supervisor.stop()
                if cluster is not None:
                    cluster.stop()
    say(f"Stopped. The data stay in {layout.data}.")
    return 0


@contextmanager
def _only_one(layout: Layout, url: str, arguments: argparse.Namespace) -> Iterator[None]:
    """Holds the data directory and finds the port free. Words left in the lock are a killed run's."""
    lock = Lock(layout.locks / "up.lock")
    if not lock.take():
        holder = lock.description()
        raise StartError(
            f"Another `up` works on {layout.data}: process {holder.get('pid', '(unknown)')}, "
            f"{holder.get('url', 'still starting')}. Use that one, stop it with Ctrl-C, "
            "or give this one its own --data directory."
        )
    port.ensure_free(arguments.host, arguments.port, say, patience=PARTING if lock.description() else 0.0)
    lock.describe(pid=os.getpid(), url=url)
    try:
        yield
    finally:
        lock.describe()
        lock.close()


def _database(layout: Layout, supervisor: Supervisor) -> postgres.Cluster | None:
    """Our own PostgreSQL under supervision; None with DATABASE_URL, which says where another one is."""
    if os.environ.get("DATABASE_URL"):
        return None
    cluster = postgres.start(layout.data, say)
    if cluster.child is not None:
        supervisor.adopt(cluster.child)
    os.environ["DATABASE_URL"] = cluster.dsn
    return cluster


def _run_all(layout: Layout, supervisor: Supervisor, url: str, arguments: argparse.Namespace) -> None:
    """Everything above the database; returns only by an exception."""
    os.environ["HAOCHAPING_BASE_URL"] = url
    prepare(layout.data, os.environ["DATABASE_URL"], say)
    from django.db import connections

    from haochaping.cli import demo

    if not arguments.no_demo and demo.needed():
        with step(say, "Loading the demo city"):
            demo.load(say=say)
    if demo.loaded() and demo.without_second_factor(os.environ):
        say(demo.NO_SECOND_FACTOR)
    socket = layout.web_socket()
    begun = readiness.database_time()
    for spec in (
        web(socket),
        door(socket, host=arguments.host, port=arguments.port),
        worker(layout.data),
    ):
        supervisor.start(spec)
    checks: dict[str, Callable[[], bool]] = {
        "web": partial(readiness.web_answers, socket),
        "door": partial(readiness.door_answers, arguments.host, arguments.port),
        "worker": partial(readiness.worker_answers, begun),
    }
    _wait_until_ready(supervisor, checks)
    _print_addresses(demo.addresses(url))
    connections.close_all()  # from here on we only watch
    while True:
        supervisor.look(time.monotonic())
        time.sleep(ROUND)


def _wait_until_ready(supervisor: Supervisor, checks: dict[str, Callable[[], bool]]) -> None:
    limit = time.monotonic() + READY_LIMIT
    with step(say, "Waiting until every process answers"):
        while silent := readiness.silent(checks):
            supervisor.look(time.monotonic())
            if child := supervisor.failing(ATTEMPTS):
                raise StartError(
                    f"{child.spec.name} does not start. Its log ({child.log}) ends with:\n"
                    f"{child.last_words()}"
                )
            if time.monotonic() > limit:
                raise StartError(
                    f"{' and '.join(silent)} did not answer within {READY_LIMIT:.0f} s. See the logs in "
                    f"{supervisor.log}, then start again."
                )
            time.sleep(ROUND)


def _print_addresses(addresses: list[tuple[str, str]]) -> None:
    widest = max((_columns(label) for label, _ in addresses), default=0)
    print("\nReady. Ctrl-C stops it.\n")
    for label, address in addresses:
        print(f"  {label}{' ' * (widest - _columns(label))}  {address}")
    sys.stdout.flush()


def _columns(label: str) -> int:
    """How wide a label is on a terminal, where a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """Being told to end, or losing the terminal, is the same to us as Ctrl-C."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    with suppress(KeyboardInterrupt):
        yield


def _turn_deaf() -> None:
    """While stopping, a second Ctrl-C changes nothing: all get their seconds, then they are killed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
