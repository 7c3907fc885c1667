"""One process of the system by itself, for a machine where systemd watches over each: `up` starts all of them together."""

import argparse
import os
from collections.abc import Sequence
from typing import Final, NoReturn

from haochaping.starter.progress import StartError

# systemd hands a socket over as this descriptor, and says for whom (sd_listen_fds(3)).
HANDED_OVER: Final = 3


def handed_over() -> bool:
    """Whether systemd listens already, and hands its socket over to this process."""
    return os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1"


def become(command: Sequence[str], arguments: argparse.Namespace) -> NoReturn:
    """This process becomes the server: signals, its number and the socket handed over are the server's then.

    Makes no key, no database and no table: that is `migrate`'s. Raises StartError without an address of the database.
    """
    if not os.environ.get("DATABASE_URL"):
        raise StartError(
            "DATABASE_URL is not set. It says where the database is that `haochaping migrate` prepared, for example "
            "postgresql:///haochaping?host=/run/postgresql; `haochaping up` brings a database of its own instead."
        )
    environment = os.environ | {"HAOCHAPING_DATA": str(arguments.data.resolve()), "PYTHONUNBUFFERED": "1"}
    os.execve(command[0], list(command), environment)  # noqa: S606
