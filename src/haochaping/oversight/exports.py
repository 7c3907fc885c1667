"""Coverage as tables: the gaps by name, and the counts of each organisation."""

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.writing import Column, Table
from haochaping.oversight.rules import Coverage, Kind
from haochaping.oversight.words import KINDS, detail, meaning, share


def tables(found: Coverage) -> tuple[Table, Table]:
    """The gaps first: a file that holds one table holds them."""
    return _gaps(found), _counts(found)


def _gaps(found: Coverage) -> Table:
    of = {one.id: one for one in found.organisations}
    columns = [
        Column(_("机构代码"), 22),
        Column(_("机构"), 30),
        Column(_("类别"), 12),
        Column(_("编码"), 36),
        Column(_("名称"), 40),
        Column(_("渠道或最近报送"), 20),
        Column(_("缺口"), 44),
        Column(_("起日"), 12),
        Column(_("止日"), 12),
    ]
    first, last = found.span.first.isoformat(), found.span.last.isoformat()
    kinds = {kind: (str(KINDS[kind]), meaning(kind)) for kind in Kind}
    rows = (
        (
            *(of[gap.organisation_id].code, of[gap.organisation_id].name),
            *(kinds[gap.kind][0], gap.code, gap.name, detail(gap), kinds[gap.kind][1], first, last),
        )
        for gap in found.gaps
    )
    return Table(_("覆盖缺口"), columns, rows)


def _counts(found: Coverage) -> Table:
    columns = [Column(_("机构代码"), 22), Column(_("机构"), 30), Column(_("区划"))]
    for words in KINDS.values():
        columns += [Column(f"{words} · {each}") for each in (_("已覆盖"), _("应覆盖"), _("覆盖率"))]
    rows = (
        [one.code, one.name, one.division]
        + [
            cell
            for each in (one.counts[kind] for kind in KINDS)
            for cell in (str(each.covered), str(each.total), share(each))
        ]
        for one in found.organisations
    )
    return Table(_("覆盖率"), columns, rows)
