"""Races for the claim of an occasion, through the writers, the sweep and the intake themselves."""
