"""The words for files that cannot be read and for cells that nobody can be sure of."""

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.cells import Unfit, Unreadable
from haochaping.registry.importing.problems import Fault


def cell_fault(cell: Unfit) -> Fault:
    """Why the cell is not taken; the code is the cell's."""
    match cell.code:
        case "formula":
            words = _("单元格是公式，不是填写的内容"), _("请复制后选择性粘贴为“值”，再重新导入")
        case "digits":
            words = (
                _("单元格是数字，超过 15 位，表格软件已经改掉了后面的数字"),
                _("请把这一列设为“文本”格式，对照原件重新填写"),
            )
        case "number_format":
            words = _("单元格显示的样子与所存的数字不同"), _("请把这一列设为“文本”格式后重新填写")
        case "date":
            words = _("单元格的日期不在日历之内"), _("请改为文本，写作 年-月-日，如 2026-01-01")
        case "characters":
            words = _("含有无法保存的字符"), _("请删除不可见字符后重新导入")
        case _:
            words = _("单元格是逻辑值或错误值，不是文字"), _("请把这一列设为“文本”格式后重新填写")
    return Fault(cell.code, *words)


def file_fault(error: Unreadable) -> Fault:
    """Why the file, or what follows in it, is not read."""
    match error.code:
        case "encoding":
            words = _encoding(error.detail), _("请在表格软件中另存为“CSV UTF-8(逗号分隔)”后重新导入")
        case "csv":
            reason = _("不是完好的 CSV：%(why)s") % {"why": error.detail}
            words = reason, _("请检查自这一行起的引号是否成对；单元格内的引号要写两个")
        case "not_a_workbook":
            words = _("不是 XLSX 工作簿"), _("请在表格软件中另存为“Excel 工作簿(*.xlsx)”")
        case "old_workbook" | "encrypted":
            words = (
                _("是旧格式（.xls）的工作簿，或加了密码"),
                _("请去掉密码，另存为“Excel 工作簿(*.xlsx)”"),
            )
        case "strict":
            words = (
                _("是“Strict Open XML 电子表格”，不是普通的 XLSX 工作簿"),
                _("请在表格软件中另存为“Excel 工作簿(*.xlsx)”"),
            )
        case "too_big":
            words = _("工作簿过大"), _("请只保留六张工作表，或分几次导入")
        case "too_wide":
            reason = _("%(column)s 列有内容，远在表格之外") % {"column": error.detail}
            words = reason, _("请删除表格以外的内容")
        case "unsafe":
            words = (
                _("压缩得异常，或含有外部定义，不像表格软件所存"),
                _("请用表格软件打开，另存后重新导入；不明来源的文件不要使用"),
            )
        case _:
            words = _("工作簿已损坏"), _("请用表格软件打开，修复后另存，再重新导入")
    return Fault(error.code, *words)


def _encoding(seems: str) -> str:
    match seems:
        case "UTF-16":
            return _("文件是 UTF-16 编码（“Unicode 文本”），不是 UTF-8")
        case "GB18030":
            return _("文件不是 UTF-8 编码，看来是 GBK（GB 18030）")
        case _:
            return _("文件不是 UTF-8 编码")
