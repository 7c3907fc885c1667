"""The commands: each translates what was typed, makes one call, prints the answer."""
