"""Debian packages that only root can install: done for root, named to everybody else."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from haochaping.starter.progress import Say, StartError, step


def install(packages: Sequence[str], *, why: str, say: Say) -> None:
    """Installs Debian packages as root. Raises StartError with the command when that is not for us to do."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        raise StartError(f"{why} Install what your system calls: {', '.join(packages)}. Then start again.")
    if os.geteuid() != 0:
        raise StartError(f"{why} Run this first, then start again:\n    sudo {' '.join(command)}")
    say(f"{why} Installing {', '.join(packages)}.")
    with step(say, f"Installing {', '.join(packages)}"):
        if _runs(command):
            return
        # The lists of packages are missing or old, as in a fresh container.
        _runs(["apt-get", "update"])
        if _runs(command):
            return
    raise StartError(f"{why} `{' '.join(command)}` failed: run it by hand to see why, then start again.")


def _runs(command: Sequence[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    patient = [
        command[0],
        "-o",
        "DPkg::Lock::Timeout=300",
        *command[1:],
    ]  # another installation may be running
    answer = subprocess.run(
        patient, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return answer.returncode == 0
