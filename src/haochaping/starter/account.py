"""The account that PostgreSQL runs under: it refuses root, so root lends it another one."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from haochaping.starter.progress import Say, StartError

DEBIANS = "postgres"
OURS = "haochaping"


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system account; `groups` holds every group it is in, its own included."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid, tuple(os.getgrouplist(name, entry.pw_gid)))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError as error:
        raise StartError(
            f"The database belongs to the account number {uid}, which this system does not have any more. "
            f"Create it again (useradd --uid {uid} ...), or give the files to another with chown."
        ) from error


def unprivileged(say: Say, *, owner: int | None = None) -> Account | None:
    """Whom root lets PostgreSQL run as; None when we are not root and simply run it ourselves.

    The `owner` (a uid) of a database that exists already; else Debian's `postgres`; else `haochaping`,
    created by us. Raises StartError when that does not work.
    """
    if os.geteuid() != 0:
        return None
    if owner is not None:
        return _account(_name(owner))
    if account := _account(DEBIANS) or _account(OURS):
        return account
    say(f"Creating the system account {OURS}: PostgreSQL does not run as root.")
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", OURS]
    if shutil.which("useradd") is None or subprocess.run(command, check=False).returncode != 0:
        raise StartError(
            "PostgreSQL does not run as root, and no account could be created for it. "
            f"Create one with `{' '.join(command)}`, or start as an ordinary user."
        )
    if account := _account(OURS):
        return account
    raise StartError(
        f"The account {OURS} was created, but the system does not know it. Start as an ordinary user."
    )


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account may pass through `folder` and all its parents; None is ourselves."""
    if account is None:
        return os.access(folder, os.X_OK)
    return all(may_pass(account, parent.stat()) for parent in (folder, *folder.parents))


def may_pass(account: Account, status: os.stat_result) -> bool:
    """Whether a folder of this status lets the account through: the first class that fits decides alone."""
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid in account.groups:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def private_folder(folder: Path, account: Account | None) -> Path:
    """Makes `folder` with mode 0700 for the account (None: us). Raises StartError when it is another's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = os.geteuid() if account is None else account.uid
    status = folder.lstat()
    if status.st_uid not in (owner, os.geteuid()) or folder.is_symlink():
        raise StartError(
            f"{folder} belongs to somebody else: start as its owner, or choose another --data directory."
        )
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder
