"""The writes of the registry: it takes over six tables, wholly or not at all; and it lays the ground of the self-test."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.foundation.sheets.cells import Unreadable
from haochaping.registry import models, trial
from haochaping.registry.importing.comparing import Addition, Change, Comparison, compare
from haochaping.registry.importing.forms import FORMS
from haochaping.registry.importing.problems import Fault, ImportProblem, ImportRefused, problem
from haochaping.registry.importing.reading import Told, read
from haochaping.registry.importing.references import judge_references
from haochaping.registry.importing.sources import Source, opened
from haochaping.registry.importing.tables import add_things, stored, write_records
from haochaping.registry.importing.unfit import file_fault
from haochaping.registry.models import Edition

__all__ = [
    "Addition",
    "Change",
    "FileCounts",
    "ImportProblem",
    "ImportRefused",
    "ImportReport",
    "import_registry",
    "import_workbook",
    "lay_trial_ground",
]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Records of one table: `new` added, `changed` corrected, `ended` given a last day, `unchanged` equal.

    `absent` counts things that are still valid but no longer in the file: they are left as they are. `renamed` are those of
    the new ones that give a thing another name from a day on.
    """

    new: int
    changed: int
    ended: int
    unchanged: int
    absent: int
    renamed: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do (`dry_run`). `edition` is the registry's number after it.

    `files` and `absent` (codes) are by file, or by sheet. `changes` lists every value altered in an older record, `turns`
    every value that is another one from a day on, `additions` the records of which there was none before.
    """

    edition: int
    dry_run: bool
    files: Mapping[str, FileCounts]
    changes: tuple[Change, ...]
    turns: tuple[Change, ...]
    additions: tuple[Addition, ...]
    absent: Mapping[str, tuple[str, ...]]


def _unheard(_words: str) -> None:
    """Nobody waits for it."""


def import_registry(
    *, directory: Path, now: datetime, actor: str, dry_run: bool = False, told: Told = _unheard
) -> ImportReport:
    """Takes over divisions, organisations, halls, windows, staff and items from six CSV files in `directory`.

    `actor` is who answers for it, for the audit trail. With `dry_run` all is judged and nothing written. `told` hears in
    words how far it is. Raises ImportRefused with every problem, and then nothing is written either.
    """
    if not directory.is_dir():
        fault = Fault("directory_missing", _("没有这个目录"), _("请指明放有六个 CSV 文件的目录"))
        raise ImportRefused([problem(directory.name, None, "", str(directory), fault)])
    return _take_over(directory, now, actor, told, dry_run=dry_run)


def import_workbook(
    *, workbook: Path, now: datetime, actor: str, dry_run: bool = False, told: Told = _unheard
) -> ImportReport:
    """The same from the six sheets of one workbook (XLSX)."""
    return _take_over(workbook, now, actor, told, dry_run=dry_run)


@transaction.atomic
def lay_trial_ground(*, now: datetime, actor: str) -> bool:
    """Makes what the daily self-test is played on (`registry.trial`), once; False when it is there.

    It is marked as such: no list, figure or file of the registry has it.
    """
    edition = _locked_edition()
    division, made = models.Division.objects.get_or_create(code=trial.DIVISION, defaults={"trial": True})
    if not made:
        return False
    organisation = models.Organisation.objects.create(credit_code=trial.ORGANISATION)
    hall = models.Hall.objects.create(code=trial.HALL)
    window = models.Window.objects.create(code=trial.WINDOW)
    item = models.Item.objects.create(handle_item=trial.HANDLE_ITEM)
    models.DivisionRecord.objects.create(division=division, name=trial.DIVISION_NAME, level="county")
    models.OrganisationRecord.objects.create(
        organisation=organisation, name=trial.ORGANISATION_NAME, division=division, kind="department"
    )
    models.HallRecord.objects.create(
        hall=hall, name=trial.HALL_NAME, division=division, kind="government_hall"
    )
    models.WindowRecord.objects.create(
        window=window, name=trial.WINDOW_NAME, hall=hall, organisation=organisation
    )
    models.ItemRecord.objects.create(
        item=item,
        task_code=trial.TASK,
        name=trial.ITEM_NAME,
        task_type=trial.TASK_TYPE,
        organisation=organisation,
        project_type=trial.PROJECT_TYPE,
    )
    edition.number, edition.changed_at = edition.number + 1, now
    edition.save()
    record(now=now, actor=actor, act="registry.trial_ground", subject=trial.DIVISION)
    return True


def _take_over(path: Path, now: datetime, actor: str, told: Told, *, dry_run: bool) -> ImportReport:
    with _source(path) as source, transaction.atomic():
        edition = (Edition.objects.filter(id=1).first() or Edition()) if dry_run else _locked_edition()
        comparisons = _judged(source, local_day(now), told)
        report = _report(comparisons, edition.number, dry_run=dry_run)
        if dry_run:
            return report
        if any(file.new or file.changed or file.ended for file in report.files.values()):
            _write(comparisons, told)
            edition.number, edition.changed_at = edition.number + 1, now
            edition.save()
            report = _report(comparisons, edition.number, dry_run=False)
        counts = {name: asdict(file) for name, file in report.files.items()}
        detail = {"edition": edition.number, "files": counts}
        record(now=now, actor=actor, act="registry.import", subject="registry", detail=detail)
    return report


@contextmanager
def _source(path: Path) -> Iterator[Source]:
    """The open source. Raises ImportRefused when it cannot be opened."""
    with ExitStack() as held:
        try:
            source = held.enter_context(opened(path))
        except Unreadable as error:
            raise ImportRefused([problem(path.name, error.line, "", "", file_fault(error))]) from error
        except OSError as error:
            raise ImportRefused([problem(path.name, None, "", str(path), _unopened(error))]) from error
        yield source


def _unopened(error: OSError) -> Fault:
    if isinstance(error, FileNotFoundError):
        remedy = _("请指明一个 XLSX 工作簿，或放有六个 CSV 文件的目录")
        return Fault("file_missing", _("没有这个文件"), remedy)
    reason = _("文件无法读取：%(why)s") % {"why": error.strerror or type(error).__name__}
    return Fault("file_unreadable", reason, _("请检查它是不是文件、有没有读取权限"))


def _locked_edition() -> Edition:
    """The registry's number, locked: two imports at once would each judge what the other is changing."""
    Edition.objects.get_or_create(id=1)
    return Edition.objects.select_for_update().get(id=1)


