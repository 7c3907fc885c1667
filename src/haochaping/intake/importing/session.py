"""One import from its first row to its last: read, judged call by call, kept, and handed back what was not taken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from haochaping.accounts.clients import Right
from haochaping.accounts.fragments import SELECT_CLIENT
from haochaping.foundation.clock import local_day
from haochaping.foundation.keys import key_for
from haochaping.intake.dialects import Dialect
from haochaping.intake.importing.batches import calls, calls_by_case, scattered
from haochaping.intake.importing.calls import Answer, Desk
from haochaping.intake.importing.error_files import error_row
from haochaping.intake.importing.journal import HANDED_BACK, Journal
from haochaping.intake.importing.kinds import Source
from haochaping.intake.importing.raw import Raw, raws
from haochaping.intake.importing.refusals import FileRefused, Stopped
from haochaping.intake.importing.rows import Reader, Row, is_ours
from haochaping.intake.services import Services
from haochaping.intake.signature import Client, client_of

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look through the whole file found: it can be read to its end, has so many rows, and is one of ours or not."""

    rows: int
    corrected: bool


def look_through(source: Source, titles: Mapping[str, str]) -> Looked:
    """Reads the whole file once, before anything is stored. Raises FileRefused with what is wrong, OSError."""
    first: Raw | None = None
    count = 0
    for raw in raws(source, titles):
        first = first or raw
        count += 1
    if first is None:
        raise FileRefused("empty", f"{source.path.name} holds no record.")
    return Looked(count, is_ours(first))


def titles_of(dialect: Dialect | None) -> Mapping[str, str]:
    """The fields of a table by what the sender calls them."""
    return dialect.columns if dialect is not None else {}


async def reporting_client(services: Services, client: UUID) -> Client:
    """The client in whose name the file is reported, with its dialect of today. Raises FileRefused."""
    async with services.pool.acquire() as connection:
        row = await connection.fetchrow(SELECT_CLIENT, client, services.now())
        if row is None:
            raise FileRefused("client_ended", "The client has ended: see `haochaping client list`.")
        if Right.REPORT not in row["rights"]:
            raise FileRefused(
                "right_missing",
                "The client has not the right `report`: see `haochaping client list` and `client change`.",
            )
        dialect = await services.dialects.edition(connection, row["dialect_id"])
    return client_of(row, str(client), dialect)


@dataclass(frozen=True, slots=True)
class Session:
    """An import at work. `tell` is told after each call how many rows are done, and of how many."""

    source: Source
    looked: Looked
    desk: Desk
    journal: Journal
    tell: Tell

    async def store(self) -> None:
        """Judges and stores what the journal has not; goes on where it stopped. Raises Stopped, FileRefused, OSError."""
        journal = self.journal
        await self._record("occasions.import" if not journal.calls else "occasions.import.resume")
        doubtful = True
        for call in calls(self._rows(journal.rows), journal.a_call):
            self._same_file()
            answer = await self.desk.stored(
                journal.calls + 1, [row.reported for row in call], doubtful=doubtful
            )
            doubtful = False
            self._keep(call, answer)
        self._same_file()
        await self._record("occasions.import.done")
        journal.finish(self.desk.services.now())

    async def judge(self) -> None:
        """Only judges: nothing is stored, and the journal is to be thrown away. Raises as `store`."""
        size = self.journal.a_call
        apart = scattered(self._rows(), size)
        for call in calls_by_case(self._rows(), apart, size):
            self._same_file()
            answer = await self.desk.only_judged([row.reported for row in call])
            self._keep(call, answer)

    def _rows(self, done: int = 0) -> Iterator[Row]:
        """The rows behind those that are done."""
        dialect = self.desk.client.dialect
        reader = Reader(key_for("occasion digest"), dialect, self.looked.corrected)
        return map(reader.row, islice(raws(self.source, titles_of(dialect)), done, None))

    def _keep(self, call: Sequence[Row], answer: Answer) -> None:
        public = self._public_names()
        judged = list(zip(call, answer.judged, strict=True))
        self.journal.done(
            answer.counts,
            [(row.reported.line, each.verdict.value) for row, each in judged],
            (
                error_row(row, each, self.journal.run, public)
                for row, each in judged
                if each.verdict in HANDED_BACK
            ),
        )
        self.tell(self.journal.rows, self.looked.rows)

    def _public_names(self) -> frozenset[str]:
        """Names of items and offices: no error file has to hide them."""
        directory, today = self.desk.services.directory.current(), local_day(self.desk.services.now())
        items = (item.name for item in directory.items(today))
        return frozenset(items) | {office.name for office in directory.organisations(today)}

    def _same_file(self) -> None:
        if not self.source.unchanged():
            raise Stopped(f"{self.source.path.name} was changed or taken away while it was being read.")

    async def _record(self, act: str) -> None:
        detail = {
            "client": str(self.desk.client.id),
            "file": self.source.digest.hex(),
            "rows": self.journal.rows,
            "counts": dict(self.journal.counts),
        }
        await self.desk.record(act, detail)
