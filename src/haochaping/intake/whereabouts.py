"""What a log may say of an error: its class and where it happened. Messages quote rows, paths and bodies."""

import traceback
from pathlib import Path


def whereabouts(problem: BaseException) -> str:
    """`ValueError at door.py:12 handle > rate.py:30 submit; from KeyError at ...`, never the message."""
    frames = traceback.extract_tb(problem.__traceback__)
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    cause = problem.__cause__ or problem.__context__
    return f"{type(problem).__name__} at {places}" + (f"; from {whereabouts(cause)}" if cause else "")
