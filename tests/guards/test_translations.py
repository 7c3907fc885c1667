"""Every sentence that a catalogue names is translated, and what runs is what can be read."""

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.guards.floors import SOURCE

CATALOGUES = sorted(SOURCE.rglob("*.po"))
SPOKEN = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_catalogue_is_complete(path: Path) -> None:
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert messages
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize(
    "path",
    [path for path in CATALOGUES if path.stem == "django"],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_what_django_loads_was_compiled_from_what_can_be_read(path: Path) -> None:
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [message.id for message in messages if not _runs_as_read(compiled, message)] == []


def _runs_as_read(compiled: gettext.GNUTranslations, message: Message) -> bool:
    if isinstance(message.id, str):
        return compiled.gettext(message.id) == message.string
    one, many = message.id
    return (compiled.ngettext(one, many, 1), compiled.ngettext(one, many, 2)) == tuple(message.string)


def test_every_sentence_of_rooms_and_commands_is_in_a_catalogue() -> None:
    """The citizen's pages have a catalogue and a test of their own; templates are looked at in English by the journeys."""
    known = {
        _first(message.id)
        for path in CATALOGUES
        for message in read_po(BytesIO(path.read_bytes()))
        if message.id
    }
    said = [
        (str(path.relative_to(SOURCE)), line, _first(sentence))
        for path in sorted(SOURCE.rglob("*.py"))
        if "citizen" not in path.relative_to(SOURCE).parts
        for line, sentence, _, _ in extract_from_file("python", path, keywords=SPOKEN)
    ]
    assert said
    assert [each for each in said if each[2] not in known] == []


def _first(sentence: str | tuple[str, ...] | list[str]) -> str:
    """The singular of a sentence with a plural."""
    return sentence if isinstance(sentence, str) else sentence[0]


def test_no_sentence_has_two_translations() -> None:
    """Django puts all catalogues of the pages into one: of two translations one would be seen where the other is meant. The
    citizen's pages and the commands have their own."""
    found: dict[str, set[str]] = {}
    for path in CATALOGUES:
        if path.stem == "django" and "cli" not in path.relative_to(SOURCE).parts:
            for message in read_po(BytesIO(path.read_bytes())):
                if message.id:
                    found.setdefault(_first(message.id), set()).add(str(message.string))
    assert {sentence: said for sentence, said in found.items() if len(said) > 1} == {}
