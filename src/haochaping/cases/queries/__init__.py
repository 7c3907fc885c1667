"""Reads of cases for the rooms that speak Django."""

from haochaping.cases.queries.named import NamedService, services_named
from haochaping.cases.queries.occasions import (
    OccasionFacts,
    occasion_counts,
    occasion_facts,
    platforms,
    rule_facts,
    taking_part,
)

__all__ = [
    "NamedService",
    "OccasionFacts",
    "occasion_counts",
    "occasion_facts",
    "platforms",
    "rule_facts",
    "services_named",
    "taking_part",
]
