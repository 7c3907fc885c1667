"""People in files that an operator imports: of each verdict, corrected and fed back, and while nothing can be stored."""

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from drills.canary.people import Person
from drills.canary.planting import Planted, place_of, record_of
from drills.canary.town import Town
from haochaping.cli.demo import ORGANISATION
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.main import main

# Every second row is wrong in one of these ways; the names of the columns are those of the record.
WRONG: Sequence[Mapping[str, str]] = (
    {"userProp": "8"},
    {"taskName": "不在事项库的事项"},
    {"serviceNumber": "0", "windowNo": "{name}"},
    {"acceptDate": "{phone}"},
    {"projectNo": "{document}", "deptCode": "{phone}"},
)
HANDED_BACK, STOPPED = 3, 4


def import_files(town: Town, planted: Planted, crowd: Iterator[Person], each: int) -> None:
    """A file of each kind, judged only, then stored; what comes back is fed back as it came. The error files and what the
    command says stay in the data directory, where they are searched; the files that came in do not."""
    home = town.stage.layout.data
    with tempfile.TemporaryDirectory(prefix="hcp-canary-") as folder:
        for kind in ("ndjson", "csv"):
            file = Path(folder) / f"people.{kind}"
            _write(file, [_row(planted, crowd, number) for number in range(each)])
            errors = home / f"people.errors.{kind}"
            _type(town, file, HANDED_BACK, "--dry-run", "--errors", str(home / f"judged.{kind}"))
            _type(town, file, HANDED_BACK, "--errors", str(errors), "--call-rows", "7")
            # Nothing was mended in it: all of it is wrong again.
            _type(town, errors, HANDED_BACK)


def import_in_vain(town: Town, planted: Planted, crowd: Iterator[Person]) -> None:
    """The database refuses every row, and its error quotes it."""
    with tempfile.TemporaryDirectory(prefix="hcp-canary-") as folder:
        file = Path(folder) / "people.ndjson"
        _write(file, [_row(planted, crowd, 0)])
        _type(town, file, STOPPED, "--patience", "0")


def _row(planted: Planted, crowd: Iterator[Person], number: int) -> dict[str, str]:
    person, row = record_of(place_of(ORGANISATION), planted, crowd)
    wrong = WRONG[number // 2 % len(WRONG)] if number % 2 else {}
    filled = {"name": person.name, "phone": person.phone, "document": person.document}
    return row | {name: value.format(**filled) for name, value in wrong.items()}


def _write(file: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        if file.suffix == ".csv":
            table = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
            table.writeheader()
            table.writerows(rows)
        else:
            text.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _type(town: Town, file: Path, due: int, *words: str) -> None:
    """Types the command; what it says goes where logs are. Raises CouldNotRun for another exit code than is due."""
    layout, said = town.stage.layout, io.StringIO()
    typed = ["import", "occasions", str(file), "--client", town.reporter.key, "--data", str(layout.data)]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main([*typed, *words])
    with (layout.log / "import.log").open("a", encoding="utf-8") as log:
        log.write(said.getvalue())
    if code != due:
        raise CouldNotRun(f"the import of a {file.suffix} file ended with {code}, not {due}")
