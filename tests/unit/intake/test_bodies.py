"""Bodies are read within limits of size and time."""

import asyncio
from collections.abc import Iterator

import pytest

from haochaping.intake.bodies import (
    BodyTooLarge,
    BodyTooSlow,
    ClientGone,
    NoRoom,
    Room,
    discard_body,
    read_body,
)


class Line:
    """What a client sends, chunk by chunk; nothing more comes after the last."""

    def __init__(self, *chunks: bytes, ends: bool = True) -> None:
        self._messages: Iterator[dict[str, object]] = iter(
            [
                {"type": "http.request", "body": chunk, "more_body": not ends or n < len(chunks) - 1}
                for n, chunk in enumerate(chunks)
            ]
        )
        self.read = 0

    async def __call__(self) -> dict[str, object]:
        for message in self._messages:
            self.read += 1
            return message
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_body_is_put_together() -> None:
    assert await read_body(Line(b"ab", b"", b"c"), {}, limit=3) == b"abc"


async def test_a_declared_length_over_the_limit_is_refused_unread() -> None:
    line = Line(b"abcd")
    with pytest.raises(BodyTooLarge):
        await read_body(line, {"content-length": "4"}, limit=3)
    assert line.read == 0


@pytest.mark.parametrize("declared", ["", "2", "-1", "abc", "9" * 30, "２"])
async def test_an_undeclared_or_false_length_is_refused_at_the_chunk_that_exceeds(declared: str) -> None:
    line = Line(b"ab", b"cd", b"ef")
    with pytest.raises(BodyTooLarge):
        await read_body(line, {"content-length": declared}, limit=3)
    assert line.read == 2


async def test_a_body_that_stops_coming_is_not_waited_for() -> None:
    with pytest.raises(BodyTooSlow):
        await read_body(Line(b"ab", ends=False), {}, limit=30, patience=0.05)


async def test_a_client_that_hangs_up_ends_it() -> None:
    async def hang_up() -> dict[str, object]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        await read_body(hang_up, {}, limit=3)
    await discard_body(hang_up)


async def test_large_bodies_share_one_room_and_give_it_back() -> None:
    small, large = b"x" * 65_536, b"x" * (65_536 + 100)
    room = Room(150)
    with room.share() as first:
        assert await read_body(Line(small, b"x" * 100), {}, limit=99_999, share=first) == large
        with room.share() as second, pytest.raises(NoRoom):
            await read_body(Line(large), {}, limit=99_999, share=second)
        with room.share() as third:
            assert await read_body(Line(small), {}, limit=99_999, share=third) == small
    with room.share() as again:
        assert await read_body(Line(large), {}, limit=99_999, share=again) == large


async def test_a_refused_body_holds_nothing() -> None:
    room = Room(1000)
    with room.share() as share, pytest.raises(BodyTooLarge):
        await read_body(Line(b"x" * 66_000, b"x"), {}, limit=66_000, share=share)
    with room.share() as share:
        assert len(await read_body(Line(b"x" * 66_500), {}, limit=99_999, share=share)) == 66_500
