"""1,000 names, documents and phones go in through every door and come out nowhere; and the search would see them."""

import base64
import io
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
import segno
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from drills.canary.calling import readable
from drills.canary.driving import addresses, unknown_routes
from drills.canary.people import found_in, found_in_bytes, people
from drills.canary.searching import cells_of, leaks_in_dump, leaks_in_files
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table
from haochaping.identity.masks import mask_document, mask_name, mask_phone, mask_text
from tests.integration.cli.test_trials import ran, rows

CROWD = list(people())
SOMEBODY = CROWD[9]  # a company
DUMP = """CREATE TABLE public.people (id integer);
COPY public.people (id, said, sealed) FROM stdin;
1\tnothing\t\\\\xc0ffee00
2\t{text}\t\\\\x{sealed}
\\.
"""


def test_nobody_comes_out_anywhere(tmp_path: Path) -> None:
    done = ran("drill", "canaries", "--quick", "--json", str(tmp_path / "rows.json"), seconds=1500)
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["canaries"]["value"] >= 1000
    assert {row["value"] for row in found.values() if row["goal"] == "value = 0"} == {0}


def test_every_route_has_been_looked_at() -> None:
    assert len(addresses()) > 20
    assert unknown_routes() == [], "list each with its fields in FIELDS of drills/canary/fields.py"


def test_no_two_of_the_crowd_are_alike() -> None:
    assert len({canary for person in CROWD for canary in person.canaries}) == 3000


def test_every_canary_is_found_in_bytes_by_itself() -> None:
    for person in CROWD[:24]:
        for canary in person.canaries:
            assert found_in_bytes(b"\xff" + canary.encode(), person.canaries) == {canary}


def test_a_canary_in_a_workbook_is_found(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [Table("表", [Column("a")], [(SOMEBODY.sentence,)])])
    assert found_in(readable((tmp_path / "a.xlsx").read_bytes())) == found_in(SOMEBODY.sentence) != set()


def png_of(row: bytes) -> bytes:
    """One row of grey pixels, not packed."""
    header = struct.pack(">IIBBBBB", len(row), 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" + row, 0)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))
        for name, said in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_picture_is_told_by_its_words_and_codes_and_not_by_its_pixels() -> None:
    """By pixels a code showed, now and then, a rare character that nobody had put in."""
    sheet, words = io.BytesIO(), PngInfo()
    words.add_itxt("Comment", SOMEBODY.name)
    segno.make(SOMEBODY.phone, micro=False).save(code := io.BytesIO(), kind="png", scale=4)
    Image.open(code).save(sheet, "PNG", pnginfo=words)
    assert found_in(readable(sheet.getvalue())) == found_in(f"{SOMEBODY.name} {SOMEBODY.phone}") != set()
    by_chance = png_of("㩉".encode())
    assert found_in(by_chance.decode(errors="replace")) == {"㩉"}
    assert found_in(readable(by_chance)) == set()


def pdf_of(words: str, chance: bytes) -> bytes:
    """One page with Latin words, and bytes that nobody reads."""
    said = f"BT /F 12 Tf 9 9 Td ({words}) Tj ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(said), said),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n%" + chance + b"\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def test_a_document_is_told_by_its_text_and_not_by_its_bytes() -> None:
    """Packed as it is, a form showed rare characters by chance in nearly every file."""
    made = pdf_of(f"{SOMEBODY.phone} {SOMEBODY.document}", "㩉".encode())
    assert "㩉" in found_in(made.decode(errors="replace"))
    assert found_in(readable(made)) == found_in(f"{SOMEBODY.phone} {SOMEBODY.document}") != set()


def test_the_masks_hide_every_canary() -> None:
    for person in CROWD:
        masked = (mask_name(person.name), mask_phone(person.phone), mask_document(person.document))
        assert found_in(" ".join(masked)) == set(), masked
        assert found_in(mask_text(person.sentence, [person.name])) == set(), person.sentence


@pytest.mark.parametrize("person", CROWD[:12], ids=lambda person: person.name)
def test_a_canary_is_seen_in_any_dress(person: object) -> None:
    said = person.sentence  # type: ignore[attr-defined]
    everything = found_in(said)
    assert len(everything) == 3
    escaped = said.encode("ascii", "backslashreplace").decode()
    entities = said.encode("ascii", "xmlcharrefreplace").decode()
    for dressed in (quote(said), escaped, entities, "-".join(said), f"a{said}b".upper()):
        assert len(found_in(dressed)) == 3, dressed
    assert found_in("王伟，电话13812345678，共7077件") == set()


def test_identifiers_and_digests_say_nothing_by_chance() -> None:
    for made in ("0a1be707-7123-4138-8707-71234567890e", "e70771234" + "0a" * 20, "ZYQVSFJ"):
        assert found_in(f"<a href='/console/orders/{made}/'>") == set()
        assert found_in(f"{made} {SOMEBODY.sentence}") == found_in(SOMEBODY.sentence)


def test_the_dump_is_searched_by_cell_sealed_ones_too() -> None:
    planted = SOMEBODY.canaries
    plain = DUMP.format(text=SOMEBODY.name, sealed=SOMEBODY.phone.encode().hex())
    assert leaks_in_dump(plain, planted) == [
        f"people.said: {sorted(found_in(SOMEBODY.name))}",
        f"people.sealed: ['{SOMEBODY.phone}']",
    ]
    packed = base64.b64encode(f"  {SOMEBODY.document}  ".encode()).decode()
    assert len(leaks_in_dump(DUMP.format(text=packed, sealed="00112233"), planted)) == 1
    assert leaks_in_dump(DUMP.format(text="nothing", sealed="00112233"), planted) == []
    assert cells_of(plain, "people", "said") == 2


def test_files_are_searched_the_databases_own_for_what_was_planted(tmp_path: Path) -> None:
    for name in ("postgres/base", "log"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "postgres/base/1").write_bytes(b"\xff\x00" + SOMEBODY.document.encode())
    (tmp_path / "log/door.log").write_text(f"failed: {CROWD[0].phone}")
    (tmp_path / "log/web.log").write_text("GET /r/{token} 500")
    # By chance sealed bytes spell such letters; what was planted stands there by no chance.
    (tmp_path / "log/judged.ndjson").write_text('{"sealed": "' + "zUIloqYBL" + "Qm9x" * 20 + '"}')
    (tmp_path / "log/other.ndjson").write_text('{"sealed": "' + "Qm9x" * 20 + SOMEBODY.document + '"}')
    assert leaks_in_files(tmp_path, SOMEBODY.canaries) == [
        f"log/door.log: ['{CROWD[0].phone}']",
        f"log/other.ndjson: ['{SOMEBODY.document}']",
        f"postgres/base/1: ['{SOMEBODY.document}']",
    ]
