"""The registry's closed vocabularies and how its names are put in order. Pure."""

# From top to bottom; the five levels of the service system (mission A1).
LEVELS = ("province", "prefecture", "county", "township", "village")

# The government-service authority decides on objections and looks after its division (Kunming, article 10).
AUTHORITY = "authority"
KINDS = (AUTHORITY, "department", "hotline", "platform")

# Codes of the national data convention: 6 + 1 sorts of items, and others.
TASK_TYPES = ("01", "05", "07", "08", "09", "10", "20", "99")
PROJECT_TYPES = ("即办件", "承诺件")


def name_key(name: str) -> bytes:
    """Puts Chinese names in the order of GB/T 2312: by pinyin for the 3,755 characters of its first level."""
    return name.encode("gb18030", "replace")
