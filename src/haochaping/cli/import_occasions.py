"""`import occasions`: a department without an interface hands in a file, and every row is judged as by the API."""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from haochaping.cli.database import connected, say

if TYPE_CHECKING:
    from haochaping.intake.importing.journal import Journal
    from haochaping.intake.importing.kinds import Source
    from haochaping.intake.importing.session import Looked

NAME = "import occasions"
HELP = "Take in service occasions from a file (NDJSON, JSON, CSV, XLSX); goes on where it stopped; hands back wrong rows."
REFUSED, HANDED_BACK, STOPPED, INTERRUPTED = 1, 3, 4, 130
_EVERY = 2.0
_ENCODINGS = ("utf-8", "gb18030")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, whose it is, and where what is wrong goes."""
    parser.description = (
        f"{HELP} Exit code 0: every row was taken; 3: some are in the error file; 1: refused, nothing stored; "
        "4 or 130: ended before the file did, run the same command again. See docs/importing.md."
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=".ndjson, .jsonl, .json, .csv (also .gz), or .xlsx"
    )
    parser.add_argument(
        "--client",
        required=True,
        metavar="CLIENT",
        help="who reports: its id or any of its keys (client list); its scope and its dialect hold",
    )
    parser.add_argument(
        "--errors",
        type=Path,
        metavar="FILE",
        help="where rejected, quarantined and conflicting rows go "
        "(default: beside FILE, as FILE.errors.csv; with --dry-run nowhere); the ending tells the format",
    )
    parser.add_argument(
        "--verdicts", type=Path, metavar="FILE", help="write line and verdict of every row there, as CSV"
    )
    parser.add_argument("--dry-run", action="store_true", help="judge every row and store nothing")
    parser.add_argument(
        "--again", action="store_true", help="begin anew, whatever was done of this file before"
    )
    parser.add_argument("--encoding", choices=_ENCODINGS, default="", help="of the text (default: found out)")
    parser.add_argument(
        "--call-rows",
        type=_call,
        default=5_000,
        metavar="N",
        help="how many rows are judged and stored at once; a live system of the same platform waits that long (5000)",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=120,
        metavar="SECONDS",
        help="how long to wait for a database that is away (120)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object: rows, counts, error_file")


def _call(text: str) -> int:
    from haochaping.intake.bulk import MOST_RECORDS

    if not text.isdecimal() or not 1 <= int(text) <= MOST_RECORDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_RECORDS}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Imports, says what became of it. Raises Refused when nothing was begun."""
    from haochaping.intake.importing import kinds

    try:
        source = kinds.source(arguments.file, arguments.encoding)
        with connected(arguments):
            return _Import(arguments, source).run()
    except OSError as error:
        why = error.strerror or type(error).__name__
        say(f"haochaping: {error.filename or arguments.file}: {why}. Nothing was begun.")
        return REFUSED


def _about(source: "Source", looked: "Looked") -> str:
    told = [f"read as {source.encoding.upper()}"] if source.encoding == "gb18030" else []
    told += ["corrected rows that come back"] if looked.corrected else []
    return f" ({', '.join(told)})" if told else ""


