"""Forms as PDF and as Word, and pictures, for who waits for them in a thread: each made by a process that ends with it, as
`typesetting` does for the door."""

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import BoundedSemaphore
from typing import Any, Final

from haochaping.foundation.typesetter import CANNOT_BE_SET
from haochaping.foundation.typesetting import Busy, CannotBeSet, bare_environment

_log = logging.getLogger(__name__)

_PDF: Final = "haochaping.foundation.typesetter"
_WORD: Final = "haochaping.foundation.wordsetter"
_PICTURE: Final = "haochaping.foundation.chartsetter"
# Fifty forms take a few seconds; a template that takes so long never ends.
_LONGEST: Final = 50.0
# So long somebody else's are waited for.
_PATIENCE: Final = 10.0
_places: Final = BoundedSemaphore(1)


def pdf(source: str, said: Mapping[str, Any], *, explain: bool = False, at: int | None = None) -> bytes:
    """The PDF/A of a typst source with what it says (JSON in its input `said`); characters that the font has not are written
    as their code points. `explain`: CannotBeSet says what is wrong, which may name what was said. `at`: the
    second since 1970 that the document tells as its own, else now; with it the same makes the same bytes.

    Raises CannotBeSet, Busy."""
    return _made_by(_PDF, {"source": source, "said": said, "spell": True, "explain": explain, "at": at})


def word(template: bytes, said: Sequence[Mapping[str, Any]], *, explain: bool = False) -> list[bytes]:
    """A Word document for each of `said`, out of one template. Raises CannotBeSet, Busy."""
    asked = {"template": base64.b64encode(template).decode(), "said": list(said), "explain": explain}
    return [base64.b64decode(each) for each in json.loads(_made_by(_WORD, asked))]


def word_fields(template: bytes) -> list[str]:
    """The names that a Word template takes from what is said. Raises CannotBeSet for one that cannot be read, Busy."""
    asked = {"template": base64.b64encode(template).decode(), "explain": True}
    names: list[str] = json.loads(_made_by(_WORD, asked))
    return names


def pictures(charts: Sequence[Mapping[str, Any]]) -> list[str]:
    """An SVG of each definition (`spec`, Vega-Lite) with its `title`, `description` and `language`; the same makes the same.
    Raises CannotBeSet, Busy."""
    drawn: list[str] = json.loads(_made_by(_PICTURE, {"charts": list(charts)}))
    return drawn


def as_points(svgs: Sequence[str]) -> list[bytes]:
    """The same pictures as PNG, for Word. Raises CannotBeSet, Busy."""
    return [base64.b64decode(each) for each in json.loads(_made_by(_PICTURE, {"svgs": list(svgs)}))]


def _made_by(program: str, asked: Mapping[str, Any]) -> bytes:
    if not _places.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", program],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=bare_environment(),
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotBeSet(f"{_LONGEST:.0f} s") from error
    except OSError as error:
        _log.error("a form was not set (%s)", type(error).__name__)
        raise Busy from error
    finally:
        _places.release()
    if done.returncode == CANNOT_BE_SET:
        raise CannotBeSet(done.stdout.decode(errors="replace"))
    if done.returncode != 0:
        _log.error("a form was not set: the program ended with %d", done.returncode)
        raise Busy
    return done.stdout
