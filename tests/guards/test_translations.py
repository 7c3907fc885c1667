"""Every sentence that a catalogue names is translated, and what runs is what can be read."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.guards.floors import SOURCE

CATALOGUES = sorted(SOURCE.rglob("*.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_catalogue_is_complete_and_compiled(path: Path) -> None:
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert messages
    for message in messages:
        assert message.string, message.id
        assert not message.fuzzy, message.id
        assert compiled.gettext(str(message.id)) == message.string, f"compile {path.name} again: {message.id}"
