"""The slip as PDF: read back as people and telephones read it. Every glyph is there, and nobody's name."""

import re
from pathlib import Path

import pytest

import haochaping.simulation as simulation
from haochaping.faces.citizen.slip import SlipDocument
from haochaping.foundation.typesetting import Busy, CannotBeSet, Typesetter
from haochaping.intake.http import Request
from tests.integration.faces.citizen.person import Citizen
from tests.markup import Page
from tests.paper import Paper

KUNMING = Path(simulation.__path__[0]) / "cities" / "kunming"
MILLIMETRE = 72 / 25.4
PLAIN = """#set document(title: "x")
#set page(height: auto)
#set text(font: "Noto Sans SC", fallback: false)
#json(bytes(sys.inputs.said)).text"""


async def test_it_says_what_the_page_says_and_its_code_reads(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    page = Page((await citizen.get(f"{link}/slip")).body)
    assert f"{link}/slip.pdf" in [each["href"] for each in page.all("a")]
    answer = await citizen.get(f"{link}/slip.pdf")
    assert (answer.status, answer.content_type) == (200, "application/pdf")
    paper = Paper(answer.body)
    for words in (
        "请评价本次服务",
        "用手机扫描二维码",
        "失业登记",
        "办理单位",
        "办理日期",
        "评价自愿，任何单位和个人不得强迫或者干扰。",
    ):
        assert words in paper.text, words
    assert paper.codes() == [f"HTTP://127.0.0.1:8000{link.upper()}"]
    assert round(paper.page.get_width() / MILLIMETRE) == 80
    assert all(name.startswith("NotoSansSC") for name in paper.fonts())
    assert paper.is_archival()
    directory = citizen.services.directory.current()
    staff = await citizen.database.fetchval("SELECT staff_id FROM cases_serviceoccasion")
    served_by = directory.staff_by_id(staff, citizen.now.date())
    assert served_by is not None
    assert served_by.name not in paper.text
    assert served_by.code not in paper.text


async def test_in_english_too(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    paper = Paper((await citizen.get(f"{link}/slip.pdf?lang=en")).body)
    assert re.search("Organisation|Handledby|Department", paper.text)
    assert "请评价" not in paper.text


async def test_what_is_no_longer_open_or_never_was_is_as_for_the_form(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    assert (await citizen.post(link, await citizen.fill(link, satisfaction="5", named="0"))).status == 201
    assert (await citizen.get(f"{link}/slip.pdf")).status == 410
    assert (await citizen.get(f"/r/{'0' * 40}/slip.pdf")).status == 404


async def test_a_character_without_a_glyph_is_told_and_never_printed_as_a_box(citizen: Citizen) -> None:
    occasion = await citizen.occasion()
    await citizen.database.execute("UPDATE cases_serviceoccasion SET service_name = '受理😀'")
    answer = await citizen.get(f"{citizen.link(occasion)}/slip.pdf")
    assert answer.status == 500
    assert "字库里没有的字" in Page(answer.body).text
    assert (await citizen.get(f"{citizen.link(occasion)}/slip")).status == 200


async def test_more_than_are_taken_on_come_later(citizen: Citizen) -> None:
    token = citizen.link(await citizen.occasion()).removeprefix("/r/")
    request = Request(
        "GET", f"/r/{token}/slip.pdf", "", {}, "203.0.113.9", citizen.now, b"", {"token": token}
    )
    answer = await SlipDocument(Typesetter(most=0))(request, citizen.services)
    assert (answer.status, "Retry-After" in dict(answer.headers)) == (503, True)


def common_hanzi() -> str:
    """The 6,763 of GB/T 2312."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(cell.decode("gb2312", "ignore") for cell in cells)


async def test_the_font_has_every_character_of_the_registry_and_all_common_ones() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in sorted(KUNMING.glob("*.csv")))
    known = {each for each in said + common_hanzi() if each.isprintable() and not each.isspace()}
    characters = "".join(sorted(known))
    assert len(characters) > 6763
    paper = Paper(await Typesetter().pdf(PLAIN, {"text": characters}))
    assert set(characters) - set(paper.text) <= set("\u00ad")
    with pytest.raises(CannotBeSet):
        await Typesetter().pdf(PLAIN, {"text": "𠮷"})


async def test_what_it_says_is_no_typst(citizen: Citizen) -> None:
    occasion = await citizen.occasion()
    await citizen.database.execute(
        "UPDATE cases_serviceoccasion SET service_name = '#read(\"/etc/passwd\") *受理*'"
    )
    paper = Paper((await citizen.get(f"{citizen.link(occasion)}/slip.pdf")).body)
    assert '#read("/etc/passwd")*受理*' in paper.text


async def test_a_program_that_does_not_get_through_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haochaping.foundation.typesetting._PROGRAM", ("-c", "raise SystemExit(1)"))
    with pytest.raises(Busy):
        await Typesetter().pdf(PLAIN, {"text": "x"})
