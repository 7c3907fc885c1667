"""Work done in forks of this process, several at a time, each within bounds of processor time and memory."""

import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

# What never ends, or eats all memory, is ended: seconds of processor time (all tests need about ten), bytes.
PROCESSOR = 120
MEMORY = 4 * 2**30
BROKEN = 70  # exit code of a fork that could not do its work; those of pytest are below ten

Item = TypeVar("Item")


class ForkBroken(Exception):
    """The work itself could not be done: neither yes nor no."""


def forked(items: Sequence[Item], work: Callable[[Item], bool], at_once: int) -> Iterator[tuple[Item, bool]]:
    """`work` of each item as it gets done, True too where the fork was ended for its time or memory.

    Raises ForkBroken when `work` raised.
    """
    gc.freeze()  # what is there already is not looked through, and so not copied, by every fork
    waiting, running = list(reversed(items)), {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                item = waiting.pop()
                folder = tempfile.mkdtemp(prefix="hcp-fork-")
                running[_fork(item, work, folder)] = item, folder
            process, status = os.wait()
            if process in running:
                item, folder = running.pop(process)
                shutil.rmtree(folder, ignore_errors=True)
                code = os.waitstatus_to_exitcode(status)
                if code == BROKEN:
                    raise ForkBroken(f"the fork could not do its work: {item}")
                yield item, code != 0
    finally:
        for process, (_, folder) in running.items():
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            shutil.rmtree(folder, ignore_errors=True)


def _fork(item: Item, work: Callable[[Item], bool], folder: str) -> int:
    """The new process. It writes its files into `folder`, and what it prints is lost, but for its own failure."""
    process = os.fork()
    if process:
        return process
    code = BROKEN
    errors = os.dup(2)
    try:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        code = int(work(item))
    except Exception:  # whatever it was, it is told, and the parent stops
        os.write(errors, traceback.format_exc().encode())
    finally:
        sys.stdout.flush()
        os._exit(code)
