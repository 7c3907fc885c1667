"""A stage for trials: a durable database of its own and a door before it, made for one run and taken away afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from haochaping.cli import port, programs
from haochaping.cli.database import prepare
from haochaping.cli.figures import CouldNotRun
from haochaping.starter import postgres
from haochaping.starter.children import Child, spawn
from haochaping.starter.cluster import major_version
from haochaping.starter.layout import Layout, lay_out
from haochaping.starter.locks import Lock
from haochaping.starter.programs import CHOICE
from haochaping.starter.progress import Say

HOST = "127.0.0.1"
READY_LIMIT = 60.0
# A folder in which the first stage is kept as it was before anything happened on it: the others begin as copies of it. For
# whoever runs many trials of the same code, as the tests do.
KEPT = "HAOCHAPING_STAGES"


@dataclass(slots=True)
class Stage:
    """`dsn` is the database's address, `port` the one that the door is given each time. `cluster` is the database's server,
    where it is the stage's own."""

    layout: Layout
    dsn: str
    port: int
    children: list[Child] = field(default_factory=list)
    cluster: postgres.Cluster | None = None

    def restart_database(self, say: Say) -> None:
        """Starts the server anew on what was left of it. Raises StartError, and CouldNotRun when it is another's."""
        if self.cluster is None:
            raise CouldNotRun("the database's server is not the stage's own")
        self.cluster.stop()
        self.cluster = postgres.start(self.layout.data, say, who="trial")

    def start_door(self) -> Child:
        """Starts a door and waits until it is ready. Raises CouldNotRun."""
        spec = programs.door(Path(), host=HOST, port=self.port)
        environment = {
            name: value for name, value in (spec.environment or {}).items() if name != "HAOCHAPING_WEB_SOCKET"
        }
        child = spawn(type(spec)(spec.name, spec.argv, environment), self.layout.log / "door.log")
        self.children.append(child)
        limit = time.monotonic() + READY_LIMIT
        while not port.answers(HOST, self.port, "/readyz"):
            if child.ended() is not None or time.monotonic() > limit:
                raise CouldNotRun(f"the door did not become ready:\n{child.last_words()}")
            time.sleep(0.05)
        return child

    def start_everything(self) -> None:
        """Django behind its socket and the door before it, as `up` has them. Raises CouldNotRun."""
        socket = self.layout.web_socket()
        for spec in (programs.web(socket), programs.door(socket, host=HOST, port=self.port)):
            self.children.append(spawn(spec, self.layout.log / f"{spec.name}.log"))
        limit = time.monotonic() + READY_LIMIT
        while not port.answers(HOST, self.port, "/readyz"):
            if time.monotonic() > limit:
                raise CouldNotRun("\n".join(child.last_words() for child in self.children))
            time.sleep(0.1)

    def stop(self) -> None:
        """Stops what was started here."""
        while self.children:
            self.children.pop().stop()


@contextmanager
def stage(say: Say) -> Iterator[Stage]:
    """A migrated, durable database (fsync on, the settings of `up`) in a new folder; removed at the end."""
    data = Path(tempfile.mkdtemp(prefix="hcp-stage-"))
    data.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    before = dict(os.environ)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("HAOCHAPING_MASTER_KEY", None)
    cluster: postgres.Cluster | None = None
    set_up: Stage | None = None
    try:
        cluster = _begun(data, say)
        say(f"on PostgreSQL {major_version(cluster.folder)}")
        os.environ["HAOCHAPING_BASE_URL"] = f"http://{HOST}"
        set_up = Stage(lay_out(data), cluster.dsn, free_port(), cluster=cluster)
        yield set_up
    finally:
        if set_up is not None:
            set_up.stop()
            cluster = set_up.cluster
        if cluster is not None:
            cluster.stop()
            shutil.rmtree(
                cluster.folder.parent if cluster.folder.parent != data else data, ignore_errors=True
            )
        shutil.rmtree(data, ignore_errors=True)
        os.environ.clear()
        os.environ.update(before)


def _begun(data: Path, say: Say) -> postgres.Cluster:
    """The server of a new stage, with everything in its database that migrations put there."""
    if KEPT not in os.environ:
        return _prepared(data, say)
    # Another server keeps its files in another way.
    kept = Path(os.environ[KEPT]) / (os.environ.get(CHOICE) or "found")
    lock = Lock(kept.with_suffix(".lock"))
    try:
        lock.take(wait=True)
        if not kept.exists():
            return _kept(_prepared(data, say), data, kept, say)
        _copy(kept, data)
    finally:
        lock.close()
    return _prepared(data, say)


def _kept(cluster: postgres.Cluster, data: Path, kept: Path, say: Say) -> postgres.Cluster:
    """The server started again, after its files were kept, where they lie beside the keys."""
    from django.db import connections

    if cluster.folder.parent != data:
        return cluster
    connections.close_all()
    cluster.stop()
    _copy(data, kept)
    return postgres.start(data, say, who="trial")


def _prepared(data: Path, say: Say) -> postgres.Cluster:
    cluster = postgres.start(data, say, who="trial")
    try:
        prepare(data, cluster.dsn, say)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _copy(one: Path, other: Path) -> None:
    """With its owners: the database's files belong to another account than the keys. There whole or not at all."""
    part = other.with_suffix(".part")
    subprocess.run(["cp", "-a", str(one), str(part)], check=True)
    if other.exists():
        other.rmdir()
    part.rename(other)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number
