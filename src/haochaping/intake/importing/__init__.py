"""Occasions out of a file: read row by row, judged like a call of the API, and what was not taken handed back."""
