"""What a failed statement means for the ratings in it: decided by class and SQLSTATE, never by text."""

from enum import Enum

import asyncpg


class Failure(Enum):
    """ROW: one of the rows is to blame. CONTENTION: the same again may pass. AWAY: the database cannot do it
    now.
    """

    ROW = "row"
    CONTENTION = "contention"
    AWAY = "away"


def failure_of(problem: Exception) -> Failure:
    """Everything that is not known to lie in a row or in contention counts as the database being away: then
    nobody is told that something was stored, and nobody's rating is thrown away either."""
    if isinstance(problem, asyncpg.TransactionRollbackError):
        return Failure.CONTENTION
    if isinstance(problem, asyncpg.DataError | asyncpg.IntegrityConstraintViolationError):
        return Failure.ROW
    # Values that asyncpg itself could not encode; a closed connection is an InterfaceError, but no
    # ValueError.
    if isinstance(problem, ValueError | TypeError | OverflowError):
        return Failure.ROW
    return Failure.AWAY
