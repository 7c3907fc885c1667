"""The registry's closed vocabularies and how its names are put in order. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from haochaping.policy.vocabulary import PLACES

# From top to bottom; the five levels of the service system (mission A1).
LEVELS = ("province", "prefecture", "county", "township", "village")

# The government-service authority decides on objections and looks after its division (Kunming, article 10).
AUTHORITY = "authority"
KINDS = (AUTHORITY, "department", "hotline", "platform")
# Those that are themselves a way to be served (Kunming, article 4: 含业务系统、热线电话平台、移动服务端、自助服务端).
PLATFORMS = frozenset({"hotline", "platform"})

# What a hall may be: the kinds of place that rules select by.
HALL_KINDS = tuple(PLACES)

# Codes of the national data convention and the item type that rules select by; 99 (other) is none of them.
ITEM_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "permit",
        "05": "payment",
        "07": "confirmation",
        "08": "reward",
        "09": "adjudication",
        "10": "other_power",
        "20": "public_service",
    }
)
TASK_TYPES = (*ITEM_TYPES, "99")
PROJECT_TYPES = ("即办件", "承诺件")


def name_key(name: str) -> bytes:
    """Puts Chinese names in the order of GB/T 2312: by pinyin for the 3,755 characters of its first level."""
    return name.encode("gb18030", "replace")
