"""What the registry holds for the daily self-test: one division with all that a rating speaks of. Pure.

No real division's code begins with 99, and none that rules were invented for begins with 9990. There is no member of staff,
so that no simulation finds anybody to be served by.
"""

from typing import Final

DIVISION: Final = "999000"
DIVISION_NAME: Final = "自检辖区"
ORGANISATION: Final = "11999000MB00000015"
ORGANISATION_NAME: Final = "自检机构"
HALL: Final = "SELFTEST-H1"
HALL_NAME: Final = "自检大厅"
WINDOW: Final = "SELFTEST-W1"
WINDOW_NAME: Final = "自检窗口"
TASK: Final = f"{ORGANISATION}2000000000000"
HANDLE_ITEM: Final = f"{TASK}01"
ITEM_NAME: Final = "评价系统自检"
TASK_TYPE: Final = "20"
PROJECT_TYPE: Final = "即办件"
