"""How a failed job is logged: what and where, never the message, which can hold what a citizen wrote."""

import traceback


class JobFailed(Exception):
    """A job failed; says what of kind and where, and nothing of the rows it worked on."""


def described(error: BaseException) -> str:
    """Class of the error, with file and line of our own code that was reached last."""
    place = "outside"
    for frame in traceback.extract_tb(error.__traceback__):
        _, ours, path = frame.filename.rpartition("haochaping/")
        if ours:
            place = f"{path}:{frame.lineno}"
    return f"{type(error).__name__} at {place}"
