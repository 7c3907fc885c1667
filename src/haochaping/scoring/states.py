"""Where a score run stands."""

from enum import StrEnum


class State(StrEnum):
    """PREVIEW: those concerned may look and remark; SIGNED: two persons stand for it, and it counts until a later run of the
    same period is signed; SUPERSEDED: a later one was; WITHDRAWN: nobody will sign it."""

    PREVIEW = "preview"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


# So many different persons stand for a run before it counts.
SIGNATURES = 2
