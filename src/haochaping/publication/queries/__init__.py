"""What the public sees: the city as it stands now, and what was published."""

from haochaping.publication.queries.live import (
    MINIMUM,
    TOGETHER,
    Counts,
    DepartmentGroup,
    LiveFigures,
    Row,
    live,
    place,
)

__all__ = ["MINIMUM", "TOGETHER", "Counts", "DepartmentGroup", "LiveFigures", "Row", "live", "place"]
