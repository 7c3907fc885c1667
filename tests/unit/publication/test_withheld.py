"""Who is withheld beside a small one, so that the total of an organisation tells nobody."""

from typing import Any

from haochaping.publication.ranking import TOO_FEW, WITH_TOTAL, _closed
from haochaping.scoring.queries.runs import UnitView


def unit(kind: str, name: str, ratings: int) -> UnitView:
    said: dict[str, Any] = dict.fromkeys(UnitView.__dataclass_fields__)
    counted = {"counts": {"ratings": ratings}}
    return UnitView(
        **said | {"id": name, "kind": kind, "name": name, "of": "organisation:1", "beside": counted}
    )


def test_a_small_member_of_staff_is_not_hidden_behind_a_window() -> None:
    windows = [unit("window", name, number) for name, number in (("一号", 60), ("二号", 25), ("三号", 4))]
    staff = [unit("staff", name, number) for name, number in (("王", 90), ("李", 70), ("刘", 2))]
    assert _closed([*windows, *staff]) == {
        **{"三号": TOO_FEW, "二号": WITH_TOTAL},
        **{"刘": TOO_FEW, "李": WITH_TOTAL},
    }
