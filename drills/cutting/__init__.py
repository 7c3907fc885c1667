"""Answers that are lost on their way: PostgreSQL's to the door, and the door's to the citizen."""
