"""A body before it was compressed: whole, and never more than a call may carry."""

import gzip
from collections.abc import Callable

import pytest
from backports import zstd

from haochaping.intake.inflating import MOST_BYTES, EncodingUnknown, TooLarge, Unreadable, inflated

PLAIN = "办件服务".encode() * 40_000
PACKED: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstd.compress}
WINDOW, LONG = zstd.CompressionParameter.window_log, zstd.CompressionParameter.enable_long_distance_matching


@pytest.mark.parametrize("kind", PACKED)
def test_in_one_stream_or_several(kind: str) -> None:
    pack = PACKED[kind]
    assert inflated(pack(PLAIN), kind) == PLAIN
    assert inflated(pack(PLAIN[:5]) + pack(b"") + pack(PLAIN[5:]), f" {kind.upper()} ") == PLAIN


def test_what_is_not_compressed_is_handed_on() -> None:
    for encoding in ("", "identity"):
        assert inflated(PLAIN, encoding) is PLAIN
        with pytest.raises(TooLarge):
            inflated(bytes(MOST_BYTES + 1), encoding)
    with pytest.raises(EncodingUnknown):
        inflated(b"x", "br")


@pytest.mark.parametrize("kind", PACKED)
def test_bombs_are_refused(kind: str) -> None:
    pack = PACKED[kind]
    bomb = pack(bytes(MOST_BYTES + 1))
    assert len(bomb) < 100_000
    assert len(inflated(pack(bytes(MOST_BYTES)), kind)) == MOST_BYTES
    for each in (bomb, pack(bytes(MOST_BYTES)) + pack(b"0"), bomb * 2):
        with pytest.raises(TooLarge):
            inflated(each, kind)
    with pytest.raises(Unreadable):
        inflated(pack(b"") * 1_001, kind)


def test_who_asks_for_a_wide_window_gets_none() -> None:
    """A few bytes would make us hold 128 MB to look back into."""
    wide = zstd.compress(PLAIN * 80, options={WINDOW: 27, LONG: 1})
    with pytest.raises(Unreadable, match="8 MB"):
        inflated(wide, "zstd")
    assert inflated(zstd.compress(PLAIN, options={WINDOW: 23}), "zstd") == PLAIN


@pytest.mark.parametrize("kind", PACKED)
def test_broken_streams_are_refused(kind: str) -> None:
    packed = PACKED[kind](PLAIN)
    for broken in (b"", b"plain", packed[:-9], packed + b"rest", packed[:20] + packed[40:]):
        with pytest.raises(Unreadable) as refused:
            inflated(broken, kind)
        assert refused.value.code == f"{kind}_broken"
