"""The words of the console for the form (报告单): what its fields are, and what is wrong with a template."""

from django.utils.translation import gettext_lazy as _

from haochaping.faces.console.words import Words

FIELDS: dict[str, Words] = {
    "title": _("报告单的名称"),
    "number": _("报告单编号，每生成一份一个"),
    "code": _("核对码"),
    "order": _("工单编号"),
    "organisation": _("承办单位"),
    "item": _("事项名称"),
    "item_code": _("事项编码"),
    "rated": _("评价对象"),
    "week": _("服务所在的一周"),
    "manner": _("实名或者匿名"),
    "rater": _("评价人姓名，只在实名并且选择写入时有"),
    "case_number": _("办件编号，只在实名并且选择写入时有"),
    "tags": _("评价人选择的具体方面"),
    "text": _("评价文字，电话、证件号码等已隐去"),
    "additions": _("补充意见"),
    "finding": _("核实结论"),
    "reasonable": _("诉求合理或者不合理"),
    "verification": _("核实情况"),
    "verified_by": _("核实人"),
    "verified_on": _("核实日期"),
    "bad_class": _("差评分类"),
    "plan": _("整改方案"),
    "extension": _("延期的申请和决定"),
    "measures": _("整改措施和结果"),
    "rectified_by": _("整改责任人"),
    "rectified_on": _("整改日期"),
    "answer": _("给评价人的答复"),
    "answered_by": _("答复人"),
    "answered_on": _("答复日期"),
    "approved_by": _("审核人"),
    "approved_on": _("审核日期"),
    "verdict": _("评价人对整改是否满意"),
    "standing": _("工单状态"),
    "report_to": _("报送给谁"),
    "report_due": _("报送期限的最后一日"),
    "reported_on": _("报送日期"),
    "made_by": _("生成报告单的人"),
    "made_on": _("生成报告单的日期"),
    "contacts": _("每次联系评价人的结果"),
    "parts": _("联办单位的核实和整改"),
    "objections": _("异议、申诉和复核结果"),
    "clauses": _("各环节依据的条款"),
}
PROBLEMS: dict[str, Words] = {
    "unreadable": _("文件打不开。请检查文件格式和读取权限。"),
    "too_large": _("文件超过2 MB。请删去图片等内容。"),
    "no_form": _("没有定义 form：模板里要有 #let form(said) = …。"),
    "package": _("模板引用了外部的包。系统不从外面下载，请改写。"),
    "broken": _("用示例内容试填没有成功，出错的地方如下。"),
    "busy": _("正在检查的模板太多，请过一会儿刷新本页。"),
}
KINDS: dict[str, Words] = {"pdf": "PDF", "docx": "Word"}
