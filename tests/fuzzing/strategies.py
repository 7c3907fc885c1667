"""Values, records, lines and bodies as they should never be sent, and now and then as they should."""

import gzip
import json
from typing import Any, Final

from hypothesis import strategies as st

SOUND: Final[dict[str, Any]] = {
    "areaCode": "530102000000",
    "deptCode": "11539965MB8164648G",
    "taskType": "20",
    "taskCode": "11539965MB8164648G2053010200000",
    "taskHandleItem": "11539965MB8164648G205301020000001",
    "taskName": "失业登记",
    "projectNo": "53010220261005000000",
    "projectName": "失业登记",
    "proStatus": "2",
    "userName": "何然涛",
    "userProp": "1",
    "userPageType": "111",
    "certKey": "11010519491231002X",
    "acceptDate": "2026-10-05 12:48:00",
    "promiseDay": "5",
    "proChannel": "2",
    "promiseTime": "1",
    "serviceName": "受理",
    "serviceNumber": "1",
    "serviceTime": "2026-10-05 13:08:00",
    "projectType": "1",
}
# Fields whose content nobody checks but for its length: what stands here gets through to the tables.
FREE: Final = (
    "projectNo",
    "serviceName",
    "projectName",
    "userName",
    "mobile",
    "windowNo",
    "proManagerNo",
    "remark",
)

RATING: Final = ("satisfaction", "evalDetail", "pf", "assessNumber", "isdefault", "named", "submission")

NAMES = st.sampled_from(
    [*SOUND, "resultDate", "deliveryDate", "certKeyGOV", "dataSource", *FREE, *RATING]
) | st.text(max_size=8)
WORDS = st.sampled_from(
    [
        *(
            "",
            " ",
            "\u3000",
            "0",
            "无",
            "１",
            "-1",
            "1e5",
            "NaN",
            "null",
            "\x00",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ufffe",
        ),
        *("𠮷", "\u202e", "=1+1", "' OR 1=1 --", "<b>", "$1", "{}", "\\", "a" * 2001, "9" * 30, "0" * 40),
        *("0000-00-00 00:00:00", "1900-01-01 00:00:00", "2026-02-30 10:00:00", "9999-12-31 23:59:59"),
        *("2026/10/05 13:08", "2026-10-05T13:08:00.5+08:00", "20261005130800", "1795399200", "1795399200000"),
        *("0001-01-01T00:00:00.0+14:00", "9999/12/31 23:59", "999999999999"),
        *("2026-10-05 13:08:00", "530102", "530102000000", "11539965MB8164648G"),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | WORDS
    | st.integers(0, 9).map(str)
)
VALUES = SCALARS | st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
# Mostly sound, so that what is wrong with one field is seen behind all the others.
RECORDS = st.dictionaries(NAMES, VALUES, max_size=4).map(lambda changes: SOUND | changes)
DECODED = st.decimals() | st.recursive(
    SCALARS | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
)


def written(value: object) -> bytes:
    """As a careless program writes it: lone surrogates, NaN and all."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A line in which a few bytes are others."""
    line = bytearray(written(draw(RECORDS)))
    for _ in range(draw(st.integers(0, 3))):
        line[draw(st.integers(0, len(line) - 1))] = draw(st.integers(0, 255))
    return bytes(line).replace(b"\n", b" ")


LINES = st.lists(
    spoilt()
    | RECORDS.map(written)
    | VALUES.map(written)
    | st.binary(max_size=60).map(lambda b: b.replace(b"\n", b"")),
    max_size=8,
)
BODIES = (
    st.binary(max_size=300)
    | LINES.map(b"\n".join)
    | st.lists(RECORDS, max_size=4).map(written)
    | st.integers(0, 4).map(lambda depth: b"[" * 10**depth)
)
KINDS = st.sampled_from(["application/json", "application/x-ndjson", "", "text/plain; charset=gbk"])
ENCODINGS = st.sampled_from(
    ["", "identity", "gzip", " GZIP ", "x-gzip", "zstd", "br", "gzip, gzip"]
) | st.text(max_size=5)
PACKED = (
    st.binary(max_size=200) | BODIES.map(gzip.compress) | BODIES.map(lambda body: gzip.compress(body)[:-5])
)

FREE_RECORDS = st.dictionaries(
    st.sampled_from(FREE), st.text(min_size=1, max_size=12) | WORDS.filter(bool), max_size=4
).map(lambda changes: SOUND | changes)
HEADERS = st.dictionaries(
    st.sampled_from(["x-hcp-key", "x-hcp-timestamp", "x-hcp-nonce", "x-hcp-signature", "x-hcp-algorithm"]),
    st.text(max_size=70)
    | st.integers().map(str)
    | st.sampled_from(["HMAC-SM3", "HMAC-SHA256", "a" * 64, "１２３"]),
)
