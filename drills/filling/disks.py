"""Small disks in memory, mounted where only this process and those that it starts see them; gone with them.

Works for root and, where the system lets anybody have a name space of their own, for everybody else.
"""

import ctypes
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from haochaping.cli.figures import CouldNotRun

# <linux/sched.h>, <linux/mount.h>
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18
MNT_DETACH = 2
PIECE: Final = bytes(64 * 1024)
# Root's PostgreSQL runs under another account, which passes through.
MODE = "0711"


def own_mounts() -> None:
    """From now on what this process mounts is seen by itself and its children alone. Before it has threads.

    Raises CouldNotRun where the system does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    wanted = CLONE_NEWNS if user == 0 else CLONE_NEWNS | CLONE_NEWUSER
    _call("unshare", ctypes.c_int(wanted))
    if user != 0:
        # We stay who we are, for PostgreSQL does not run as root; that the name space is ours is enough to mount in it.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _call("mount", None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)


class Disk:
    """A disk of so many megabytes at `place`, which is made. Raises CouldNotRun."""

    def __init__(self, place: Path, megabytes: int) -> None:
        place.mkdir()
        options = f"size={megabytes}m,mode={MODE}".encode()
        _call("mount", b"tmpfs", os.fsencode(place), b"tmpfs", ctypes.c_ulong(0), options)
        self.place = place
        self._ballast = place / "ballast"

    def fill(self) -> None:
        """To the last byte."""
        with self._ballast.open("ab", buffering=0) as file:
            piece = PIECE
            while piece:
                try:
                    file.write(piece)
                except OSError:
                    piece = piece[: len(piece) // 2]

    def free(self) -> None:
        """Somebody has made room."""
        self._ballast.unlink(missing_ok=True)

    def take_away(self) -> None:
        """With what is on it, and with the folder in which it was, if nothing else is there."""
        _call("umount2", os.fsencode(self.place), ctypes.c_int(MNT_DETACH))
        self.place.rmdir()
        with suppress(OSError):
            self.place.parent.rmdir()


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        why = os.strerror(ctypes.get_errno())
        raise CouldNotRun(
            f"no small disk of its own can be had here: {name} says {why!r}. The drill needs root, or a system that lets "
            "everybody have name spaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces)"
        )
