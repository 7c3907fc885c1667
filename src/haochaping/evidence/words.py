"""Why a file is not taken: what is wrong, why it matters, what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.evidence.states import Fault

FAULTS: Final[Mapping[Fault, Promise]] = {
    Fault.EMPTY: _("这个文件是空的，没有保存。请检查后重新选择文件。"),
    Fault.TOO_LARGE: _("文件太大，没有保存。请压缩、降低扫描分辨率或者拆分后再上传。"),
    Fault.UNKNOWN: _(
        "按内容看，这个文件不是可以上传的格式，没有保存（只改文件名没有用）。"
        "可以上传：PDF、JPEG或PNG图片、Word文档（.docx）、Excel工作簿（.xlsx）、UTF-8或GB18030编码的纯文本。请另存为其中一种。"
    ),
    Fault.BROKEN: _("文件不完整或者已损坏，日后可能打不开，没有保存。请用原来的软件打开，另存一份再上传。"),
    Fault.ACTIVE: _(
        "文件中有宏、脚本、嵌入的文件或者会连接外部的内容，打开时可能危害电脑，没有保存。"
        "请打印或另存为PDF（不带脚本和附件），或者去掉宏、嵌入对象和外部链接后再上传。"
    ),
    Fault.ENCRYPTED: _("文件加了密码，不能检查，没有保存。请去掉密码后再上传。"),
    Fault.HIDDEN: _(
        "文件里还夹带了别的内容，没有保存。请用看图或办公软件打开，另存一份普通的文件再上传"
        "（手机的动态照片请先保存为静态照片）。"
    ),
    Fault.SWELLS: _("文件展开后过大，打开时可能使电脑停止响应，没有保存。请拆分或降低分辨率后再上传。"),
}
