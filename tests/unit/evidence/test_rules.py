"""How files are called, how many and how large they may be."""

import pytest

from haochaping.evidence.rules import MEGABYTE, Limits, limits, tidy_name
from haochaping.evidence.states import Format


@pytest.mark.parametrize(
    ("name", "form", "wanted"),
    [
        ("叫号记录.pdf", Format.PDF, "叫号记录.pdf"),
        ("../../etc/passwd", Format.TEXT, "passwd.txt"),
        ("C:\\Users\\x\\a.PDF", Format.PDF, "a.pdf"),
        ("a.pdf.exe", Format.PDF, "a.pdf.exe.pdf"),
        ("photo.jpeg", Format.JPEG, "photo.jpeg"),
        ("photo.png", Format.JPEG, "photo.png.jpg"),
        ("page.html", Format.TEXT, "page.html.txt"),
        ("invoice\u202efdp.exe", Format.PDF, "invoicefdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.txt", Format.TEXT, "a Set-Cookie_ x=1.txt"),
        ("a\0b.txt", Format.TEXT, "ab.txt"),
        ('<img src="x">.png', Format.PNG, "_img src=_x__.png"),
        ("  .. ", Format.TEXT, "文件.txt"),
        (".txt", Format.TEXT, "txt.txt"),
        ("", Format.PDF, "文件.pdf"),
        ("con.txt", Format.TEXT, "_con.txt"),
        ("NUL", Format.TEXT, "_NUL.txt"),
        ("e\u0301.txt", Format.TEXT, "\u00e9.txt"),
        ("长" * 200 + ".docx", Format.DOCX, "长" * 80 + ".docx"),
    ],
)
def test_a_name_says_what_the_file_is_and_leads_nowhere(name: str, form: Format, wanted: str) -> None:
    assert tidy_name(name, form, otherwise="文件") == wanted


def test_limits_are_the_operators_within_what_passes() -> None:
    assert limits({}) == Limits(9 * MEGABYTE, 20)
    said = {"HAOCHAPING_EVIDENCE_MEGABYTES": "5", "HAOCHAPING_EVIDENCE_FILES": " 3 "}
    assert limits(said) == Limits(5 * MEGABYTE, 3)
    for wrong in ("0", "10", "-1", "1.5", "九"):
        with pytest.raises(ValueError, match="HAOCHAPING_EVIDENCE_MEGABYTES"):
            limits({"HAOCHAPING_EVIDENCE_MEGABYTES": wrong})
