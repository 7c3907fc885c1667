"""The one public port: free before we start, answering when we are ready."""

import argparse
import http.client
import socket
import time
from contextlib import closing

from haochaping.starter.progress import Say, StartError, step

PAUSE = 0.2
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - only translated


def number(text: str) -> int:
    """A port number for argparse. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def address(host: str, port: int) -> str:
    """The base address of the system for a browser on this machine."""
    reachable = EVERYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def ensure_free(host: str, port: int, say: Say, *, patience: float) -> None:
    """Raises StartError when we cannot listen there; waits `patience` seconds for it first."""
    limit = time.monotonic() + patience
    with step(say, f"Waiting for port {port}, which a killed run still holds"):
        while (problem := _problem(host, port)) is not None:
            if time.monotonic() >= limit:
                raise StartError(
                    f"Cannot listen on {host} port {port}: {problem}. "
                    "Choose another with --port, or stop what uses this one."
                )
            time.sleep(PAUSE)


def _problem(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        return error.strerror or str(error)
    return None


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of the path is answered with 200."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    with closing(connection):
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
