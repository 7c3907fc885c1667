"""Runs our own PostgreSQL on a data directory, or joins the one that already runs there."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from haochaping.starter import cluster
from haochaping.starter.account import Account, unprivileged
from haochaping.starter.children import Child, Spec, spawn
from haochaping.starter.keys import ensure_database_password
from haochaping.starter.layout import Layout, lay_out, socket_folder
from haochaping.starter.locks import Lock
from haochaping.starter.postmaster import Postmaster, forget_dead_postmaster, read_postmaster
from haochaping.starter.programs import Programs, find_programs
from haochaping.starter.progress import Say, StartError, step

PORT = 5432  # only part of the socket's name: nothing listens on the network
START_LIMIT = 600.0
LEAVE_LIMIT = 60.0
MEMORY_LIMIT = 30.0
PAUSE = 0.05


@dataclass(slots=True)
class Cluster:
    """A running server; `dsn` works for psycopg, asyncpg, pgbench and Django. `child` None: another's."""

    folder: Path
    sockets: Path
    password: str = field(repr=False)
    child: Child | None = None
    lock: Lock | None = None

    @property
    def dsn(self) -> str:
        place = urlencode({"host": str(self.sockets), "port": PORT})
        return f"postgresql://{cluster.ROLE}:{quote(self.password)}@/{cluster.DATABASE}?{place}"

    def stop(self) -> None:
        """Stops the server if we started it; does nothing to somebody else's."""
        if self.child is not None:
            self.child.stop()
        if self.lock is not None:
            self.lock.describe()
            self.lock.close()
            self.lock = None


def running_cluster(data_dir: Path | str) -> Cluster | None:
    """The cluster of a data directory if its server takes connections now; else None."""
    layout = lay_out(data_dir)
    folder = layout.home(unprivileged(lambda _: None, owner=layout.owner())) / "postgres"
    postmaster = read_postmaster(folder)
    if postmaster is None or not postmaster.ready:
        return None
    password = ensure_database_password(layout.keys, needed_by=str(folder))
    return Cluster(folder, postmaster.sockets, password)


def start(data_dir: Path | str, say: Say, *, who: str = "up", hasty: bool = False) -> Cluster:
    """Starts the server of a data directory, makes it first when there is none, waits until it is ready.

    When a short command has it running, waits for that one to end. `hasty` gives up durability: tests only.
    Raises StartError.
    """
    layout = lay_out(data_dir)
    lock = Lock(layout.locks / "postgres.lock")
    with step(say, "Waiting for another command to finish with the database"):
        while not lock.take():
            time.sleep(PAUSE)
    return _start(layout, lock, say, who=who, hasty=hasty)


