"""Disks that are full: small ones of our own, in a name space that nobody else sees."""
