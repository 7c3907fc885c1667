"""What must hold on every page, whatever its width: looked at in the browser, told as a list of complaints."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.journeys.conftest import DESKTOP, PHONE, shot

# 320 is the narrowest that WCAG 1.4.10 asks for, 640 the desktop at 200 %, 800 a tablet.
WIDTHS = (320, 640, 800)
TARGET = 44
LIGHT = ("minor", "moderate")

_MEASURED = """
(target) => {
  const said = [], name = (e) => e.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("main *, header *, footer *")]
      .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".table-box, .scroll, .unseen"));
    said.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth} ${wide.slice(0, 2).map(name).join(" ")}`);
  }
  const nav = document.querySelector(".nav > ul");
  if (nav && root.clientWidth >= 1200 && nav.clientHeight > 66) said.push("navigation of more than one line");
  const cut = [...document.querySelectorAll("main :is(p, li, dd, dt, th, td, label, h1, h2, h3)")]
    .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== "visible");
  cut.forEach((e) => said.push(`text cut off: ${name(e)}`));
  for (const e of document.querySelectorAll("tbody :is(th, td)")) {
    const style = getComputedStyle(e), room = e.clientWidth - 2 * parseFloat(style.paddingLeft);
    const narrow = room < 3 * parseFloat(style.fontSize) && e.clientHeight > 4 * parseFloat(style.fontSize);
    if (narrow && style.whiteSpace !== "nowrap" && e.checkVisibility() && e.innerText.trim().length > 3)
      said.push(`squeezed: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const box = (e.closest("label") ?? e).getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || box.right < 0 || style.visibility === "hidden") continue;
    // A link within a sentence is as high as its line (WCAG 2.5.8 leaves those out).
    if (style.display === "inline" && e.parentElement.textContent.trim() !== e.textContent.trim()) continue;
    if (Math.round(box.width) < target || Math.round(box.height) < target)
      said.push(`target of ${Math.round(box.width)} x ${Math.round(box.height)}: ${name(e)}`);
  }
  return said;
}
"""
_SPOKEN = """
() => {
  const said = [], headings = document.querySelectorAll("h1").length;
  if (headings !== 1) said.push(`${headings} h1`);
  if (!document.documentElement.lang) said.push("no language");
  if (!document.title.trim() || document.title.trim().startsWith("·")) said.push(`title "${document.title}"`);
  return said;
}
"""
# Only the rules that may find something grave: what a rule finds is as grave as the rule says.
_BARRIERS = """
(light) => axe.run(document, {
  resultTypes: ["violations"],
  rules: Object.fromEntries(axe._audit.rules.filter((e) => light.includes(e.impact)).map((e) => [e.id, {enabled: false}])),
}).then((found) => found.violations.map((e) => [e.id, e.impact, e.nodes.map((node) => node.html)]))
"""
# A character that no font has is drawn like one that nobody has. Gives those, and all that were drawn now: what was
# drawn before in this font is known.
_MISSING = """
(known) => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", {willReadFrequently: true});
  canvas.width = canvas.height = 28;
  const font = getComputedStyle(document.documentElement).fontFamily, before = new Set(known[font] ?? "");
  const drawn = (text) => {
    pen.clearRect(0, 0, 28, 28);
    pen.font = "20px " + font;
    pen.fillText(text, 2, 22);
    return pen.getImageData(0, 0, 28, 28).data.join();
  };
  const box = drawn("\\u{10FFFD}");
  const fresh = [...new Set(document.body.innerText.replace(/\\s/g, ""))].filter((each) => !before.has(each));
  return [fresh.filter((each) => drawn(each) === box), font, fresh.join("")];
}
"""


class Looker:
    """Looks at pages and gathers what is wrong with them, and pictures when somebody wants to see them."""

    def __init__(
        self, *, pictures: tuple[str, ...] = ("phone", "desktop"), widths: tuple[int, ...] = WIDTHS
    ) -> None:
        self.complaints: list[str] = []
        self._axe = Axe()
        self._pictures = pictures
        self._widths = widths
        self._drawn: dict[str, str] = {}

    def at(self, page: Page, name: str) -> None:
        """Every check on the page as it stands, at every width."""
        page.wait_for_load_state()
        found: list[str] = page.evaluate(_SPOKEN)
        found += [f"no glyph for {each!r}" for each in self._missing(page)]
        for width in self._widths:
            page.set_viewport_size({"width": width, "height": 740})
            found += [f"{width} px: {each}" for each in page.evaluate(_MEASURED, TARGET)]
        for kind, size in (("phone", PHONE), ("desktop", DESKTOP)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found += [f"{kind}: {each}" for each in page.evaluate(_MEASURED, TARGET)]
            if kind in self._pictures:
                shot(page, f"{name}-{kind}")
        found += self._barriers(page)
        self.complaints += [f"{name}: {each}" for each in found]

    def _missing(self, page: Page) -> list[str]:
        missing, font, drawn = page.evaluate(_MISSING, self._drawn)
        self._drawn[font] = self._drawn.get(font, "") + drawn
        found: list[str] = missing
        return found

    def _barriers(self, page: Page) -> Iterator[str]:
        page.evaluate(self._axe.axe_script)
        for rule, impact, places in page.evaluate(_BARRIERS, LIGHT):
            if impact not in LIGHT:
                yield f"axe {rule}: {'; '.join(place[:120] for place in places[:3])}"

    def listen(self, page: Page, url: str) -> None:
        """Gathers errors that pages tell the console of the browser, and requests to other hosts."""
        home = urlsplit(url).netloc

        def heard(message: ConsoleMessage) -> None:
            # That a page itself is a 404 or 422 is meant, and said by the browser as an error of loading.
            # The citizen's pages fetch nothing: the browser itself asks for an icon.
            meant = message.location["url"].endswith((page.url, home + "/favicon.ico"))
            if message.type == "error" and not (meant and message.text.startswith("Failed to load resource")):
                self.complaints.append(f"{page.url}: {message.text} ({message.location['url']})")

        def asked(request: Request) -> None:
            if urlsplit(request.url).netloc != home:
                self.complaints.append(f"{page.url} asks another host: {request.url}")

        page.on("console", heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", asked)
