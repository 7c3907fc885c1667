"""The self-test: marked ratings through every way, channel and level, in a jurisdiction of their own, seen to the end."""
