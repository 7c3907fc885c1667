"""The looker itself: a sound page passes, and each fault that it is there for is seen."""

import pytest
from playwright.sync_api import Page

from tests.journeys.look import Looker

SOUND = """<!doctype html><html lang="zh-Hans"><head><title>评价</title>
<style>a { display: inline-block; min-height: 44px; }</style>
</head><body><main><h1>评价</h1><a href="#x">查看评价数据</a></main></body></html>"""
ROW = "<tbody><tr><th scope=row>昆明市公安局</th></tr></tbody>"


@pytest.mark.parametrize(
    ("fault", "instead", "complaint"),
    [
        ("<h1>评价</h1>", "<h2>评价</h2>", "0 h1"),
        (' lang="zh-Hans"', "", "no language"),
        ("<title>评价</title>", "<title> </title>", "title"),
        ("min-height: 44px", "min-height: 20px", "target of"),
        ("</main>", '<p style="width: 900px">很宽</p></main>', "wider than the window"),
        (
            "</main>",
            '<p style="overflow: hidden; width: 60px; white-space: nowrap">这一行字被截断了</p></main>',
            "text cut off",
        ),
        ("</main>", f'<table style="width: 1px">{ROW}</table></main>', "squeezed"),
        ("</main>", "<p>\U0010fffe</p></main>", "no glyph"),
        ("</main>", '<p style="color: #aaa">看不清的字</p></main>', "axe color-contrast"),
        ("</main>", '<input aria-label="" style="height: 50px"></main>', "axe label"),
    ],
)
def test_each_fault_is_seen(desktop: Page, fault: str, instead: str, complaint: str) -> None:
    assert fault in SOUND
    assert complaint in " ".join(complaints(desktop, SOUND.replace(fault, instead)))


def test_a_sound_page_passes(desktop: Page) -> None:
    assert complaints(desktop, SOUND.replace("</main>", f"<table>{ROW}</table></main>")) == []


def test_requests_elsewhere_and_errors_are_heard(desktop: Page) -> None:
    look = Looker()
    look.listen(desktop, "http://127.0.0.1:1")
    desktop.set_content(SOUND.replace("</main>", '<img alt="" src="http://127.0.0.1:2/x.png"></main>'))
    assert any("asks another host" in each for each in look.complaints)
    desktop.evaluate("setTimeout(() => { throw new Error('broken'); })")
    desktop.wait_for_timeout(100)
    assert any("broken" in each for each in look.complaints)


def complaints(page: Page, content: str) -> list[str]:
    look = Looker()
    page.set_content(content)
    look.at(page, "sample")
    return look.complaints
