"""Whether the processes of a running system answer, each asked in its own way."""

import http.client
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from haochaping.cli import port

TIMEOUT = 5


class _LocalConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(str(self._path))


def web_answers(path: Path) -> bool:
    """Whether Django behind its socket answers the front page without an error of its own."""
    with closing(_LocalConnection(path)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False


def door_answers(host: str, number: int) -> bool:
    """Whether the public port says that it is ready."""
    return port.answers(host, number, "/readyz")


def database_time() -> datetime:
    """The database's own clock, against which workers sign in. Needs django.setup()."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        answer: tuple[datetime] = cursor.fetchone()
    return answer[0]


def worker_answers(since: datetime) -> bool:
    """Whether a worker has signed in at the job queue since then. Needs django.setup()."""
    from django.db import Error, connection

    signed_in = "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat >= %s)"
    try:
        with connection.cursor() as cursor:
            cursor.execute(signed_in, [since])
            answer: tuple[bool] = cursor.fetchone()
    except Error:  # the database is being started again
        connection.close()
        return False
    return answer[0]


def silent(checks: dict[str, Callable[[], bool]]) -> list[str]:
    """The names of those that do not answer."""
    return [name for name, answers in checks.items() if not answers()]
