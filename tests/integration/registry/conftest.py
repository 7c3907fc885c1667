"""Kunming's registry as a folder that a test may spoil."""

import shutil
from pathlib import Path

import pytest

import haochaping.simulation

KUNMING = Path(haochaping.simulation.__file__).parent / "cities" / "kunming"


class Folder:
    """Six CSV files; every act speaks of one of them by its name without ending."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, name: str) -> str:
        return (self.path / f"{name}.csv").read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        (self.path / f"{name}.csv").write_text(text, "utf-8")

    def add(self, name: str, *rows: str) -> int:
        """Adds rows at the end; the line number of the first of them."""
        text = self.text(name)
        self.write(name, text + "".join(f"{row}\n" for row in rows))
        return text.count("\n") + 1

    def replace(self, name: str, old: str, new: str) -> int:
        """Replaces what stands there once; its line number."""
        text = self.text(name)
        assert text.count(old) == 1
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def describe(self, name: str, column: str, **said: str) -> None:
        """Adds a column at the end: what is said of these codes, nothing of the others."""
        header, *lines = self.text(name).splitlines()
        codes = header.split(",").index("credit_code" if name == "organisations" else "code")
        rows = [f"{line},{said.get(line.split(',')[codes], '')}" for line in lines]
        self.write(name, "".join(f"{line}\n" for line in [f"{header},{column}", *rows]))

    def rows(self, name: str) -> int:
        """How many records the file has."""
        return len(self.text(name).splitlines()) - 1


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of Kunming's six files."""
    shutil.copytree(KUNMING, tmp_path / "kunming")
    return Folder(tmp_path / "kunming")
