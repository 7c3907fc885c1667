"""Why an import does not begin, and why it ends before its file does."""

from haochaping.foundation.errors import Refused


class FileRefused(Refused):
    """The file cannot be imported as it is; nothing of it was stored."""


class Stopped(Exception):
    """The import ended before its file did. What was stored stays; the words say how to go on."""
