"""What a failed statement means: only what surely lies in a row is blamed on a row."""

import asyncpg
import pytest

from haochaping.intake.failures import Failure, failure_of


@pytest.mark.parametrize(
    ("problem", "failure"),
    [
        (asyncpg.CharacterNotInRepertoireError("x"), Failure.ROW),
        (asyncpg.UniqueViolationError("x"), Failure.ROW),
        (asyncpg.CheckViolationError("x"), Failure.ROW),
        (ValueError("x"), Failure.ROW),
        (asyncpg.SerializationError("x"), Failure.CONTENTION),
        (asyncpg.DeadlockDetectedError("x"), Failure.CONTENTION),
        (asyncpg.AdminShutdownError("x"), Failure.AWAY),
        (asyncpg.QueryCanceledError("x"), Failure.AWAY),
        (asyncpg.TooManyConnectionsError("x"), Failure.AWAY),
        (asyncpg.DiskFullError("x"), Failure.AWAY),
        (asyncpg.ReadOnlySQLTransactionError("x"), Failure.AWAY),
        (asyncpg.UndefinedTableError("x"), Failure.AWAY),
        (asyncpg.ConnectionDoesNotExistError("x"), Failure.AWAY),
        (asyncpg.InterfaceError("connection is closed"), Failure.AWAY),
        (ConnectionRefusedError(), Failure.AWAY),
        (TimeoutError(), Failure.AWAY),
        (RuntimeError(), Failure.AWAY),
    ],
)
def test_a_failure_is_told_by_its_class(problem: Exception, failure: Failure) -> None:
    assert failure_of(problem) is failure
