"""Every sentence that a catalogue names is translated, and what runs is what can be read."""

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.guards.floors import SOURCE

CATALOGUES = sorted(SOURCE.rglob("*.po"))


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
