"""What a screen in a hall shows, as a set of data."""

from django.utils.translation import gettext as _

from haochaping.publication.datasets import DataSet
from haochaping.publication.open_data import live_columns, live_row
from haochaping.publication.queries import Row
from haochaping.publication.screen import Screen


def screen_data(said: Screen) -> DataSet:
    """The whole and the regions that are on it, the self-test, and what was published last."""
    live, status, last = said.figures, said.status, said.last
    columns = live_columns()
    return DataSet(
        name="screen",
        title=_("大屏展示"),
        columns={
            **columns,
            "scope": _("total：全部；division：按办理机构所属地区"),
            "division": _("本数据集没有部门，这一列为空"),
        },
        rows=[
            live_row("total", "", Row(live.place, live.total)),
            *(live_row("division", "", row) for row in said.regions),
        ],
        cut_off=live.as_of,
        period=(None, None),
        about={
            "place": live.place,
            "minimum": live.minimum,
            "departments_to": live.departments_to.isoformat() if live.departments_to else None,
            "left_out": said.left_out,
            "tested_at": status.tested_at and status.tested_at.isoformat(),
            "stale": status.stale,
            "all_work": status.all_well if status.tested_at else None,
            "last_publication": last.number if last else None,
            "last_publication_altered": last.altered if last else None,
        },
        words={
            "place": _("统计的是哪个地方"),
            "minimum": _("评价少于这个数的分组不公开"),
            "departments_to": _("每日更新的，数据截至这一天的办件服务"),
            "left_out": _("还有多少个地区没有在大屏上，见网站"),
            "tested_at": _("最近一次自动检验的时间；空值表示还没有检验过"),
            "stale": _("检验已经过了太久，不能说明现在的情况"),
            "all_work": _("最近一次检验，各渠道的五个等次都可以正常评价；空值表示还没有检验过"),
            "last_publication": _("最近一份公布的编号；空值表示还没有公布"),
            "last_publication_altered": _("最近一份公布与公布时不一致"),
        },
    )
