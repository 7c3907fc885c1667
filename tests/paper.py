"""A PDF read back as people and telephones read it."""

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import zxingcpp


class Paper:
    """`page` is the first of `pages`; `text` is all of it without spaces."""

    def __init__(self, made: bytes) -> None:
        self.bytes = made
        self.pages = list(pdfium.PdfDocument(made))
        self.page = self.pages[0]
        self._read = [page.get_textpage() for page in self.pages]
        self.text = "".join("".join(read.get_text_range().split()) for read in self._read)

    def fonts(self) -> set[str]:
        """The fonts of all characters, without the sign of their subset."""
        return {self._font(read, place) for read in self._read for place in range(read.count_chars())} - {""}

    @staticmethod
    def _font(read: pdfium.PdfTextPage, place: int) -> str:
        room, flags = ctypes.create_string_buffer(200), ctypes.c_int()
        raw.FPDFText_GetFontInfo(read, place, room, len(room), flags)
        return room.value.decode().partition("+")[2] or room.value.decode()

    def codes(self) -> list[str]:
        """What the codes on the first page lead to."""
        picture = self.page.render(scale=4, grayscale=True).to_numpy().squeeze()
        return [code.text for code in zxingcpp.read_barcodes(picture)]

    def is_archival(self) -> bool:
        """Whether it says of itself that it is PDF/A-2a."""
        return b"<pdfaid:part>2<" in self.bytes and b"<pdfaid:conformance>A<" in self.bytes
