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
    options = ["--bind", f"unix:{socket}", "--workers", str(WORKERS), "--threads", str(THREADS)]
    options += ["--worker-class", "gthread", "--graceful-timeout", str(GRACE), "--no-control-socket"]
    return Spec(
        "web", _python("-m", "gunicorn", *options, "haochaping.config.wsgi:application"), _environment()
    )


def door(web_socket: Path, *, host: str, port: int) -> Spec:
    """The public port: the fast paths itself, everything else passed on to Django. Logs no address that it is
    asked for: they carry rating tokens."""
    options = ["--host", host, "--port", str(port), "--no-access-log", "--no-server-header"]
    # Whom to believe about the caller is the door's own business, not the server's.
    options += ["--http", "haochaping.intake.connections:BoundedConnection"]
    options += ["--no-proxy-headers", "--lifespan", "on", "--timeout-graceful-shutdown", str(GRACE)]
    argv = _python("-m", "uvicorn", *options, "haochaping.config.asgi:application")
    return Spec("door", argv, _environment(HAOCHAPING_WEB_SOCKET=str(web_socket)))


def worker(data: Path) -> Spec:
    """Jobs and sweeps."""
    return Spec("worker", _python("-m", "haochaping.cli", "worker", "--data", str(data)), _environment())


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", *arguments)


def _environment(**more: str) -> Mapping[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **more}
