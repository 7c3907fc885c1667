"""Where things lie: privately, within a socket's length, within the database account's reach."""

import os
from pathlib import Path

import pytest

from haochaping.starter import layout as layout_module
from haochaping.starter.account import Account, can_enter, may_pass, private_folder
from haochaping.starter.layout import SOCKET_LIMIT, lay_out, socket_folder
from haochaping.starter.progress import StartError

STRANGER = Account("stranger", uid=64001, gid=64001, groups=(64001, 64002))


def test_keys_logs_and_locks_are_private(tmp_path: Path) -> None:
    layout = lay_out(tmp_path / "deep" / "data")
    for folder in (layout.keys, layout.log, layout.locks):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_two_ways_to_one_directory_are_one_directory(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert lay_out(tmp_path / "data" / ".." / "data").name == lay_out(tmp_path / "link").name
    assert lay_out(tmp_path / "data").name != lay_out(tmp_path / "other").name


def test_a_data_directory_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartError, match="--data"):
        lay_out(tmp_path / "file" / "data")


@pytest.mark.parametrize("length", [10, 60, 120, 200])
def test_a_socket_always_fits(tmp_path: Path, length: int) -> None:
    wanted = tmp_path / ("d" * length)
    folder = socket_folder(wanted, f"try-{os.getpid()}", None)
    try:
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_LIMIT
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == os.geteuid()
    finally:
        folder.rmdir()


def test_a_socket_lies_in_the_data_directory_when_it_fits_there(tmp_path: Path) -> None:
    assert socket_folder(tmp_path / "s", "unused", None) == tmp_path / "s"


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "groups", "passes"),
    [
        (0o711, 64001, 64001, (64001,), True),
        (0o710, 64001, 64001, (64001,), False),
        (0o710, 64001, 64001, (64001, 64002), True),
        (0o701, 64001, 64001, (64001, 64002), False),
        (0o700, 64000, 64001, (64001,), True),
        (0o611, 64000, 64001, (64001,), False),
    ],
)
def test_owner_group_and_everybody_are_asked_in_this_order(
    mode: int, uid: int, gid: int, groups: tuple[int, ...], passes: bool
) -> None:
    status = os.stat_result((0o040000 | mode, 1, 1, 1, 64000, 64002, 0, 0, 0, 0))
    assert may_pass(Account("somebody", uid, gid, groups), status) is passes


def test_one_closed_parent_is_enough_to_keep_the_account_out(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    assert not can_enter(STRANGER, inner)


def test_a_database_out_of_reach_lies_elsewhere_and_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_module, "SHARED_HOME", tmp_path / "shared")
    (tmp_path / "closed").mkdir(mode=0o700)
    layout = lay_out(tmp_path / "closed" / "data")
    elsewhere = tmp_path / "shared" / layout.name
    assert layout.owner() is None
    assert layout.home(STRANGER) == elsewhere
    assert layout.home(None) == layout.data
    (elsewhere / "postgres").mkdir(parents=True)
    assert layout.home(None) == elsewhere, "moving it is for people, not for a start under another account"
    assert layout.owner() == os.geteuid()


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(StartError):
        private_folder(tmp_path / "link", None)
