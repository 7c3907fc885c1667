"""Citizens who rate while something fails: what they send, send again, are told, and what the tables then hold."""
