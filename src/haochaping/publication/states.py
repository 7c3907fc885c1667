"""The ways of what a person releases to the public."""

from enum import StrEnum


class Release(StrEnum):
    """DRAFTED: proposed, and waiting for the second look. WITHDRAWN: not public, any more or ever; its texts are gone."""

    DRAFTED = "drafted"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
