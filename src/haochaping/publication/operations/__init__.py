"""Freezing what is published."""

from haochaping.publication.operations.departments import freeze_departments

__all__ = ["freeze_departments"]
