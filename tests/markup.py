"""Reads a page as a browser would see it, far enough to ask whether people can use it."""

import re
from html.parser import HTMLParser

_VOID = {"meta", "input", "br", "wbr", "link", "img", "hr", "circle", "path"}
_HAN = re.compile(r"[\u3400-\u9fff]")


class Page(HTMLParser):
    """`fields` are the controls as they would be sent; `foreign` is Chinese that nothing says is Chinese."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._textareas: dict[str, str] = {}
        self.labelled: set[str] = set()
        self.feed(body.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "textarea":
            self._textareas[attributes["name"]] = ""
        if tag in {"input", "textarea"} and any(name == "label" for name, _ in self._open):
            self.labelled.add(attributes.get("id") or f"{attributes['name']}={attributes.get('value')}")
        if tag == "label" and "for" in attributes:
            self.labelled.add(attributes["for"])
        if tag not in _VOID:
            self._open.append((tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        elif tag not in _VOID:
            raise AssertionError(f"</{tag}> closes {self._open[-1:]}")

    def handle_data(self, data: str) -> None:
        inside = [name for name, _ in self._open]
        if "style" in inside:
            return
        if "textarea" in inside:
            name = next(attributes["name"] for tag, attributes in self._open if tag == "textarea")
            self._textareas[name] += data.removeprefix("\n") if not self._textareas[name] else data
        self.texts.append(data)
        languages = [attributes["lang"] for _, attributes in self._open if "lang" in attributes]
        if _HAN.search(data) and not languages[-1].startswith("zh") and "textarea" not in inside:
            self.foreign.append(data)

    @property
    def text(self) -> str:
        """All that can be read, blanks made one."""
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of this name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def controls(self) -> list[dict[str, str]]:
        """What people can fill in: hidden fields are not among them."""
        return [
            each
            for name, each in self.tags
            if name in {"input", "textarea"} and each.get("type") != "hidden" and "hidden" not in each
        ]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a browser would send if the button were pressed now."""
        sent = [
            (each["name"], each.get("value", ""))
            for each in self.all("input")
            if each.get("type") not in {"radio", "checkbox"} or "checked" in each
        ]
        return sent + list(self._textareas.items())

    def value(self, name: str) -> str:
        """The value of a field that is there once."""
        (value,) = (value for field, value in self.fields if field == name)
        return value
