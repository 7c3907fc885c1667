"""Silence about an answer counts where its instant has come, and sets off what the rules say."""

from datetime import datetime

from haochaping.rectification.operations import count_silence


def run(*, now: datetime) -> int:
    """How many verdicts silence gave."""
    return count_silence(now=now)
