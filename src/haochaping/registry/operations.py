"""The one write of the registry: it takes over six files, wholly or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.registry.importing.comparing import Change, Comparison, compare
from haochaping.registry.importing.forms import FORMS
from haochaping.registry.importing.problems import Fault, ImportProblem, ImportRefused, problem
from haochaping.registry.importing.reading import read
from haochaping.registry.importing.references import judge_references
from haochaping.registry.importing.tables import add_things, stored, write_records
from haochaping.registry.models import Edition

__all__ = ["FileCounts", "ImportProblem", "ImportRefused", "ImportReport", "import_registry"]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Records of one file: `new` added, `changed` corrected, `ended` given a last day, `unchanged` equal.

    `absent` counts things that are still valid but no longer in the file: they are left as they are.
    """

    new: int
    changed: int
    ended: int
    unchanged: int
    absent: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do (`dry_run`). `edition` is the registry's number after it.

    `files` and `absent` (codes) are by file name. `changes` lists every value altered in an older record.
    """

    edition: int
    dry_run: bool
    files: Mapping[str, FileCounts]
    changes: tuple[Change, ...]
    absent: Mapping[str, tuple[str, ...]]


def import_registry(*, directory: Path, now: datetime, actor: str, dry_run: bool = False) -> ImportReport:
    """Takes over divisions, organisations, halls, windows, staff and items from six CSV files in `directory`.

    `actor` is who answers for it, for the audit trail. With `dry_run` all is judged and nothing written.
    Raises ImportRefused with every problem, and then nothing is written either.
    """
    with transaction.atomic():
        edition = (Edition.objects.filter(id=1).first() or Edition()) if dry_run else _locked_edition()
        comparisons = _judged(directory, local_day(now))
        report = _report(comparisons, edition.number, dry_run=dry_run)
        if dry_run:
            return report
        if any(file.new or file.changed or file.ended for file in report.files.values()):
            _write(comparisons)
            edition.number, edition.changed_at = edition.number + 1, now
            edition.save()
            report = _report(comparisons, edition.number, dry_run=False)
        counts = {name: asdict(file) for name, file in report.files.items()}
        detail = {"edition": edition.number, "files": counts}
        record(now=now, actor=actor, act="registry.import", subject="registry", detail=detail)
    return report


def _locked_edition() -> Edition:
    """The registry's number, locked: two imports at once would each judge what the other is changing."""
    Edition.objects.get_or_create(id=1)
    return Edition.objects.select_for_update().get(id=1)


def _judged(directory: Path, today: date) -> dict[str, Comparison]:
    """What the six files would do. Raises ImportRefused."""
    if not directory.is_dir():
        fault = Fault("directory_missing", _("没有这个目录"), _("请指明放有六个 CSV 文件的目录"))
        raise ImportRefused([problem(directory.name, None, "", str(directory), fault)])
    keys = {form.name: form.key for form in FORMS}
    sheets = {form.name: read(directory, form) for form in FORMS}
    comparisons = {
        form.name: compare(form, sheets[form.name].entries, stored(form, keys), today) for form in FORMS
    }
    found: list[ImportProblem] = []
    for name, comparison in comparisons.items():
        told = [
            *sheets[name].problems,
            *comparison.problems,
            *judge_references(comparison, comparisons, sheets),
        ]
        found.extend(sorted(told, key=lambda one: one.row or 0))
    if found:
        raise ImportRefused(found)
    return comparisons


def _write(comparisons: Mapping[str, Comparison]) -> None:
    forms = {form.name: form for form in FORMS}
    for comparison in comparisons.values():
        add_things(comparison)
    for comparison in comparisons.values():
        write_records(comparison, forms)


def _report(comparisons: Mapping[str, Comparison], edition: int, *, dry_run: bool) -> ImportReport:
    files, absent = {}, {}
    changes: list[Change] = []
    for one in comparisons.values():
        files[one.form.file] = FileCounts(
            len(one.new), len(one.changed), len(one.ended), one.unchanged, len(one.absent)
        )
        absent[one.form.file] = tuple(one.absent)
        changes.extend(one.changes)
    return ImportReport(edition, dry_run, files, tuple(changes), absent)
