"""The set-based part of a city: services, ratings, silence, by a few statements for thousands at once."""