def _judged(source: Source, today: date, told: Told) -> dict[str, Comparison]:
    """What the six tables would do. Raises ImportRefused."""
    keys = {form.name: form.key for form in source.forms}
    sheets = {form.name: read(source, form, told) for form in source.forms}
    told(_("正在与登记库比较"))
    comparisons = {
        form.name: compare(form, sheets[form.name].entries, stored(form, keys), today)
        for form in source.forms
    }
    found: list[ImportProblem] = []
    for name, comparison in comparisons.items():
        problems = [
            *sheets[name].problems,
            *comparison.problems,
            *judge_references(comparison, comparisons, sheets),
        ]
        found.extend(map(sheets[name].placed, sorted(problems, key=lambda one: one.row or 0)))
    if found:
        raise ImportRefused(found)
    return comparisons


def _write(comparisons: Mapping[str, Comparison], told: Told) -> None:
    forms = {form.name: form for form in FORMS}
    for comparison in comparisons.values():
        add_things(comparison)
    for comparison in comparisons.values():
        told(_("%(file)s：正在写入") % {"file": comparison.form.file})
        write_records(comparison, forms)


def _report(comparisons: Mapping[str, Comparison], edition: int, *, dry_run: bool) -> ImportReport:
    every = comparisons.values()
    return ImportReport(
        edition,
        dry_run,
        files={one.form.file: _counts(one) for one in every},
        changes=tuple(change for one in every for change in one.changes),
        turns=tuple(turn for one in every for turn in one.turns),
        additions=tuple(addition for one in every for addition in one.additions),
        absent={one.form.file: tuple(one.absent) for one in every},
    )


def _counts(one: Comparison) -> FileCounts:
    renamed = sum(turn.column == "name" for turn in one.turns)
    return FileCounts(len(one.new), len(one.changed), len(one.ended), one.unchanged, len(one.absent), renamed)