class _Import:
    """One run of the command, with the database at hand."""

    def __init__(self, arguments: argparse.Namespace, source: "Source") -> None:
        self.arguments, self.source = arguments, source
        self.told_at = self.begun = time.monotonic()
        self.before = 0

    def run(self) -> int:
        from haochaping.intake.importing.refusals import Stopped

        with self._journal() as journal:
            errors = self._error_file(journal)
            self.before = journal.rows
            if journal.finished:
                say("This file has been imported to its end before: nothing is done again without --again.")
            elif journal.calls:
                say(f"Going on after row {journal.rows:,}, where it stopped.")
            try:
                if not journal.finished:
                    self._work(journal)
                written = self._hand_back(journal, errors)
                self._verdicts(journal)
            except Stopped as stopped:
                return self._told_to_go_on(journal, str(stopped), STOPPED)
            except OSError as error:
                why = error.strerror or type(error).__name__
                return self._told_to_go_on(journal, f"It could not go on: {why}.", STOPPED)
            except KeyboardInterrupt:
                return self._told_to_go_on(journal, "Interrupted.", INTERRUPTED)
            self._summary(journal, written)
            return HANDED_BACK if journal.handed_back else 0

    @contextmanager
    def _journal(self) -> "Iterator[Journal]":
        from haochaping.accounts.queries.clients import client_id_of
        from haochaping.foundation.clock import now
        from haochaping.intake.importing import journal

        size = self.arguments.call_rows
        self.client: UUID = client_id_of(self.arguments.client)
        if self.arguments.dry_run:
            with tempfile.TemporaryDirectory(prefix="hcp-dry-run-") as folder:
                yield journal.passing(Path(folder), now=now(), a_call=size)
            return
        taken = journal.take_up(
            self.arguments.data,
            self.source,
            self.client,
            now=now(),
            a_call=size,
            again=self.arguments.again,
        )
        try:
            yield taken
        finally:
            taken.close()

    def _error_file(self, journal: "Journal") -> Path | None:
        """Where the error file is to go; None for nowhere. Raises FileRefused."""
        from haochaping.intake.importing import error_files

        if self.arguments.dry_run and self.arguments.errors is None:
            return None
        path = self.arguments.errors or error_files.place_beside(self.source.path)
        if not (journal.finished and path.exists()):
            error_files.check(path)
        return Path(path)

    def _work(self, journal: "Journal") -> None:
        from haochaping.cli.intake_services import intake_services
        from haochaping.intake.importing.calls import Desk
        from haochaping.intake.importing.session import Session, look_through, reporting_client, titles_of

        with asyncio.Runner() as runner, intake_services(runner) as services:
            client = runner.run(reporting_client(services, self.client))
            looked = look_through(self.source, titles_of(client.dialect))
            say(f"{self.source.path.name}: {looked.rows:,} rows{_about(self.source, looked)}")
            desk = Desk(services, client, journal.run, journal.begun, self.arguments.patience, say)
            work = Session(self.source, looked, desk, journal, self._tell)
            runner.run(work.judge() if self.arguments.dry_run else work.store())

    def _tell(self, done: int, total: int) -> None:
        """How far it is, now and then."""
        now = time.monotonic()
        if now - self.told_at < _EVERY and done < total:
            return
        self.told_at = now
        rate = (done - self.before) / max(now - self.begun, 0.001)
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        say(f"{done:,} of {total:,} rows, {rate:,.0f} rows/s{left}")

    def _hand_back(self, journal: "Journal", path: Path | None) -> Path | None:
        """Writes the error file unless it is there; None when there is nothing to hand back. Raises OSError, Stopped."""
        from haochaping.foundation.sheets.cells import Unwritable
        from haochaping.intake.importing import error_files
        from haochaping.intake.importing.refusals import Stopped

        if path is None or not journal.handed_back:
            return None
        if not path.exists():
            try:
                error_files.write(path, journal.error_rows(), error_files.columns_of(journal.error_rows()))
            except Unwritable as error:
                raise Stopped(
                    f"The error file cannot be written as {path.suffix}: {error}. Name another, "
                    "--errors FILE.ndjson."
                ) from None
        return path

    def _verdicts(self, journal: "Journal") -> None:
        from haochaping.intake.importing import error_files

        if self.arguments.verdicts is not None:
            error_files.write_verdicts(self.arguments.verdicts, journal.verdict_lines())

    def _told_to_go_on(self, journal: "Journal", words: str, code: int) -> int:
        say(f"haochaping: {words}")
        if self.arguments.dry_run:
            say("Nothing was stored.")
        else:
            say(
                f"{journal.rows:,} rows are done and stay so. When that is solved, run the same command again: it goes on "
                "where it stopped."
            )
        return code

    def _summary(self, journal: "Journal", written: Path | None) -> None:
        from haochaping.cases.verdicts import Verdict

        counts = {verdict.value: journal.counts[verdict.value] for verdict in Verdict}
        if self.arguments.json:
            told = {"rows": journal.rows, "counts": counts, "error_file": str(written) if written else None}
            print(json.dumps({**told, "dry_run": self.arguments.dry_run}, ensure_ascii=False))
            return
        print(
            f"{journal.rows:,} rows" + (", judged only: nothing was stored" if self.arguments.dry_run else "")
        )
        print("\n".join(f"{count:>12,}  {verdict}" for verdict, count in counts.items()))
        if written:
            print(f"{journal.handed_back:,} rows to correct: {written}")
