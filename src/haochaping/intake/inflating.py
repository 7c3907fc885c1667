"""A body as it was before it was compressed: gzip or zstd, never more than MOST_BYTES of it, whatever it says of itself."""

import sys
import zlib
from collections.abc import Callable
from functools import partial
from mmap import mmap
from typing import Final, Protocol

from haochaping.foundation.errors import Refused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_BYTES: Final = 32 * 1024 * 1024
# What zstd says of itself may ask for gigabytes to look back into; RFC 9659 has 8 MB at most for what goes over HTTP.
_WINDOW_LOG: Final = 23
_GZIP_WINDOW: Final = 31
_STEP: Final = 64 * 1024
# Of streams one behind the other, each costs something, however empty it is.
_MOST_STREAMS: Final = 1_000

Body = bytes | bytearray | mmap


class Unreadable(Refused):
    """The body as a whole cannot be taken apart: answered 400, nothing stored."""


class EncodingUnknown(Refused):
    """Compressed in a way that we do not read: answered 415, nothing stored."""


class TooLarge(Refused):
    """More than one call may carry: answered 413, nothing stored."""


class _Stream(Protocol):
    """As much of zlib's and zstd's decompressors as is needed here."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: memoryview, max_length: int, /) -> bytes: ...


def inflated(body: Body, encoding: str) -> Body:
    """The body as it was before gzip or zstd; itself when it was not compressed.

    Raises TooLarge, Unreadable and EncodingUnknown.
    """
    match encoding.strip().lower():
        case "" | "identity":
            if len(body) > MOST_BYTES:
                raise _too_many_bytes()
            return body
        case "gzip" | "x-gzip":
            return _unpacked(body, "gzip", partial(zlib.decompressobj, _GZIP_WINDOW))
        case "zstd":
            options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
            return _unpacked(body, "zstd", partial(zstd.ZstdDecompressor, options=options))
    raise EncodingUnknown("encoding_unknown", "不支持该Content-Encoding：请使用gzip或zstd，或不压缩。")


def _unpacked(body: Body, kind: str, begin: Callable[[], _Stream]) -> bytearray:
    """All streams one behind the other; stops as soon as it grows past the limit, so a bomb costs no more."""
    plain = bytearray()
    stream, streams = begin(), 1
    with memoryview(body) as view:
        for at in range(0, len(view), _STEP):
            piece = view[at : at + _STEP]
            while piece:
                if stream.eof:
                    stream, streams = begin(), streams + 1
                try:
                    plain += stream.decompress(piece, MOST_BYTES + 1 - len(plain))
                except (zlib.error, zstd.ZstdError):
                    raise _broken(kind) from None
                if len(plain) > MOST_BYTES:
                    raise _too_many_bytes()
                if streams > _MOST_STREAMS:
                    raise _broken(kind)
                piece = memoryview(stream.unused_data if stream.eof else b"")
    if not stream.eof:
        raise Unreadable(f"{kind}_broken", f"{kind}数据不完整：请重新发送。")
    return plain


def _broken(kind: str) -> Unreadable:
    window = "，或窗口超过8 MB" if kind == "zstd" else ""
    return Unreadable(f"{kind}_broken", f"{kind}数据已损坏{window}：请重新压缩后发送。")


def _too_many_bytes() -> TooLarge:
    return TooLarge("too_many_bytes", "解压后超过32 MB：请分批发送。")
