"""The measures that are counted, in the order of the columns."""

MEASURES = ("occasions", "late", "n1", "n2", "n3", "n4", "n5", "d1", "d2", "d3", "d4", "d5")
