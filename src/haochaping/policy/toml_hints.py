"""What to do about a mistake of TOML itself, in words for who has never heard of TOML."""

import re
from typing import Final

# Characters of Chinese keyboards that look like those of the language.
_FULL_WIDTH: Final = "“”‘’，＝［］｛｝：＂"
_HINTS: Final = (
    (r"Illegal character '\\n'|Unterminated string", 'a text ends on its own line with a quote (")'),
    (
        r"Cannot overwrite a value|Duplicate inline table key",
        "a key stands only once in a table; take one away",
    ),
    (
        r"Cannot declare .* twice",
        "a table [NAME] stands only once; take one away, or write [[NAME]] for a list",
    ),
    (r"Cannot (mutate|overwrite|add)", "this table was written whole before; put all of it in one place"),
    (r"Unclosed inline table", "expected a comma or } here"),
    (r"Unclosed array", "expected a comma or ] at the end of the line before, or here"),
    (r"Invalid initial character for a key part", "a key is of a-z, 0-9, _ and -"),
    (r"Expected '=' after a key|Invalid statement", "expected KEY = VALUE, [TABLE] or [[LIST]]"),
    (
        r"Expected newline or end of document",
        "a line has one KEY = VALUE only; what follows it begins with #",
    ),
    (r"Expected '\]\]?' at the end", "a header is [NAME] or [[NAME]], with brackets on both sides"),
    (r"Invalid date or datetime", "there is no such day or time; write 2020-06-02 or 17:00:00"),
    (r"Invalid value", "a text stands in quotes, a day is 2020-06-02, yes and no are true and false"),
    (r"character '\\r'", "save the file with usual line ends"),
    (r"Illegal character|Found invalid character", "take the invisible character out"),
)


def hint(problem: str, line: str) -> str:
    """What is expected instead, for a message of the parser about a line; "" where nothing is known."""
    wide = next((sign for sign in _outside_texts(line) if sign in _FULL_WIDTH), "")
    if wide:
        return f"{wide} is a full-width sign; write it with the English keyboard"
    return next((words for pattern, words in _HINTS if re.search(pattern, problem)), "")


def _outside_texts(line: str) -> str:
    return re.sub(r'"[^"]*"|#.*', "", line)
