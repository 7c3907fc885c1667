"""Files on the disk: nothing of them in the open, nothing that can be cut, moved or swapped; a full disk loses nothing."""

import hashlib
import io
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.evidence import shelf
from haochaping.evidence.formats import recognised
from haochaping.evidence.shelf import PIECE, Draft, Unwritable
from haochaping.evidence.states import Format
from haochaping.foundation.ids import random_id
from haochaping.foundation.sealing import SealBroken, sm3
from tests.evidence import TEXT, docx, drafted, pdf, picture

SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 77)


def kept(content: bytes) -> Path:
    with drafted(content) as draft:
        draft.keep()
        return shelf.path_of(draft.id)


def read(path: Path) -> bytes:
    with shelf.reader(path, UUID(hex=path.name)) as file:
        return file.read()


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_in_comes_out_and_lies_nowhere_in_the_open(place: Path, size: int) -> None:
    content = (b"A012 " * (size // 5 + 1))[:size]
    with drafted(content) as draft:
        assert (draft.size, draft.sha256) == (size, hashlib.sha256(content).hexdigest())
        assert draft.sm3 == sm3(content).hex()
        draft.keep()
    path = shelf.path_of(draft.id)
    assert read(path) == content
    assert b"A012" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in place.rglob("*") if each.is_file()] == [draft.id.hex]


def test_it_is_read_from_anywhere(place: Path) -> None:
    content = os.urandom(2 * PIECE + 500)
    path = kept(content)
    with shelf.reader(path, UUID(hex=path.name)) as file:
        for at in (2 * PIECE + 400, 0, PIECE - 3, PIECE):
            file.seek(at)
            assert file.read(50) == content[at : at + 50]
        file.seek(-10, io.SEEK_END)
        assert file.read() == content[-10:]


@pytest.mark.parametrize("content", [b"A", TEXT, pdf(), docx(), picture(Format.PNG)])
def test_it_is_judged_where_it_lies_however_short_it_is(place: Path, content: bytes) -> None:
    with drafted(content) as draft, draft.reader() as file:
        assert recognised(file, draft.size) is recognised(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: PIECE + 28],  # cut off between two pieces
        lambda sealed: sealed[PIECE + 28 :],
        lambda sealed: (
            sealed[PIECE + 28 : 2 * (PIECE + 28)] + sealed[: PIECE + 28] + sealed[2 * (PIECE + 28) :]
        ),
        lambda sealed: sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:],
        lambda sealed: b"",
    ],
)
def test_what_was_cut_swapped_or_altered_does_not_open(place: Path, change: object) -> None:
    path = kept(os.urandom(2 * PIECE + 500))
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(SealBroken):
        read(path)


def test_a_file_opens_under_its_own_id_alone(place: Path) -> None:
    path = kept(b"A012")
    with pytest.raises(SealBroken):
        shelf.reader(path, random_id()).read()


@contextmanager
def no_more_than(size: int) -> Iterator[None]:
    """Files of this process grow no longer than that: the disk of the test is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_leaves_nothing_behind(place: Path) -> None:
    before = kept(b"A011")
    draft = Draft()
    with no_more_than(PIECE * 3 // 2), pytest.raises(Unwritable):
        draft.write(os.urandom(4 * PIECE))
    assert [each for each in place.rglob("*") if each.is_file()] == [before]
    draft.discard()
    assert read(before) == b"A011"
