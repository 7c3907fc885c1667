"""What lies where in a data directory, and what must lie elsewhere."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from haochaping.starter.account import Account, can_enter, private_folder
from haochaping.starter.programs import SHARED_HOME
from haochaping.starter.progress import StartError

# A socket's address holds 107 bytes; PostgreSQL's is FOLDER/.s.PGSQL.5432.
SOCKET_LIMIT = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one data directory. `data` is absolute and resolved."""

    data: Path

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def locks(self) -> Path:
        return self.data / "run"

    @property
    def name(self) -> str:
        """Twelve characters that stand for this data directory in places shared with others."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    def owner(self) -> int | None:
        """The uid that the existing database belongs to; None when there is none yet."""
        for place in (SHARED_HOME / self.name, self.data):
            if (place / "postgres").exists():
                return (place / "postgres").stat().st_uid
        return None

    def home(self, account: Account | None) -> Path:
        """Where the database's files lie: here, else where the account reaches them; stays where it was."""
        elsewhere = SHARED_HOME / self.name
        if (elsewhere / "postgres").exists():
            return elsewhere
        if (self.data / "postgres").exists() or can_enter(account, self.data):
            return self.data
        return elsewhere

    def web_socket(self) -> Path:
        """The path of the socket between the door and Django, in a private folder of ours."""
        return socket_folder(self.locks, self.name + "-web", None) / "web.sock"


def lay_out(data_dir: Path | str) -> Layout:
    """The layout of a data directory, whose folders it makes: keys, logs are private. Raises StartError."""
    data = Path(data_dir).expanduser().resolve()
    # Root's database runs under another account, which has to pass through here.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    layout = Layout(data)
    try:
        data.mkdir(mode=mode, parents=True, exist_ok=True)
        for folder in (layout.keys, layout.log, layout.locks):
            private_folder(folder, None)
    except OSError as error:
        raise StartError(
            f"{error.filename or data} cannot be made or entered ({error.strerror}). "
            "Choose a directory of your own with --data."
        ) from error
    return layout


def socket_folder(wanted: Path, name: str, account: Account | None) -> Path:
    """`wanted` when a socket's address fits into it, else a short folder by that name; the account's own."""
    if len(os.fsencode(wanted)) + len(LONGEST_SOCKET_NAME) <= SOCKET_LIMIT:
        return private_folder(wanted, account)
    short = Path("/run/haochaping") if os.geteuid() == 0 else Path(f"/tmp/haochaping-{os.geteuid()}")  # noqa: S108
    if os.geteuid() == 0:
        short.mkdir(mode=0o711, parents=True, exist_ok=True)
    else:
        private_folder(short, None)
    return private_folder(short / name, account)
