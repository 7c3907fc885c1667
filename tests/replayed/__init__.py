"""Scenarios of the rules (rules/scenarios) carried out through the operations, with the clock passed in; what the tables say
afterwards is told in the words in which scenarios expect it."""
