"""The processes of a running system, as `up` starts them."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from haochaping.starter.children import Spec

WORKERS = 2
THREADS = 4
# Less than the supervisor's ten seconds: whoever is stopped ends by itself.
GRACE = 8


def web(socket: Path) -> Spec:
    """Django by WSGI on a Unix socket that only our own account can reach."""
    return Spec("web", web_command("--bind", f"unix:{socket}"), _environment())


def door(web_socket: Path, *, host: str, port: int) -> Spec:
    """The public port: the fast paths itself, everything else passed on to Django."""
    command = door_command("--host", host, "--port", str(port))
    return Spec("door", command, _environment(HAOCHAPING_WEB_SOCKET=str(web_socket)))


def web_command(*place: str, workers: int = WORKERS) -> tuple[str, ...]:
    """gunicorn with Django, listening where its options `place` say."""
    options = [*place, "--workers", str(workers), "--threads", str(THREADS), "--worker-class", "gthread"]
    options += ["--graceful-timeout", str(GRACE), "--no-control-socket"]
    return _python("-m", "gunicorn", *options, "haochaping.config.wsgi:application")


def door_command(*place: str) -> tuple[str, ...]:
    """uvicorn with the door, listening where its options `place` say. Logs no address that it is asked for: they carry
    rating tokens."""
    options = [*place, "--no-access-log", "--no-server-header"]
    # Whom to believe about the caller is the door's own business, not the server's.
    options += ["--http", "haochaping.intake.connections:BoundedConnection"]
    options += ["--no-proxy-headers", "--lifespan", "on", "--timeout-graceful-shutdown", str(GRACE)]
    return _python("-m", "uvicorn", *options, "haochaping.config.asgi:application")


def worker(data: Path) -> Spec:
    """Jobs and sweeps."""
    return Spec("worker", _python("-m", "haochaping.cli", "worker", "--data", str(data)), _environment())


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", *arguments)


def _environment(**more: str) -> Mapping[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **more}