@contextmanager
def database(data_dir: Path | str, say: Say, *, who: str = "command") -> Iterator[str]:
    """The database of a data directory: DATABASE_URL, else our server, joined or run meanwhile."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    layout = lay_out(data_dir)
    users = Lock(layout.locks / "postgres.users")
    found = _start_or_join(layout, users, say, who)
    try:
        yield found.dsn
    finally:
        if found.child is not None:
            # Others may have joined us meanwhile: the server stays until they are done.
            with step(say, "Waiting for other commands that use the database"):
                users.take(wait=True)
            found.stop()
        users.close()


def _start_or_join(layout: Layout, users: Lock, say: Say, who: str) -> Cluster:
    lock = Lock(layout.locks / "postgres.lock")
    with step(say, "Waiting for the database to be started"):
        while not lock.take():
            if users.take(shared=True) and (found := running_cluster(layout.data)):
                lock.close()
                return found
            time.sleep(PAUSE)
    return _start(layout, lock, say, who=who)


def _start(layout: Layout, lock: Lock, say: Say, *, who: str, hasty: bool = False) -> Cluster:
    """Starts as the holder of the lock, which is given back when it fails."""
    try:
        lock.describe(pid=os.getpid(), command=who)
        account = unprivileged(say, owner=layout.owner())
        home = layout.home(account)
        if home != layout.data:
            who_cannot = account.name if account else "ours"
            say(f"The database lies in {home}: the account {who_cannot} cannot reach {layout.data}.")
            home.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder = home / "postgres"
        programs = _programs_for(folder, account)
        needed_by = str(folder) if cluster.exists(folder) else None
        password = ensure_database_password(layout.keys, needed_by=needed_by)
        if not cluster.exists(folder):
            with step(say, "Making the database's files"):
                cluster.create(folder, programs=programs, account=account, password=password, hasty=hasty)
        sockets = socket_folder(home / "socket", layout.name, account)
        _wait_for_the_dying(folder, say)
        forget_dead_postmaster(folder, sockets)
        child = _run_server(folder, sockets, programs, account, layout.log / "postgres.log", say)
    except BaseException:
        lock.close()
        raise
    return Cluster(folder, sockets, password, child, lock)


def _programs_for(folder: Path, account: Account | None) -> Programs:
    major = cluster.major_version(folder)
    if programs := find_programs(major=major, account=account):
        return programs
    if major is not None:
        raise StartError(
            f"The data in {folder} were written by PostgreSQL {major}, and its programs are not here. "
            f"Install PostgreSQL {major} (Debian: apt-get install postgresql-{major}); if they were written "
            "before this machine had a PostgreSQL of its own, start once with HAOCHAPING_POSTGRES=wheel."
        )
    raise StartError(
        "No PostgreSQL (15 or later) was found. Install it (Debian: apt-get install postgresql), or set "
        "DATABASE_URL to a database of your own; `./haochaping` itself brings one along on common machines."
    )


def _wait_for_the_dying(folder: Path, say: Say) -> None:
    """A server whose starter was killed is told to stop by the kernel; it needs a moment for it."""
    limit = time.monotonic() + LEAVE_LIMIT
    with step(say, "Waiting for the server of a killed run to stop"):
        while (postmaster := read_postmaster(folder)) is not None:
            if time.monotonic() > limit:
                raise StartError(
                    f"A PostgreSQL that we did not start runs on {folder} (process {postmaster.pid}). "
                    f"Stop it with `kill -INT {postmaster.pid}` and start again."
                )
            time.sleep(PAUSE)


def _run_server(
    folder: Path, sockets: Path, programs: Programs, account: Account | None, log: Path, say: Say
) -> Child:
    discreet = (f"--{name}={value}" for name, value in cluster.DISCREET.items())
    argv = (programs.path("postgres"), "-D", str(folder), "-p", str(PORT), "-k", str(sockets), *discreet)
    spec = Spec(
        name="postgres",
        argv=argv,
        environment=cluster.bare_environment(),
        account=account,
        stop_signal=signal.SIGINT,  # "fast": clients are cut off, everything committed is kept
        grace=LEAVE_LIMIT,
    )
    begun = time.monotonic()
    with step(say, "Starting the database"):
        while True:
            child = spawn(spec, log)
            try:
                if _becomes_ready(child, folder, begun + START_LIMIT):
                    return child
            except BaseException:
                child.stop()
                raise
            words = child.last_words()
            # Processes of a killed server may live on for a moment.
            remains = "pre-existing shared memory block" in words
            if not remains or time.monotonic() > begun + MEMORY_LIMIT:
                raise StartError(f"PostgreSQL did not start. Its log ({log}) ends with:\n{words}")
            time.sleep(1)


def _becomes_ready(child: Child, folder: Path, limit: float) -> bool:
    """True when the server takes connections, False when it ended. Raises StartError after the limit."""
    while child.ended() is None:
        postmaster: Postmaster | None = read_postmaster(folder)
        if postmaster is not None and postmaster.ready and postmaster.pid == child.process.pid:
            return True
        if time.monotonic() > limit:
            raise StartError(
                f"PostgreSQL did not become ready within {START_LIMIT:.0f} s. Its log: {child.log}. "
                "The disk may be too slow or full; start again when that is solved."
            )
        time.sleep(PAUSE)
    return False


@contextmanager
def temporary_cluster(folder: Path, say: Say = print) -> Iterator[Cluster]:
    """A server of its own in an empty folder for one run of the tests; not durable."""
    started = start(folder, say, who="temporary", hasty=True)
    try:
        yield started
    finally:
        started.stop()
