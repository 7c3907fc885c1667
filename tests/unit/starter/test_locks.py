"""Locks: one holder, or many readers; the kernel takes them back from the dead."""

import signal
import subprocess
import sys
from pathlib import Path

from haochaping.starter.locks import Lock

HOLDER = """
import sys, time
from pathlib import Path
from haochaping.starter.locks import Lock
lock = Lock(Path(sys.argv[1]))
assert lock.take()
lock.describe(pid=1, url="http://example.cn")
print("held", flush=True)
time.sleep(60)
"""


def test_only_one_holds_it(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    first.close()
    assert second.take()
    second.close()


def test_many_share_it_and_keep_the_single_holder_out(tmp_path: Path) -> None:
    readers = [Lock(tmp_path / "lock") for _ in range(3)]
    assert all(reader.take(shared=True) for reader in readers)
    single = Lock(tmp_path / "lock")
    assert not single.take()
    for reader in readers:
        reader.close()
    assert single.take()
    single.close()


def test_words_are_read_by_others_and_can_be_taken_back(tmp_path: Path) -> None:
    holder, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert other.description() == {}
    holder.describe(pid=7, url="http://127.0.0.1:8000")
    assert other.description() == {"pid": 7, "url": "http://127.0.0.1:8000"}
    holder.describe()
    assert other.description() == {}
    (tmp_path / "lock").write_text("[broken")
    assert other.description() == {}
    holder.close()
    other.close()


def test_a_killed_holder_leaves_its_words_and_not_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        mine = Lock(path)
        assert not mine.take()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert mine.take()
    assert mine.description() == {"pid": 1, "url": "http://example.cn"}
    mine.close()
