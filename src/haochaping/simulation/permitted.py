"""Where a city may be made, and where not: in the demo's registry, beside nothing that anybody really said."""

import csv
from datetime import date

from django.utils.translation import gettext as _

from haochaping.cases.queries import platforms
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.ratings.queries.static_codes import rated_without_case_by_others
from haochaping.registry.queries import organisations
from haochaping.registry.queries.trials import trial_organisations
from haochaping.simulation.marks import FOLDER
from haochaping.simulation.selftest.ground import PLATFORM as SELF_TEST
from haochaping.simulation.sender import PLATFORM


def check_permitted(on: date) -> None:
    """Raises NotFound while the registry is empty; Conflict where it is not the demo's, or anybody reported a case, or rated
    anything but what was simulated: invented ratings are not mixed with real ones."""
    known = organisations(on)
    if not known:
        raise NotFound("registry", _("登记表是空的。请先导入：./haochaping import registry DIR"))
    invented, trial = _invented(), trial_organisations()
    if any(each.credit_code not in invented and each.id not in trial for each in known):
        message = _("登记表中有演示城市以外的单位。模拟只在演示城市中进行，请使用另一个数据目录。")
        raise Conflict("not_demo", message)
    if platforms() - {PLATFORM, SELF_TEST} or rated_without_case_by_others(without=trial):
        message = _("数据库中有真实的办件或者评价，不能加入模拟数据。请使用另一个数据目录。")
        raise Conflict("real", message)


def _invented() -> frozenset[str]:
    with (FOLDER / "organisations.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["credit_code"] for row in csv.DictReader(file))
