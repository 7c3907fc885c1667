"""Which rule, where, on which day, by which clause. Pure Python: no Django, no database."""
