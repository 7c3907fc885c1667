"""Orders whose limit is over, for drills of what follows."""
