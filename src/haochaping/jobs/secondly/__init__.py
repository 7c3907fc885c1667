"""Every second, in the pulse."""
