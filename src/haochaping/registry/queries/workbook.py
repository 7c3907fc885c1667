"""The registry as the tables of a workbook: empty to be filled in, or as it stands, to be edited and imported again."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.writing import Column, Table
from haochaping.registry.importing.explanations import DAYS, EXPLANATIONS, GENERAL
from haochaping.registry.importing.forms import FORMS, VALID_FROM, VALID_TO, Form
from haochaping.registry.importing.tables import stored

EXPLAINING = "说明"


def registry_workbook(*, filled: bool) -> tuple[Table, ...]:
    """The sheet that explains, then six in the form of docs/registry-format.md. `filled`: with every record there is, by
    code and first day."""
    return _explaining(), *(_sheet(form, filled=filled) for form in FORMS)


def _sheet(form: Form, *, filled: bool) -> Table:
    columns = [
        Column(one.title, _width(form, one.name), _told(form, one.name, one.required), one.choices)
        for one in form.columns
    ]
    return Table(form.title, columns, _records(form) if filled else ())


def _records(form: Form) -> Iterator[Sequence[str]]:
    keys = {one.name: one.key for one in FORMS}
    for record in sorted(stored(form, keys), key=lambda one: (one.code, one.span.start)):
        values = {
            **record.fields,
            form.key: record.code,
            VALID_FROM: record.start.isoformat() if record.start else "",
            VALID_TO: record.end.isoformat() if record.end else "",
        }
        yield [values[column.name] for column in form.columns]


def _told(form: Form, column: str, required: bool) -> str:
    words = str(EXPLANATIONS.get((form.name, column)) or DAYS[column])
    return (_("必填。%(words)s") if required else _("可留空。%(words)s")) % {"words": words}


def _width(form: Form, column: str) -> int:
    wide = {"name": 36, "task_code": 34, "handle_item": 36, "credit_code": 22, "organisation": 22}
    return wide.get(column, 20 if column == form.key else 16)


def _explaining() -> Table:
    titles = (_("工作表"), _("列"), _("列名"), _("填写说明"), _("可填的值"))
    columns = [Column(title, width) for title, width in zip(titles, (14, 20, 16, 80, 60), strict=True)]
    rows = [("", "", "", str(line), "") for line in GENERAL]
    rows += [
        (form.title, one.title, one.name, _told(form, one.name, one.required), "、".join(one.choices))
        for form in FORMS
        for one in form.columns
    ]
    return Table(EXPLAINING, columns, rows)
