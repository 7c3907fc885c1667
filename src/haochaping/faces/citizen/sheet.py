"""The style sheet of the citizen's pages: shared tokens and own rules, inlined, admitted by hash."""

import base64
import hashlib
import re
from pathlib import Path

_HERE = Path(__file__).parent
_TOKENS = _HERE.parent / "shared" / "static" / "shared" / "tokens.css"


def minified(css: str) -> str:
    """Without comments and needless blanks. For our own sheets: no braces or semicolons in strings."""
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    one_line = re.sub(r"\s+", " ", without_comments)
    return re.sub(r" ?([{};,]) ?", r"\1", one_line).replace(";}", "}").replace(": ", ":").strip()


SHEET = minified(_TOKENS.read_text(encoding="utf-8") + (_HERE / "citizen.css").read_text(encoding="utf-8"))
SHEET_HASH = "sha256-" + base64.b64encode(hashlib.sha256(SHEET.encode()).digest()).decode()
