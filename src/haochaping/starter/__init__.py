"""Finds and runs PostgreSQL and our processes, before Django exists. Standard library only."""
