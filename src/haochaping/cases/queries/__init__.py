"""Reads of cases for the rooms that speak Django."""

from haochaping.cases.queries.occasions import OccasionFacts, occasion_counts, occasion_facts, rule_facts

__all__ = ["OccasionFacts", "occasion_counts", "occasion_facts", "rule_facts"]
