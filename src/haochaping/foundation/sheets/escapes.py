"""How a value is spelled where the format would take it for something else, and back. Each pair is exact."""

import re

# Workbooks spell what XML cannot hold, and a carriage return, as _xHHHH_; an underscore before such a spelling likewise.
_SPELLED = re.compile(r"_x([0-9a-fA-F]{4})_")
_BARRED = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_TO_SPELL = re.compile(f"[{_BARRED}]|_(?=x[0-9a-fA-F]{{4}}[_{_BARRED}])")

# What a spreadsheet may take for a formula when it opens a CSV file, full-width signs too (they are what an input method
# types), and such a value that already has quotes before it.
_FORMULA_LIKE = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_QUOTED = re.compile(r"'+(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def workbook_text(value: str) -> str:
    """The value as the text of a workbook's cell."""
    return _TO_SPELL.sub(lambda found: f"_x{ord(found[0]):04X}_", value)


def from_workbook(text: str) -> str:
    """The value of such a text. Pairs of surrogates spelled one by one become their character."""
    if "_x" not in text:
        return text
    plain = _SPELLED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def csv_text(value: str) -> str:
    """The value as a spreadsheet shows it and does not compute it: formula-like ones get a single quote before them."""
    return f"'{value}" if _FORMULA_LIKE.match(value) else value


def from_csv(text: str) -> str:
    """Takes the quote of `csv_text` away again."""
    return text[1:] if _QUOTED.match(text) else text
