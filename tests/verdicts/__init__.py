"""The verdicts on reported occasions, checked by a second opinion: an oracle, a second city, careless streams."""
